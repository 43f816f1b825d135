"""Whether the models that sleep are awake now."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

KEPT_MS = 30_000
"""The control plane is asked about a model at most this often by one process."""


@dataclass(frozen=True)
class Warmth:
    """Remembers for a while what was seen. `clock` in epoch milliseconds."""

    look: Callable[[str], bool | None]
    clock: Callable[[], int]
    _seen: dict[str, tuple[int, bool | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_warm(self, model_id: str) -> bool | None:
        """Return whether the model has an instance, None when nobody says."""
        with self._lock:
            seen = self._seen.get(model_id)
            if seen is None or self.clock() >= seen[0] + KEPT_MS:
                seen = self._seen[model_id] = self.clock(), self.look(model_id)
            return seen[1]

    def phase(self, model_id: str) -> Literal["queued", "waking", "drawing"]:
        """Return what a call of the model waits for: `drawing` may be those before it."""
        warm = self.is_warm(model_id)
        if warm is None:
            return "queued"
        return "drawing" if warm else "waking"
