"""How much slower a core is than an idle one: a figure in milliseconds means the same on both."""

import time
from collections.abc import Callable
from statistics import median

YARDSTICK_S = 0.0001
"""What the yardstick takes on an idle core of 2026."""


def processor_time(work: Callable[[], object]) -> float:
    """Return the seconds of this thread alone, which others still stretch by slowing the core."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def slowness(measurements: int = 1) -> float:
    """Return how many times an idle core's time work takes now, at least 1."""
    took = median(processor_time(_work) for _ in range(measurements))
    return max(1.0, took / YARDSTICK_S)


def _work() -> int:
    return sum(number * number for number in range(2000))
