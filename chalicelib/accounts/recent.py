"""What a process has looked up a moment ago, so that it need not ask again for each request."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

MOST = 1_000
T = TypeVar("T")


class Recent(Generic[T]):
    """Values by name, each believed for `kept_ms` after it was looked up."""

    def __init__(self, kept_ms: int) -> None:
        self._kept_ms = kept_ms
        self._values: OrderedDict[str, tuple[int, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, now_ms: int) -> T | None:
        """Return what was looked up, None where that is too long ago or never was."""
        with self._lock:
            found = self._values.get(name)
        return found[1] if found and now_ms - found[0] < self._kept_ms else None

    def keep(self, name: str, value: T, now_ms: int) -> None:
        """Remember a value that has just been looked up."""
        with self._lock:
            self._values[name] = now_ms, value
            self._values.move_to_end(name)
            if len(self._values) > MOST:
                self._values.popitem(last=False)

    def forget(self, name: str) -> None:
        with self._lock:
            self._values.pop(name, None)
