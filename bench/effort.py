"""How thoroughly to measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Repetitions of each kind of measurement, after a warm-up that does not count."""

    jobs: int
    requests: int
    runs: int
    imports: int


QUICK = Effort(jobs=3, requests=100, runs=10, imports=5)
THOROUGH = Effort(jobs=20, requests=1000, runs=20, imports=20)
