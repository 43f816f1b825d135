"""The fan-out: one worker claims a job's slots and draws them all at the same time.

Per slot: provider → picture stored, its thumbnail drawn meanwhile → thumbnail stored → result
recorded → announced. At a slot's deadline its result is TIMEOUT, whatever its thread still does: a
late write finds the result taken and is refused. A picture that came in time is never given up:
what cannot be recorded is left to the reaper, which adopts it from where it is stored.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.images.sniff import BadImage
from chalicelib.jobs import outcomes
from chalicelib.jobs.fanout import Fanout
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import RESUME_MS, SETTLE_GRACE_MS, Claim, Job, Outcome
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.store import Bid, JobStore, Settlement, Superseded, UnknownJob
from chalicelib.providers.base import CallContext, EndsAt, ImageProvider, ImageRequest, Picture
from chalicelib.providers.errors import BadResponse, Billed, Interrupted, ProviderError, TimedOut
from chalicelib.providers.fit import fit, with_negative
from chalicelib.providers.registry import Slot

CLOSING_MS = 8_000
"""What a worker keeps of its own time to record the ends of slots that hang."""
NO_SLOT = 0
"""What the fan-out calls the thread that announces the claim: slots count from 1."""
STORAGE_ATTEMPTS = 6
STORAGE_PAUSE_S = 0.5
T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """One slot's work.

    `stops` are set, by slot, once this worker learns of their ends, `arrived` once it has the
    picture in its hands.
    """

    job: Job
    bid: Bid
    stops: Mapping[int, threading.Event]
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def index(self) -> int:
        return self.bid.index

    @property
    def claim(self) -> Claim:
        return self.bid.claim


@dataclass(frozen=True)
class Executor:
    """Draws jobs. Everything outside comes in: stores, providers, clock, ids, threads."""

    store: JobStore
    pictures: JobPictures
    lifecycle: Lifecycle
    slots: Mapping[int, Slot]
    provider: Callable[[int], ImageProvider]
    shrink: Callable[[bytes], Callable[[], bytes]]
    fanout: Callable[[], Fanout]
    clock: Callable[[], int]
    sleep: Callable[[float], None]
    new_id: Callable[[], str]
    permanent_negative: str = ""

    def run(self, job_id: str, time_left_ms: int) -> None:
        """Draws every slot that this worker can claim; a repeated delivery finds none and ends."""
        began = self.clock()
        try:
            won, job = self._claim(job_id, time_left_ms)
        except UnknownJob:
            logs.event("job_unknown", jobId=job_id)
            return
        if not won:
            logs.event("nothing_to_claim", jobId=job_id)
            return
        _log_claim(job_id, won, self.clock() - began)
        fanout, stops = self.fanout(), {bid.index: threading.Event() for bid in won}
        tasks = [Task(job, bid, stops) for bid in won]
        for task in tasks:
            fanout.start(task.index, partial(self._draw, task))
        fanout.start(NO_SLOT, partial(self.lifecycle.after_change, job))
        self._await({task.index: task for task in tasks}, fanout)

    def _claim(self, job_id: str, time_left_ms: int) -> tuple[list[Bid], Job]:
        owner = self.new_id()
        job = self.store.get(job_id, self.clock())
        while bids := self._bids(job, owner, time_left_ms):
            try:
                job = self.store.claim(job_id, bids, self.clock(), _beside(job, bids))
                return [bid for bid in bids if bid.index in job.unfinished], job
            except Superseded as refused:
                job = refused.job
        return [], job

    def _bids(self, job: Job, owner: str, time_left_ms: int) -> list[Bid]:
        """Slots that nobody has begun, and tickets whose worker is dead."""
        now = self.clock()
        last = now + max(1000, time_left_ms - CLOSING_MS)
        bids = []
        for index in job.unfinished:
            claim, slot = job.claims.get(index), job.slot(index)
            if claim is None and slot and now < job.deadline:
                ends = min(now + slot.timeout_ms, last)
                bids.append(Bid(index, Claim(owner, now, ends)))
            elif claim and claim.is_resumable(now):
                ends = min(now + RESUME_MS, last)
                taken = Claim(owner, claim.started_at, ends, claim.ticket, resumed=True)
                bids.append(Bid(index, taken, replaces=claim.owner))
        return bids

    def _await(self, outstanding: dict[int, Task], fanout: Fanout) -> None:
        while outstanding:
            next_end = min(_end(task, task.arrived.is_set()) for task in outstanding.values())
            index = fanout.next_finished((next_end - self.clock()) / 1000)
            if index is not None:
                outstanding.pop(index, None)
                continue
            waiting = [(task, task.arrived.is_set()) for task in outstanding.values()]
            over = [pair for pair in waiting if self.clock() >= _end(*pair)]
            for task, _ in over:
                del outstanding[task.index]
            ended = self._time_out([task for task, arrived in over if not arrived])
            self._tell(ended, fanout if outstanding else None)

    def _time_out(self, tasks: Sequence[Task]) -> Job | None:
        """Records every end before anybody is told; the job after the last of them."""
        ended = [job for task in tasks if (job := self._settle(task, self._timed_out(task)))]
        return ended[-1] if ended else None

    def _tell(self, job: Job | None, fanout: Fanout | None) -> None:
        """A slow push must not delay later deadlines, nor be left behind by the last one."""
        if job and fanout:
            fanout.start(NO_SLOT, partial(self.lifecycle.after_change, job))
        elif job:
            self.lifecycle.after_change(job)

    def _timed_out(self, task: Task) -> Outcome:
        seconds = round((task.claim.deadline - task.claim.started_at) / 1000)
        sentence = f"No answer within {seconds} s; the picture may have been billed."
        return self._failed(task, TimedOut(sentence))

    def _draw(self, task: Task) -> None:
        """One slot from the provider's call to its recorded end; never raises."""
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
        self._record(task, outcome)

    def _attempt(self, task: Task) -> Outcome:
        job, slot = task.job, self._slot(task)
        wanted = with_negative(job.parameters, self.permanent_negative)
        request, ignored = fit(job.prompt, wanted, slot.model.capabilities)
        picture = self._call(task, slot, request)
        task.arrived.set()
        outcome = outcomes.completed_outcome(
            job, task.index, task.claim, picture, ignored, slot.model.price, self.clock()
        )
        self._persist(picture.data, outcome)
        return outcome

    def _call(self, task: Task, slot: Slot, request: ImageRequest) -> Picture:
        began = self.clock()
        try:
            picture = self.provider(task.index).generate(request, self._context(task))
        except (ClientError, BotoCoreError):
            # Not from our storage: there is no picture that the reaper could adopt.
            logs.failure("call_failed", jobId=task.job.id, slot=task.index)
            raise Interrupted("Something went wrong on our side.") from None
        except ProviderError as error:
            _log_call(task, slot, error.code, self.clock() - began)
            raise
        _log_call(task, slot, "PICTURE", self.clock() - began)
        return picture

    def _slot(self, task: Task) -> Slot:
        """The slot as configured now, if it still is the one that the job was made with."""
        slot, made_with = self.slots.get(task.index), task.job.slot(task.index)
        if slot is None or made_with is None or slot.model.model_id != made_with.model_id:
            billed: Billed = "unknown" if task.claim.ticket else "no"
            raise Interrupted("This model's settings have changed. Start a new run.", billed=billed)
        return slot

    def _context(self, task: Task) -> CallContext:
        return CallContext(
            deadline=EndsAt(task.claim.deadline / 1000, lambda: self.clock() / 1000),
            sleep=self.sleep,
            ticket=task.claim.ticket,
            save_ticket=partial(self._keep_ticket, task),
            cancelled=task.stops[task.index].is_set,
        )

    def _keep_ticket(self, task: Task, ticket: str) -> None:
        """Keeps it if that is possible at all: without it the call goes on, unprotected."""
        job_id, index, owner = task.job.id, task.index, task.claim.owner
        try:
            self._insist(lambda: self.store.keep_ticket(job_id, index, owner, ticket, self.clock()))
        except (ClientError, BotoCoreError):
            logs.failure("ticket_not_kept", jobId=job_id, slot=index)

    def _persist(self, data: bytes, outcome: Outcome) -> None:
        """The picture first: it is paid for. The thumbnail proves that it can be decoded."""
        image = outcome.image
        if image is None:
            return
        shrunk = self.shrink(data)
        self._insist(partial(self.pictures.put, data, outcome))
        try:
            small = shrunk()
        except BadImage as problem:
            raise BadResponse(f"The picture is damaged ({problem}).", billed="yes") from None
        self._insist(partial(self.pictures.put_thumbnail, image.thumb_key, small))

    def _record(self, task: Task, outcome: Outcome) -> None:
        """Writes the slot's end and tells everybody."""
        job = self._settle(task, outcome)
        if job:
            self.lifecycle.after_change(job)

    def _settle(self, task: Task, outcome: Outcome) -> Job | None:
        """Writes the slot's end; an end that came too late is dropped."""
        settlement = Settlement(task.index, task.claim.owner, outcome)
        try:
            job = self._insist(lambda: self.store.settle(task.job.id, [settlement], self.clock()))
        except Superseded as refused:
            self._notice(task, refused.job)
            logs.event("late_result", jobId=task.job.id, slot=task.index, outcome=outcome.status)
        except (UnknownJob, ClientError, BotoCoreError):
            logs.failure("record_failed", jobId=task.job.id, slot=task.index)
        else:
            self._notice(task, job)
            _log_end(task, outcome)
            return job
        return None

    def _notice(self, task: Task, job: Job) -> None:
        for index, stop in task.stops.items():
            if index not in job.unfinished:
                stop.set()

    def _insist(self, write: Callable[[], T]) -> T:
        """A write that must not be lost to a passing fault; every write here may be repeated."""
        for _ in range(STORAGE_ATTEMPTS - 1):
            try:
                return write()
            except (ClientError, BotoCoreError):
                self.sleep(STORAGE_PAUSE_S)
        return write()

    def _failed(self, task: Task, error: ProviderError) -> Outcome:
        slot = self.slots.get(task.index)
        price = slot.model.price if slot else None
        return outcomes.failed_outcome(task.job, task.index, task.claim, error, price, self.clock())


def _beside(job: Job, bids: Sequence[Bid]) -> list[Claim]:
    """The claims that others hold on the job's other unfinished slots."""
    wanted = {bid.index for bid in bids}
    return [c for i, c in job.claims.items() if i in job.unfinished and i not in wanted]


def _end(task: Task, arrived: bool) -> int:
    """How long a worker waits for a slot: a picture that came in time has a grace to be stored."""
    return task.claim.deadline + (SETTLE_GRACE_MS if arrived else 0)


def _log_claim(job_id: str, won: Sequence[Bid], took: int) -> None:
    owner = won[0].claim.owner
    logs.event("claimed", jobId=job_id, slots=len(won), owner=owner, durationMs=took)


def _log_call(task: Task, slot: Slot, outcome: str, took: int) -> None:
    logs.measure(
        "provider_call",
        {"ProviderLatency": took, "ProviderFailures": int(outcome != "PICTURE")},
        {"provider": slot.model.provider, "outcome": outcome},
        jobId=task.job.id,
        slot=task.index,
        attempt=task.job.attempt(task.index),
        modelId=slot.model.model_id,
    )


def _log_end(task: Task, outcome: Outcome) -> None:
    made_with = task.job.slot(task.index)
    logs.measure(
        "slot_ended",
        {"ProviderCost": outcome.cost.amount or 0.0},
        {"provider": made_with.provider if made_with else ""},
        jobId=task.job.id,
        slot=task.index,
        attempt=outcome.attempt,
        outcome=outcome.failure.code if outcome.failure else outcome.status,
        costBasis=outcome.cost.basis,
        durationMs=outcome.completed_at - task.claim.started_at,
    )
