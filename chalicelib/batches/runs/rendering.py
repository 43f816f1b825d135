"""Renderers that are kept for the next row: starting one takes a quarter of a second."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.batches.templates.renderer import Renderer

KEPT = 4
"""Each holds up to 64 MB while it works."""


class Renderers:
    """Lends a renderer to one thread at a time; one that was used for another batch is ended.

    A batch's own keeps what it has compiled, and no more than that.
    """

    def __init__(self, start: Callable[[], Renderer]) -> None:
        self._start = start
        self._idle: list[tuple[str, Renderer]] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, batch_id: str) -> Iterator[Renderer]:
        """Lend one for the block; it comes back also where the block raises."""
        renderer = self._taken(batch_id) or self._start()
        try:
            yield renderer
        finally:
            for old in self._put_back(batch_id, renderer):
                old.close()

    def _taken(self, batch_id: str) -> Renderer | None:
        with self._lock:
            for place, (owner, renderer) in enumerate(self._idle):
                if owner == batch_id:
                    del self._idle[place]
                    return renderer
        return None

    def _put_back(self, batch_id: str, renderer: Renderer) -> list[Renderer]:
        """Return those that are too many now."""
        with self._lock:
            self._idle.insert(0, (batch_id, renderer))
            self._idle, surplus = self._idle[:KEPT], self._idle[KEPT:]
        return [old for _, old in surplus]
