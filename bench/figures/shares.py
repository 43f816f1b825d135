"""P11: how long a finished picture takes to its push, at the worker's own share of a core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import Run, run_ours
from bench.installation import Painter, installed
from bench.meter import AWS_LATENCY
from bench.pictures import photograph
from bench.samples import Samples
from bench.scorecard import Figure, Part, milliseconds
from bench.share import CORE_MB, core_share, memory_mb

PROVIDER_S: Final = 2.0
BARS: Final = {1: 110, 9: 600}
NAMES: Final = {1: "one picture", 9: "the last of nine at once"}
SIZES: Final = (256, 320, 384, 448, 512, CORE_MB)
"""Megabytes that the worker might have, measured beside what it has."""


def measure(effort: Effort) -> list[Figure]:
    given = memory_mb("worker")
    others = [size for size in SIZES if size != given]
    with emulator() as url:
        parts = [part for size in (given, *others) for part in _parts(url, size, given, effort)]
    return [
        Figure("P11", "provider finished → push, at the worker's share of a core", tuple(parts))
    ]


def _parts(url: str, size: int, given: int, effort: Effort) -> Iterator[Part]:
    for models, bar in BARS.items():
        waits = Samples.of(_wait_ms(run) for run in _runs(url, size, models, effort.jobs))
        name = f"{NAMES[models]}, {size} MB"
        yield milliseconds(name, waits.median, waits, bar if size == given else None)


def _runs(url: str, size: int, models: int, jobs: int) -> list[Run]:
    """So many jobs after one that warms the process up."""
    with installed(url, models) as installation:
        run_ours(installation, Painter(photograph(), 0, installation.meter), models)
        installation.meter.latency = AWS_LATENCY
        painter = Painter(photograph(), PROVIDER_S, installation.meter)
        with core_share(size):
            return [run_ours(installation, painter, models) for _ in range(jobs)]


def _wait_ms(run: Run) -> float:
    """Milliseconds from the first provider's end to the last push."""
    ended = min(span.ended for span in run.spans if span.name == "provider")
    pushed = max(span.ended for span in run.spans if span.name.endswith("PostToConnection"))
    return (pushed - ended) * 1000
