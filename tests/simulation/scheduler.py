"""One clock, many tasks, exactly one of which runs: who is next follows from time and seed alone.

The product's code is ordinary blocking code. Here each of its threads is a greenlet, and each
place where it would block (a call over the network, a pause, a wait) hands control back.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from greenlet import greenlet


class Died(BaseException):
    """The process was killed: nothing of it runs on."""


@dataclass(eq=False)
class Process:
    """What lives and dies together: a browser, one run of a function."""

    name: str
    dice: random.Random
    alive: bool = True
    tasks: list["Task"] = field(default_factory=list)
    points: int = 0
    dies_at_point: int | None = None


@dataclass(eq=False)
class Task:
    """One thread of a process; `turn` tells a wake-up that is meant from one out of date."""

    process: Process
    body: greenlet
    turn: int = 0


class Scheduler:
    """A queue of wake-ups in virtual milliseconds."""

    def __init__(self, seed: str, start: int) -> None:
        self.now = float(start)
        self.stopped = False
        self.killed: list[str] = []
        self._ties = random.Random(seed)
        self._queue: list[tuple[float, float, int, Task, int]] = []
        self._count = 0
        self._hub = greenlet.getcurrent()
        self._current: Task | None = None

    def clock(self) -> int:
        return int(self.now)

    @property
    def task(self) -> Task:
        assert self._current, "only a task may do this"
        return self._current

    @property
    def process(self) -> Process:
        return self.task.process

    def spawn(self, process: Process, run: Callable[[], object], delay: float = 0.0) -> Task:
        """A new thread of the process, which starts after `delay` milliseconds."""

        def body() -> None:
            try:
                self._check_alive(process)
                run()
            except Died:
                return

        task = Task(process, greenlet(body, self._hub))
        process.tasks.append(task)
        self.wake(task, delay)
        return task

    def sleep(self, milliseconds: float) -> None:
        self.wake(self.task, milliseconds)
        self._yield()

    def wake(self, task: Task, delay: float = 0.0) -> None:
        self._count += 1
        entry = (self.now + delay, self._ties.random(), self._count, task, task.turn)
        heapq.heappush(self._queue, entry)

    def kill(self, process: Process) -> None:
        """Ends the process where it stands; a caller who is part of it does not return."""
        process.alive = False
        self.killed.append(process.name)
        for task in process.tasks:
            if not task.body.dead and task is not self._current:
                self.wake(task)
        if self._current and self._current.process is process:
            raise Died

    def point(self) -> None:
        """A place where the present process may be told to die."""
        process = self.process
        process.points += 1
        if process.points == process.dies_at_point:
            self.kill(process)

    def run(self, until: float) -> None:
        """Runs until the time has come or somebody stopped it."""
        while self._queue and not self.stopped and self._queue[0][0] <= until:
            at, _, _, task, turn = heapq.heappop(self._queue)
            if task.turn == turn and not task.body.dead:
                self.now = at
                self._resume(task)
        if not self.stopped:
            self.now = max(self.now, until)

    def _resume(self, task: Task) -> None:
        task.turn += 1
        self._current = task
        task.body.switch()
        self._current = None

    def _yield(self) -> None:
        process = self.process
        self._hub.switch()
        self._check_alive(process)

    @staticmethod
    def _check_alive(process: Process) -> None:
        if not process.alive:
            raise Died
