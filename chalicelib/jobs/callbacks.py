"""The ends of calls that were handed over: told by a notice, or found where they lie.

A notice may come twice, late, out of order, for an unknown job, or never. Each is turned into the
one conditional write that ends every other slot; what it finds ended is dropped, and its object
with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from chalicelib import logs
from chalicelib.config import OWN_MODEL
from chalicelib.generation.call import Call
from chalicelib.generation.outputs import Outputs
from chalicelib.generation.service import Generator
from chalicelib.jobs import outcomes
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.model import CallName, Job, Lease, Outcome, SlotResult
from chalicelib.jobs.pictures import JobPictures, stem_of
from chalicelib.jobs.recording import Recorder
from chalicelib.jobs.store import JobStore, Superseded, UnknownJob
from chalicelib.providers.adapters.sagemaker.notices import (
    NoNotice,
    Notice,
    failure_of,
    read_notice,
)
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import resolve
from chalicelib.providers.models.prices import Price
from chalicelib.providers.models.texts import OPERATORS_OWN
from chalicelib.providers.registry import Slot


class NotThereYet(Exception):
    """The picture that a notice promises is not where it should be; the notice has to come again.

    If it never appears, the slot ends by its deadline.
    """


@dataclass(frozen=True)
class Callbacks:
    """Ends handed-over slots. `clock` in epoch milliseconds."""

    store: JobStore
    pictures: JobPictures
    outputs: Outputs
    generator: Generator
    recorder: Recorder
    dispatcher: Dispatcher
    clock: Callable[[], int]

    def receive(self, body: str) -> None:
        """Take one message of the queue; raise what makes it come again."""
        try:
            notice = read_notice(body)
        except NoNotice as problem:
            logs.event("notice_unreadable", problem=str(problem))
            return
        name = CallName.parse(notice.name)
        if name is None:
            logs.event("notice_unknown")
            return
        try:
            job = self.store.get(name.job_id, self.clock())
        except UnknownJob:
            self._drop(name, "gone")
            return
        lease = job.awaits_callback(name.index, name.attempt)
        if lease is None:
            self._drop(name, job.slot_status(name.index))
            return
        self._end(job, name, lease, self._told(job, name, lease, notice))

    def adopt(self, job: Job, index: int) -> Job | None:
        """Return the job once an end was found whose notice did not come; None without one."""
        name = CallName(job.id, index, job.attempt(index))
        lease = job.awaits_callback(index, name.attempt)
        outcome = self._lying_there(job, name, lease) if lease else None
        if lease is None or outcome is None:
            return None
        logs.event("notice_lost", jobId=job.id, slot=index, attempt=name.attempt)
        return self._end(job, name, lease, outcome)

    def _lying_there(self, job: Job, name: CallName, lease: Lease) -> Outcome | None:
        """Return the end that lies in the bucket; a picture counts more than a failure."""
        if (data := self.outputs.get(str(name))) is not None:
            return self._stored(job, name, lease, data)
        reason = self.outputs.failure(lease.ticket or "")
        if reason is None:
            return None
        return self._refused(job, name, lease, Notice(str(name), is_completed=False, reason=reason))

    def _told(self, job: Job, name: CallName, lease: Lease, notice: Notice) -> Outcome:
        if notice.is_completed:
            data = self.outputs.get(str(name))
            if data is None:
                raise NotThereYet(str(name))
            return self._stored(job, name, lease, data)
        return self._refused(job, name, lease, notice)

    def _refused(self, job: Job, name: CallName, lease: Lease, notice: Notice) -> Outcome:
        error = failure_of(notice, Failures.of(_slot(job, name.index).model))
        return self._failed(job, name, lease, error)

    def _stored(self, job: Job, name: CallName, lease: Lease, data: bytes) -> Outcome:
        """Store the picture as every other one; return why not where it is none."""
        call = Call(
            slot=_slot(job, name.index),
            prompt=job.prompt,
            parameters=job.asked_of(name.index),
            stem=stem_of(job, name.index),
            deadline_ms=lease.deadline,
            name=str(name),
        )
        try:
            drawn = self.generator.received(call, data)
        except ProviderError as error:
            return self._failed(job, name, lease, error)
        outcome = outcomes.completed_outcome(job, name.index, lease, drawn, self.clock())
        return self.recorder.persist(partial(self.pictures.put, data, outcome))

    def _failed(self, job: Job, name: CallName, lease: Lease, error: ProviderError) -> Outcome:
        price = _slot(job, name.index).model.price
        return outcomes.failed_outcome(job, name.index, lease, error, price, self.clock())

    def _end(self, job: Job, name: CallName, lease: Lease, outcome: Outcome) -> Job:
        """Record the end unless another came first; either way the object is not needed more."""
        end = SlotResult(name.index, lease.holder, outcome)
        try:
            ended = self.recorder.persist(lambda: self.store.record(job.id, [end], self.clock()))
        except Superseded as conflict:
            self._drop(name, conflict.job.slot_status(name.index))
            return conflict.job
        except UnknownJob:
            self.pictures.remove_all(job.target)
            self._drop(name, "gone")
            return job
        _log_end(job, end)
        self.recorder.lifecycle.after_change(ended)
        if outcome.image:
            self.dispatcher.request_previews(job.id, [name.index])
        self.outputs.remove(str(name), lease.ticket or "")
        return ended

    def _drop(self, name: CallName, found: str) -> None:
        logs.event(
            "notice_dropped",
            jobId=name.job_id,
            slot=name.index,
            attempt=name.attempt,
            outcome=found,
        )
        self.outputs.remove(str(name))


def _slot(job: Job, index: int) -> Slot:
    """Return the slot as the job remembers it: what was drawn is paid for, whatever is set now."""
    made_with = next(slot for slot in job.slots if slot.index == index)
    drawn_by = job.drawn_by(made_with)
    model = resolve(drawn_by.name, OWN_MODEL, drawn_by.model_id)
    if drawn_by.price_usd is not None:
        model = replace(model, price=Price(drawn_by.price_usd, "estimated", OPERATORS_OWN))
    timeout_s = drawn_by.timeout_ms / 1000
    return Slot(made_with.model_index, drawn_by.name, model, timeout_s, drawn_by.simulated)


def _log_end(job: Job, end: SlotResult) -> None:
    made_with, outcome = job.slot(end.index), end.outcome
    logs.measure(
        "slot_ended",
        {"ProviderCost": outcome.cost.amount or 0.0},
        {"provider": job.drawn_by(made_with).provider if made_with else ""},
        jobId=job.id,
        slot=end.index,
        attempt=outcome.attempt,
        outcome=outcome.failure.code if outcome.failure else outcome.status,
        costBasis=outcome.cost.basis,
        durationMs=outcome.completed_at - (outcome.started_at or outcome.completed_at),
    )
