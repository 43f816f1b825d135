"""One slot's story: its model is called, the picture stored, the outcome recorded and told."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.generation.call import Call
from chalicelib.generation.service import Generator
from chalicelib.jobs import outcomes
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Job, Lease, Outcome
from chalicelib.jobs.pictures import JobPictures, stem_of
from chalicelib.jobs.store import JobStore, LeaseRequest, SlotResult, Superseded, UnknownJob
from chalicelib.providers.errors import Billed, Interrupted, ProviderError, TimedOut
from chalicelib.providers.registry import Slot

STORAGE_ATTEMPTS = 6
STORAGE_PAUSE_S = 0.5
T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """One slot's work.

    `stops` are set, by slot, once this worker learns of their ends, `arrived` once it has the
    picture in its hands, `pictured` once that is recorded and lacks its previews.
    """

    job: Job
    request: LeaseRequest
    stops: Mapping[int, threading.Event]
    arrived: threading.Event = field(default_factory=threading.Event)
    pictured: threading.Event = field(default_factory=threading.Event)

    @property
    def index(self) -> int:
        return self.request.index

    @property
    def lease(self) -> Lease:
        return self.request.lease


@dataclass(frozen=True)
class SlotRun:
    """Draws slots, from the model's call to the recorded outcome. `clock` in epoch ms."""

    store: JobStore
    pictures: JobPictures
    generator: Generator
    lifecycle: Lifecycle
    slots: Mapping[int, Slot]
    clock: Callable[[], int]
    sleep: Callable[[float], None]

    def draw(self, task: Task) -> None:
        """Draw one slot and record what came of it. Never raises."""
        try:
            outcome = self._attempt(task)
        except ProviderError as error:
            outcome = self._failed(task, error)
        except (ClientError, BotoCoreError):
            logs.failure("storing_failed", jobId=task.job.id, slot=task.index)
            return
        except Exception:
            logs.failure("slot_failed", jobId=task.job.id, slot=task.index)
            outcome = self._failed(task, Interrupted("Something went wrong on our side."))
        job = self._record(task, outcome)
        if job:
            self.lifecycle.events.broadcast(job)
            if outcome.image:
                task.pictured.set()
            if job.finished:
                self.lifecycle.finish(job)

    def time_out(self, tasks: Sequence[Task]) -> Job | None:
        """Record that these slots' deadlines have passed, and return the job, told to nobody yet.

        One write for all of them, so that twenty that hang end as soon as one; where one has
        another end by now, each is recorded by itself.
        """
        ends = [(task, self._failed(task, _too_late(task))) for task in tasks]
        results = [SlotResult(task.index, task.lease.holder, end) for task, end in ends]
        try:
            job = self.store.record(tasks[0].job.id, results, self.clock())
        except (Superseded, UnknownJob, ClientError, BotoCoreError):
            return self._time_out_apart(ends)
        for task, end in ends:
            self._notice(task, job)
            _log_end(task, end)
        return job

    def _time_out_apart(self, ends: Sequence[tuple[Task, Outcome]]) -> Job | None:
        recorded = [job for task, end in ends if (job := self._record(task, end))]
        return recorded[-1] if recorded else None

    def _attempt(self, task: Task) -> Outcome:
        drawn = self.generator.generate(self._call(task), task.arrived.set)
        outcome = outcomes.completed_outcome(task.job, task.index, task.lease, drawn, self.clock())
        return self._retry_storage(partial(self.pictures.put, drawn.data, outcome))

    def _call(self, task: Task) -> Call:
        job, index = task.job, task.index
        return Call(
            slot=self._slot(task),
            prompt=job.prompt,
            parameters=job.parameters,
            stem=stem_of(job, index),
            deadline_ms=task.lease.deadline,
            ticket=task.lease.ticket,
            save_ticket=partial(self._keep_ticket, task),
            cancelled=task.stops[index].is_set,
            still_wanted=partial(self._still_wanted, task),
            log={"jobId": job.id, "slot": index, "attempt": job.attempt(index)},
        )

    def _slot(self, task: Task) -> Slot:
        """Return the slot as configured now, if it still is the one the job was made with."""
        slot, made_with = self.slots.get(task.index), task.job.slot(task.index)
        if slot is None or made_with is None or slot.model.model_id != made_with.model_id:
            billed: Billed = "unknown" if task.lease.ticket else "no"
            raise Interrupted("This model's settings have changed. Start a new run.", billed=billed)
        return slot

    def _still_wanted(self, task: Task) -> bool:
        """Ask the job itself: its cancellation may have been confirmed by another process."""
        try:
            job = self.store.get(task.job.id, self.clock())
        except UnknownJob:
            return False
        except (ClientError, BotoCoreError):
            return not task.stops[task.index].is_set()
        self._notice(task, job)
        current = job.leases.get(task.index)
        return current is not None and current.holder == task.lease.holder

    def _keep_ticket(self, task: Task, ticket: str) -> None:
        """Keep it if that is possible at all: without it the call goes on, unprotected."""
        job_id, index, holder = task.job.id, task.index, task.lease.holder
        try:
            self._retry_storage(lambda: self.store.keep_ticket(job_id, index, holder, ticket))
        except Superseded as conflict:
            self._notice(task, conflict.job)
            logs.event("ticket_not_wanted", jobId=job_id, slot=index)
        except (UnknownJob, ClientError, BotoCoreError):
            logs.failure("ticket_not_kept", jobId=job_id, slot=index)

    def _record(self, task: Task, outcome: Outcome) -> Job | None:
        """Write the slot's end; drop one that came too late."""
        result = SlotResult(task.index, task.lease.holder, outcome)
        job_id = task.job.id
        try:
            job = self._retry_storage(lambda: self.store.record(job_id, [result], self.clock()))
        except Superseded as conflict:
            self._notice(task, conflict.job)
            logs.event("late_result", jobId=job_id, slot=task.index, outcome=outcome.status)
        except (UnknownJob, ClientError, BotoCoreError):
            logs.failure("record_failed", jobId=job_id, slot=task.index)
        else:
            self._notice(task, job)
            _log_end(task, outcome)
            return job
        return None

    def _notice(self, task: Task, job: Job) -> None:
        for index, stop in task.stops.items():
            if index not in job.unfinished:
                stop.set()

    def _retry_storage(self, write: Callable[[], T]) -> T:
        """Repeat a write that must not be lost to a passing fault; all here may be repeated."""
        for _ in range(STORAGE_ATTEMPTS - 1):
            try:
                return write()
            except (ClientError, BotoCoreError):
                self.sleep(STORAGE_PAUSE_S)
        return write()

    def _failed(self, task: Task, error: ProviderError) -> Outcome:
        slot = self.slots.get(task.index)
        price = slot.model.price if slot else None
        return outcomes.failed_outcome(task.job, task.index, task.lease, error, price, self.clock())


def _too_late(task: Task) -> TimedOut:
    seconds = round((task.lease.deadline - task.lease.started_at) / 1000)
    return TimedOut(f"No answer within {seconds} s; the picture may have been billed.")


def _log_end(task: Task, outcome: Outcome) -> None:
    made_with = task.job.slot(task.index)
    logs.measure(
        "slot_ended",
        {"ProviderCost": outcome.cost.amount or 0.0},
        {"provider": task.job.drawn_by(made_with).provider if made_with else ""},
        jobId=task.job.id,
        slot=task.index,
        attempt=outcome.attempt,
        outcome=outcome.failure.code if outcome.failure else outcome.status,
        costBasis=outcome.cost.basis,
        durationMs=outcome.completed_at - task.lease.started_at,
    )
