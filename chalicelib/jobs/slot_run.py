"""One slot's story: its model is called, the picture stored, the outcome recorded and told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.generation.call import Call
from chalicelib.generation.service import Generator
from chalicelib.generation.warmth import Warmth
from chalicelib.jobs import outcomes
from chalicelib.jobs.model import CallName, Job, Outcome, model_of
from chalicelib.jobs.pictures import JobPictures, stem_of
from chalicelib.jobs.recording import Recorder
from chalicelib.jobs.store import JobStore, Superseded, UnknownJob
from chalicelib.jobs.task import End, Task
from chalicelib.providers.base import Deferred
from chalicelib.providers.errors import Billed, Interrupted, ProviderError
from chalicelib.providers.registry import Slot

_NOT_STORED = "The picture came, but could not be stored, and is lost. Retry to ask again."


@dataclass(frozen=True)
class SlotRun:
    """Draws slots, from the model's call to the recorded outcome. `clock` in epoch ms."""

    store: JobStore
    pictures: JobPictures
    generator: Generator
    recorder: Recorder
    slots: Mapping[int, Slot]
    warmth: Warmth
    clock: Callable[[], int]

    def draw(self, task: Task) -> None:
        """Draw one slot, and see that what came of it is recorded. Never raises."""
        outcome = None
        try:
            outcome = self._outcome(task)
        except Deferred as handed_over:
            self._let_go(task, handed_over.ticket)
        finally:
            if outcome is None:
                task.done.set()
        if outcome and task.ends.add(End(task, outcome)):
            self.recorder.record_waiting(task.ends)

    def time_out(self, tasks: Sequence[Task]) -> Job | None:
        """Record that these slots' deadlines have passed, and return the job, told to nobody."""
        ends = [End(task, self._failed(task, outcomes.too_late(task.lease))) for task in tasks]
        return self.recorder.record(ends)

    def _outcome(self, task: Task) -> Outcome:
        try:
            return self._attempt(task)
        except Deferred:
            raise
        except ProviderError as error:
            return self._failed(task, error)
        except (ClientError, BotoCoreError):
            logs.failure("storing_failed", jobId=task.job.id, slot=task.index)
            return self._failed(task, Interrupted(_NOT_STORED, billed="yes"))
        except Exception:
            logs.failure("slot_failed", jobId=task.job.id, slot=task.index)
            return self._failed(task, Interrupted("Something went wrong on our side."))

    def _attempt(self, task: Task) -> Outcome:
        drawn = self.generator.generate(self._call(task), task.arrived.set)
        outcome = outcomes.completed_outcome(task.job, task.index, task.lease, drawn, self.clock())
        return self.recorder.persist(partial(self.pictures.put, drawn.data, outcome))

    def _call(self, task: Task) -> Call:
        job, index = task.job, task.index
        return Call(
            slot=self._slot(task),
            prompt=job.prompt,
            parameters=job.asked_of(index),
            stem=stem_of(job, index),
            deadline_ms=task.lease.deadline,
            ticket=task.lease.ticket,
            save_ticket=partial(self._keep_ticket, task),
            cancelled=task.stops[index].is_set,
            still_wanted=partial(self._still_wanted, task),
            name=str(CallName(job.id, index, job.attempt(index))),
            log={"jobId": job.id, "slot": index, "attempt": job.attempt(index)},
        )

    def _slot(self, task: Task) -> Slot:
        """Return the slot as configured now, if it still is the one the job was made with."""
        slot, made_with = self.slots.get(model_of(task.index)), task.job.slot(task.index)
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
        task.notice(job)
        # A slot that was cancelled keeps its lease, which tells what it may have cost.
        current = job.leases.get(task.index)
        mine = current is not None and current.holder == task.lease.holder
        return mine and task.index in job.unfinished

    def _let_go(self, task: Task, ticket: str | None) -> None:
        """Note that the call was handed over. If that fails its notice ends it all the same."""
        job_id, index, holder = task.job.id, task.index, task.lease.holder
        phase = self.warmth.phase(self._slot(task).model.model_id)
        try:
            job = self.recorder.persist(
                lambda: self.store.note_phase(
                    job_id, index, holder, phase, self.clock(), ticket or ""
                )
            )
        except Superseded as conflict:
            task.notice(conflict.job)
            logs.event("handed_over_unwanted", jobId=job_id, slot=index)
            return
        except (UnknownJob, ClientError, BotoCoreError):
            logs.failure("ticket_not_kept", jobId=job_id, slot=index)
            return
        logs.event("handed_over", jobId=job_id, slot=index, phase=phase)
        self.recorder.lifecycle.after_change(job)

    def _keep_ticket(self, task: Task, ticket: str) -> None:
        """Keep it if that is possible at all: without it the call goes on, unprotected."""
        job_id, index, holder = task.job.id, task.index, task.lease.holder
        try:
            self.recorder.persist(lambda: self.store.keep_ticket(job_id, index, holder, ticket))
        except Superseded as conflict:
            task.notice(conflict.job)
            logs.event("ticket_not_wanted", jobId=job_id, slot=index)
        except (UnknownJob, ClientError, BotoCoreError):
            logs.failure("ticket_not_kept", jobId=job_id, slot=index)

    def _failed(self, task: Task, error: ProviderError) -> Outcome:
        slot = self.slots.get(model_of(task.index))
        price = slot.model.price_of(task.job.parameters) if slot else None
        return outcomes.failed_outcome(task.job, task.index, task.lease, error, price, self.clock())
