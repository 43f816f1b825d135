"""A worker's threads as tasks of the scheduler: what the executor knows as its `Fanout`."""

from collections.abc import Callable

from tests.simulation.scheduler import Scheduler, Task


class Threads:
    """One run's threads; they belong to the process that starts them."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._finished: list[int] = []
        self._waiting: Task | None = None

    def start(self, index: int, task: Callable[[], None]) -> None:
        def run() -> None:
            task()
            self._finished.append(index)
            if self._waiting:
                self._scheduler.wake(self._waiting)

        self._scheduler.spawn(self._scheduler.process, run)

    def next_finished(self, timeout: float) -> int | None:
        if not self._finished:
            self._waiting = self._scheduler.task
            self._scheduler.sleep(max(0.0, timeout) * 1000)
            self._waiting = None
        return self._finished.pop(0) if self._finished else None
