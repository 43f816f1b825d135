"""Time for tests."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class In:
    """A deadline so many real seconds from its making."""

    seconds: float
    began: float = field(default_factory=time.monotonic)

    def remaining(self) -> float:
        return self.began + self.seconds - time.monotonic()


def now_ms() -> int:
    """Return the true time in epoch milliseconds."""
    return time.time_ns() // 1_000_000
