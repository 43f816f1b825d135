"""Holds answers back until what they tell of is on the disk: one write for all that wait."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from devstack.state.store import Batch, Key, NotKept, Store

logger = logging.getLogger("engine.state")


class _Waiting:
    """Records of one write, and what its end is told by."""

    def __init__(self) -> None:
        self.records: dict[Key, bytes | None] = {}
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting when it fails.
        self.end.add_done_callback(lambda end: end.cancelled() or end.exception())


class Durable:
    """Groups what is noted into writes of the store; lives on one event loop.

    When a write fails, memory goes back to what is on the disk: `restore` gets every record that
    was noted since, as the disk has it.
    """

    def __init__(self, store: Store, restore: Callable[[Batch], None]) -> None:
        self._store = store
        self._restore = restore
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="state")
        self._next: _Waiting | None = None
        self._now: _Waiting | None = None
        self._writing: asyncio.Task[None] | None = None

    def note(self, key: Key, value: bytes | None) -> None:
        """Keep a record's new value with the next write; None removes it."""
        if self._next is None:
            self._next = _Waiting()
        self._next.records[key] = value
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def settle(self) -> None:
        """Return once all that was noted is on the disk; raise NotKept when that failed."""
        waiting = self._next or self._now
        if waiting:
            await asyncio.shield(waiting.end)

    async def close(self) -> None:
        """Write what is left and close the store."""
        if self._writing:
            await self._writing
        self._thread.shutdown()
        self._store.close()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._next:
            self._now, self._next = self._next, None
            try:
                await loop.run_in_executor(self._thread, self._store.write, self._now.records)
            except NotKept as problem:
                self._undo(self._now, problem)
            else:
                self._now.end.set_result(None)
        self._now = self._writing = None

    def _undo(self, failed: _Waiting, problem: NotKept) -> None:
        """Fail all that wait: what was noted meanwhile may follow from what was not kept."""
        logger.error("%s", problem)
        waiting = [failed, *([self._next] if self._next else [])]
        self._next = None
        keys = {key for each in waiting for key in each.records}
        self._restore({key: self._store.read(key) for key in keys})
        for each in waiting:
            each.end.set_exception(problem)
