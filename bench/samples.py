"""What repeated measurements say: the middle, the tail, and how far apart they lie."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Samples:
    """At least one value, sorted."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Samples:
        ordered = tuple(sorted(values))
        if not ordered:
            raise ValueError("nothing was measured")
        return cls(ordered)

    def percentile(self, share: float) -> float:
        """The smallest value that at least this share of all do not exceed."""
        return self.values[max(0, math.ceil(len(self.values) * share) - 1)]

    @property
    def median(self) -> float:
        middle = len(self.values) // 2
        if len(self.values) % 2:
            return self.values[middle]
        return (self.values[middle - 1] + self.values[middle]) / 2

    @property
    def spread(self) -> str:
        """The lowest and the highest value, and of how many."""
        return f"{_short(self.values[0])} to {_short(self.values[-1])}, n={len(self.values)}"


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
