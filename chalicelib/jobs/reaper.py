"""Finishing what a dead worker left, so that every job ends.

Undispatched jobs are dispatched again, tickets are handed to a second worker, stored pictures
that were never recorded are adopted, other dead slots end as INTERRUPTED, finished jobs close.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.generation.warmth import Warmth
from chalicelib.jobs import outcomes
from chalicelib.jobs.callbacks import Callbacks
from chalicelib.jobs.deletion import Burial
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import (
    DISPATCH_GRACE_MS,
    SETTLE_GRACE_MS,
    Job,
    Lease,
    Outcome,
    SlotResult,
)
from chalicelib.jobs.outcomes import too_late
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.store import DeletedJob, JobStore, Superseded, UnknownJob

PREVIEWS_WINDOW_MS = 900_000
"""How long after a job's end its previews are asked for; then the next look at it does."""
LOOKING_MS = 2 * DISPATCH_GRACE_MS
"""How long past its deadline a slot waits for a bucket that does not answer."""
LOOK_MS = 15_000
"""What one look may take when AWS is slow; with less than that left, none begins."""


@dataclass(frozen=True)
class Findings:
    """What one look at a job found: slots to end, and whether a worker is needed."""

    dead: tuple[int, ...]
    needs_worker: bool


def examine(job: Job, now: int) -> Findings:
    """Which slots nobody will end any more, and whether others wait for a worker."""
    dead, needs_worker = [], False
    for index in job.unfinished:
        lease = job.leases.get(index)
        if lease is None:
            expired = now >= job.deadline
            needs_worker |= not expired
        elif lease.is_resumable(now):
            expired, needs_worker = False, True
        else:
            expired = now >= lease.deadline + SETTLE_GRACE_MS
        if expired:
            dead.append(index)
    return Findings(tuple(dead), needs_worker)


@dataclass(frozen=True)
class Reaper:
    """Looks at every open job whose time has come."""

    store: JobStore
    pictures: JobPictures
    lifecycle: Lifecycle
    dispatcher: Dispatcher
    burial: Burial
    callbacks: Callbacks
    warmth: Warmth
    clock: Callable[[], int]

    def run(self, time_left_ms: int) -> int:
        """Mends the jobs that are due, as far as the time reaches; returns how many it looked at.

        Where a look failed it looks again at the end. What it does not get to stays due.
        """
        until = self.clock() + time_left_ms - LOOK_MS

        def in_time(_: str) -> bool:
            return self.clock() < until

        due = self.store.due(self.clock())
        mended = {job_id: self._look(job_id) for job_id in takewhile(in_time, due)}
        for job_id in takewhile(in_time, [i for i, done in mended.items() if not done]):
            self._look(job_id)
        return len(mended)

    def _look(self, job_id: str) -> bool:
        """Whether the job was mended; nothing that it holds may keep the others waiting."""
        try:
            self._mend(job_id)
        except DeletedJob as deleted:
            self.burial.tend(deleted.grave)
        except UnknownJob:
            logs.event("reaper_job_gone", jobId=job_id)
        except Exception:
            logs.failure("reaper_failed", jobId=job_id)
            return False
        return True

    def _mend(self, job_id: str) -> None:
        job = self.store.get(job_id, self.clock())
        if job.finished:
            self._finish(job)
            return
        job = self._look_for_ends(job)
        if job.finished:
            return
        findings = examine(job, self.clock())
        if findings.dead:
            job = self._end(job, findings.dead)
        if findings.needs_worker:
            logs.event("reaper_dispatch", jobId=job_id)
            self.dispatcher.dispatch(job_id)
        if not job.finished:
            self.store.postpone(job, job.next_look(self.clock()))

    def _look_for_ends(self, job: Job) -> Job:
        """End what was drawn or refused and never told, and say anew what the others wait for."""
        for index in job.unfinished:
            lease = job.awaits_callback(index, job.attempt(index))
            if lease is None:
                continue
            if adopted := self._found(job, index, lease):
                job = adopted
            else:
                job = self._say_anew(job, index, lease)
        return job

    def _found(self, job: Job, index: int, lease: Lease) -> Job | None:
        """Raise while the bucket cannot be looked into, but not for ever: the slot has to end."""
        try:
            return self.callbacks.adopt(job, index)
        except (ClientError, BotoCoreError):
            if self.clock() < lease.deadline + LOOKING_MS:
                raise
            logs.failure("output_unreadable", jobId=job.id, slot=index)
            return None

    def _say_anew(self, job: Job, index: int, lease: Lease) -> Job:
        """Tell what the call waits for, where that is known and has changed."""
        slot = job.slot(index)
        phase = self.warmth.phase(slot.model_id) if slot else "queued"
        if phase in ("queued", lease.phase):
            return job
        try:
            job = self.store.note_phase(job.id, index, lease.holder, phase, self.clock())
        except Superseded as conflict:
            return conflict.job
        self.lifecycle.events.broadcast(job)
        return job

    def _finish(self, job: Job) -> None:
        """End a job; first have the previews drawn that were lost, unless that fails for long."""
        self.lifecycle.finish(job)
        if not job.unpreviewed:
            return
        if self.clock() >= (job.completed_at or 0) + PREVIEWS_WINDOW_MS:
            self.store.close(job)
            return
        self.dispatcher.request_previews(job.id, job.unpreviewed)
        self.store.postpone(job, self.clock() + DISPATCH_GRACE_MS)

    def _end(self, job: Job, dead: tuple[int, ...]) -> Job:
        results = [self._result(job, index) for index in dead]
        try:
            ended = self.store.record(job.id, results, self.clock())
        except Superseded as conflict:
            return conflict.job
        for end in results:
            _log_end(job, end)
        self.lifecycle.after_change(ended)
        if adopted := [end.index for end in results if end.outcome.image]:
            self.dispatcher.request_previews(job.id, adopted)
        return ended

    def _result(self, job: Job, index: int) -> SlotResult:
        lease = job.leases.get(index)
        adopted = self._adopt(job, index) if lease else None
        outcome = adopted or outcomes.interrupted_outcome(job, index, self.clock())
        if lease and lease.deferred and not adopted:
            outcome = outcomes.failed_outcome(
                job, index, lease, too_late(lease), None, self.clock()
            )
        return SlotResult(index, lease.holder if lease else None, outcome)

    def _adopt(self, job: Job, index: int) -> Outcome | None:
        """The picture that a dead worker stored but did not record."""
        outcome = self.pictures.find(job, index)
        return replace(outcome, attempt=job.attempt(index)) if outcome else None


def _log_end(job: Job, end: SlotResult) -> None:
    slot = job.slot(end.index)
    logs.measure(
        "reaped",
        {"ProviderCost": end.outcome.cost.amount or 0.0},
        {"provider": slot.provider if slot else ""},
        jobId=job.id,
        slot=end.index,
        attempt=end.outcome.attempt,
        outcome=end.outcome.status,
    )
