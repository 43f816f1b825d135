"""Running one task per slot at the same time and hearing of each end."""

import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Protocol


class Fanout(Protocol):
    """Tasks by slot index; a task that hangs holds up nobody else."""

    def start(self, index: int, task: Callable[[], None]) -> None: ...

    def next_finished(self, timeout: float) -> int | None:
        """The index of a task that has ended, or None after `timeout` seconds."""
        ...


class ThreadFanout:
    """One daemon thread per task: a hung provider call must not keep the process alive."""

    def __init__(self) -> None:
        self._finished: queue.SimpleQueue[int] = queue.SimpleQueue()

    def start(self, index: int, task: Callable[[], None]) -> None:
        context = contextvars.copy_context()

        def run() -> None:
            try:
                context.run(task)
            finally:
                self._finished.put(index)

        threading.Thread(target=run, name=f"slot-{index}", daemon=True).start()

    def next_finished(self, timeout: float) -> int | None:
        try:
            return self._finished.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None
