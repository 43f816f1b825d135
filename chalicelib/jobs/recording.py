"""Writing the ends of slots, each once, whatever AWS does meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Job, SlotResult
from chalicelib.jobs.store import JobStore, Superseded, UnknownJob
from chalicelib.jobs.task import End, Ends

STORAGE_ATTEMPTS = 6
STORAGE_PAUSE_S = 0.5
T = TypeVar("T")


@dataclass(frozen=True)
class Recorder:
    """Records what slots came to, and tells. `clock` in epoch milliseconds."""

    store: JobStore
    lifecycle: Lifecycle
    clock: Callable[[], int]
    sleep: Callable[[float], None]

    def record_waiting(self, ends: Ends) -> None:
        """Record what waits until nothing does, and tell what became of it. Never raises.

        Told is only the last state, and outside of the writing: what comes during a slow push is
        written by whoever brings it.
        """
        job, written = None, list[End]()
        while waiting := ends.take():
            job = self.record(waiting) or job
            written += waiting
        if job:
            self.lifecycle.after_change(job)
        for end in written:
            end.task.done.set()

    def record(self, ends: Sequence[End]) -> Job | None:
        """Record the ends of one job's slots and return the job, told to nobody yet.

        One write for all of them, so that twenty take as long as one; where one has another end
        by now, each is recorded by itself, and that one dropped.
        """
        job_id = ends[0].task.job.id
        results = [SlotResult(e.task.index, e.task.lease.holder, e.outcome) for e in ends]
        try:
            job = self.persist(lambda: self.store.record(job_id, results, self.clock()))
        except Superseded as conflict:
            return self._record_apart(ends, conflict.job)
        except UnknownJob:
            logs.event("record_of_deleted_job", jobId=job_id)
            return None
        except Exception:
            for end in ends:
                logs.failure("record_failed", jobId=job_id, slot=end.task.index)
            return None
        for end in ends:
            end.task.notice(job)
            if end.outcome.image:
                end.task.pictured.set()
            _log_end(end)
        return job

    def _record_apart(self, ends: Sequence[End], current: Job) -> Job | None:
        if len(ends) > 1:
            recorded = [job for end in ends if (job := self.record([end]))]
            return recorded[-1] if recorded else None
        task, outcome = ends[0].task, ends[0].outcome
        task.notice(current)
        logs.event("late_result", jobId=task.job.id, slot=task.index, outcome=outcome.status)
        return None

    def persist(self, write: Callable[[], T]) -> T:
        """Repeat a write that must not be lost to a passing fault; all here may be repeated."""
        for _ in range(STORAGE_ATTEMPTS - 1):
            try:
                return write()
            except (ClientError, BotoCoreError):
                self.sleep(STORAGE_PAUSE_S)
        return write()


def _log_end(end: End) -> None:
    task, outcome = end.task, end.outcome
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
