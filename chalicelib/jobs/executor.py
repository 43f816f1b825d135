"""The fan-out: one worker leases a job's slots and draws them all at the same time.

At a slot's deadline its outcome is TIMEOUT, whatever its thread still does: a late write finds the
outcome recorded and is refused. A picture that came in time is never given up: what cannot be
recorded is left to the reaper, which adopts it from where it is stored.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf

from chalicelib import logs
from chalicelib.generation.fanout import Fanout
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.leasing import Leasing
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import SETTLE_GRACE_MS, Job, LeaseRequest
from chalicelib.jobs.slot_run import SlotRun
from chalicelib.jobs.store import UnknownJob
from chalicelib.jobs.task import Ends, Task

NO_SLOT = 0
"""What the fan-out calls the thread that announces the leases: slots count from 1."""
PREVIEWS_TOGETHER_MS = 3_000
"""How long a picture waits for others whose previews are asked for with its own: each request
writes the whole job once. The last picture of a worker waits for nobody."""
ASLEEP_MS = 2_000
"""Waking this much later than asked means that the machine slept, and its sockets with it."""


@dataclass(frozen=True)
class Executor:
    """Draws jobs within their deadlines. `clock` in epoch milliseconds."""

    leasing: Leasing
    slot_run: SlotRun
    lifecycle: Lifecycle
    dispatcher: Dispatcher
    fanout: Callable[[], Fanout]
    clock: Callable[[], int]

    def run(self, job_id: str, time_left_ms: int) -> None:
        """Draw every slot that this worker can lease; a repeated delivery finds none and ends.

        What it has no memory for is left to another worker.
        """
        began = self.clock()
        try:
            won, job = self.leasing.take(job_id, time_left_ms)
        except UnknownJob:
            logs.event("job_unknown", jobId=job_id)
            return
        if not won:
            logs.event("nothing_to_lease", jobId=job_id)
            return
        _log_leases(job_id, won, self.clock() - began)
        if job.waits_for_worker(self.clock()):
            self.dispatcher.dispatch(job_id)
        fanout, ends = self.fanout(), Ends()
        stops = {request.index: threading.Event() for request in won}
        tasks = [Task(job, request, stops, ends) for request in won]
        for task in tasks:
            fanout.start(task.index, partial(self.slot_run.draw, task))
        fanout.start(NO_SLOT, partial(self.lifecycle.after_change, job))
        self._await({task.index: task for task in tasks}, fanout)

    def _await(self, outstanding: dict[int, Task], fanout: Fanout) -> None:
        """Wait for every slot's end, or its deadline."""
        grace_until, waiting = 0, _Pictured(next(iter(outstanding.values())).job.id)
        while outstanding:
            next_end = min(_end(task, task.arrived.is_set()) for task in outstanding.values())
            until = min(max(next_end, grace_until), waiting.until_ms)
            index = fanout.next_finished((until - self.clock()) / 1000)
            if index is not None:
                for done in [task for task in outstanding.values() if task.done.is_set()]:
                    waiting.add(outstanding.pop(done.index), self.clock())
                continue
            if self.clock() >= waiting.until_ms:
                fanout.start(NO_SLOT, partial(self._request_previews, waiting.taken()))
                continue
            if self.clock() - until > ASLEEP_MS:
                # The machine slept: what waits in its sockets came in time, and may be read.
                grace_until = self.clock() + SETTLE_GRACE_MS
                continue
            self._end_overdue(outstanding, fanout)
        self._request_previews(waiting.taken())

    def _request_previews(self, pictured: "_Pictured") -> None:
        if pictured.slots:
            self.dispatcher.request_previews(pictured.job_id, pictured.slots)

    def _end_overdue(self, outstanding: dict[int, Task], fanout: Fanout) -> None:
        """Record every end before anybody is told: a slow push must not delay later deadlines."""
        waiting = [(task, task.arrived.is_set()) for task in outstanding.values()]
        over = [(task, arrived) for task, arrived in waiting if self.clock() >= _end(task, arrived)]
        for task, _ in over:
            del outstanding[task.index]
        late = [task for task, arrived in over if not arrived]
        ended = self.slot_run.time_out(late) if late else None
        if ended:
            self._tell(ended, fanout if outstanding else None)

    def _tell(self, job: Job, fanout: Fanout | None) -> None:
        """Tell on a thread of its own, but for the last end, which must not be left behind."""
        if fanout:
            fanout.start(NO_SLOT, partial(self.lifecycle.after_change, job))
        else:
            self.lifecycle.after_change(job)


@dataclass
class _Pictured:
    """Slots whose pictures lack their previews, until these are asked for together."""

    job_id: str
    slots: list[int] = field(default_factory=list)
    until_ms: float = inf

    def add(self, task: Task, now: int) -> None:
        if task.pictured.is_set():
            self.until_ms = min(self.until_ms, now + PREVIEWS_TOGETHER_MS)
            self.slots.append(task.index)

    def taken(self) -> "_Pictured":
        """Return what waits, and wait for others."""
        taken = _Pictured(self.job_id, self.slots)
        self.slots, self.until_ms = [], inf
        return taken


def _end(task: Task, arrived: bool) -> int:
    """Return how long a slot is waited for: a picture that came in time has a grace."""
    return task.lease.deadline + (SETTLE_GRACE_MS if arrived else 0)


def _log_leases(job_id: str, won: Sequence[LeaseRequest], took_ms: int) -> None:
    holder = won[0].lease.holder
    logs.event("leased", jobId=job_id, slots=len(won), holder=holder, durationMs=took_ms)
