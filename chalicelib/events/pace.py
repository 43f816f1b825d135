"""How fast a connection may talk."""

import threading
from collections import OrderedDict

MESSAGES, WINDOW_MS = 60, 10_000
REMEMBERED = 10_000


class Pace:
    """At most so many messages of one connection per window, counted in this process alone.

    A flood must not cost a database write per message; docs/decisions/socket-limits.md.
    """

    def __init__(self, messages: int = MESSAGES, window_ms: int = WINDOW_MS) -> None:
        self._messages = messages
        self._window_ms = window_ms
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, connection: str, now: int) -> bool:
        """Counts one message; False once the connection is over its limit."""
        window = now // self._window_ms
        with self._lock:
            known, count = self._counts.pop(connection, (window, 0))
            count = count + 1 if known == window else 1
            self._counts[connection] = window, count
            if len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)
        return count <= self._messages
