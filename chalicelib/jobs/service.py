"""What people can do with jobs: submit, look, cancel, retry."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.callers import NOBODY, Caller
from chalicelib.errors import (
    AppError,
    ContentBlocked,
    Detail,
    Forbidden,
    IdempotencyConflict,
    InvalidInput,
    ModelOff,
    NotRetryable,
    Unavailable,
)
from chalicelib.jobs import outcomes
from chalicelib.jobs.blind import Blind, shuffled
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.idempotency import IdempotencyRecord, IdempotencyStore
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import START_WINDOW_MS, Job, JobSlot, Reserved, SlotResult, model_of
from chalicelib.jobs.reservations import JobReservations
from chalicelib.jobs.slots import check_nameable, job_slot
from chalicelib.jobs.store import DeletedJob, JobStore, Superseded, UnknownJob
from chalicelib.providers.base import Parameters
from chalicelib.providers.registry import Slot

MOST_PICTURES = 20
"""Models times variants: what one push message can carry."""
CONTENDERS = 40
"""How often a write is tried again against others who change the same job."""
KEY_SETTLES_MS = 10_000
"""Longer than a model may take to judge a prompt."""
KEY_PAUSE_S, KEY_LONGEST_PAUSE_S = 0.02, 0.32


@dataclass(frozen=True)
class Submission:
    """A checked request for pictures; `models` are slot indices, None for all.

    `variants` are how many pictures each model is to draw; `blind` hides which picture is whose
    until there is a verdict.
    """

    prompt: str
    parameters: Parameters
    models: tuple[int, ...] | None = None
    variants: int = 1
    blind: bool = False

    @property
    def payload_hash(self) -> str:
        """The same for the same request, whatever the order of its fields."""
        fields = {**asdict(self), "explicit": sorted(self.parameters.explicit)}
        # What is as usual is left out, as it was before it could be asked for: a key outlives an
        # update.
        if self.variants == 1:
            del fields["variants"]
        if not self.blind:
            del fields["blind"]
        parameters = fields["parameters"]
        for name, usual in (("quality", "auto"), ("resolution", "1K")):
            if parameters[name] == usual:
                del parameters[name]
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


class RequestLimiter(Protocol):
    """Counts requests."""

    def admit(self, caller: Caller) -> None:
        """Count one request; raise RateLimited."""
        ...


class PromptFilter(Protocol):
    """Judges whether a text may be drawn."""

    def keywords_allow(self, text: str) -> bool:
        """Judge by words, for nothing."""
        ...

    def judge_allows(self, text: str, caller: Caller) -> bool:
        """Judge by a model, which may be billed to the caller."""
        ...


@dataclass(frozen=True)
class JobService:
    """The use cases. `clock` in epoch milliseconds, `sleep` in seconds."""

    store: JobStore
    keys: IdempotencyStore
    dispatcher: Dispatcher
    lifecycle: Lifecycle
    money: JobReservations
    slots: Sequence[Slot]
    limiter: RequestLimiter
    content_filter: PromptFilter
    clock: Callable[[], int]
    sleep: Callable[[float], None]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    rng: Callable[[], float]
    retention_ms: int
    switched_off: Callable[[], Mapping[int, str]] = dict

    def submit(self, wanted: Submission, caller: Caller, key: str | None) -> Job:
        """Return a new job on its way to the worker, or the one that `key` already stands for.

        A request that is refused gives its key back, so that its repeat is judged at once.
        """
        chosen = self._chosen(wanted.models, caller)
        _check_most(chosen, wanted.variants)
        self._check_words(wanted)
        if key is None:
            job_id = self.new_id()
            reserved = self._admit(job_id, wanted, chosen, caller)
            return self._create(self._new(job_id, wanted, chosen, reserved, caller))
        name = _scoped(key, caller)
        known, record = self._known(name, wanted.payload_hash)
        if known:
            return known
        try:
            reserved = self._admit(record.job_id, wanted, chosen, caller)
        except (AppError, ClientError, BotoCoreError):
            self._give_back(name, record)
            raise
        return self._create(self._new(record.job_id, wanted, chosen, reserved, caller))

    def _admit(
        self, job_id: str, wanted: Submission, chosen: Sequence[Slot], caller: Caller
    ) -> dict[int, Reserved]:
        """Count and judge the request and set its money aside, or raise what refuses it."""
        self.limiter.admit(caller)
        if not self.content_filter.judge_allows(wanted.prompt, caller):
            raise _blocked("prompt")
        indices = [slot.index for slot in _job_slots(chosen, wanted.variants)]
        return self.money.reserve(job_id, indices, caller, wanted.parameters)

    def _create(self, new: Job) -> Job:
        job = self.store.create(new)
        if job.reserved != new.reserved:
            self.money.release(job.id, new.reserved)
        self.dispatcher.dispatch(job.id)
        logs.event("job_made", jobId=job.id, slots=len(job.slots))
        return job

    def get(self, job_id: str, caller: Caller = NOBODY) -> Job:
        """Return the job; raise UnknownJob, also for a job of somebody else."""
        job = self.store.get(job_id, self.clock())
        if not caller.owns(job.owner):
            raise UnknownJob
        return job

    def look(self, job_id: str, caller: Caller = NOBODY) -> Job:
        """Return the job, and have the previews drawn that nobody else will ask for any more."""
        job = self.get(job_id, caller)
        if job.unpreviewed and not job.is_open:
            self.dispatcher.request_previews(job.id, job.unpreviewed)
        return job

    def cancel(
        self, job_id: str, indices: Collection[int] | None = None, caller: Caller = NOBODY
    ) -> Job:
        """Ends what has no result yet, among `indices` where they are given.

        A result that arrives at the same moment stands.
        """
        job = self.get(job_id, caller)
        if indices is not None:
            check_nameable(job)
        _check_known(job, indices or ())
        for _ in range(CONTENDERS):
            ending = [i for i in job.unfinished if indices is None or i in indices]
            if not ending:
                return job
            now = self.clock()
            ends = [_cancellation(job, index, now) for index in ending]
            try:
                job = self.store.record(job_id, ends, now, cancelled=indices is None)
            except Superseded as conflict:
                job = conflict.job
                continue
            self.lifecycle.after_change(job)
            return job
        raise Unavailable("The job is changing too fast to cancel it. Try again.")

    def retry(self, job_id: str, indices: Sequence[int], caller: Caller) -> Job:
        """A new attempt for slots that failed or were cancelled; raises NotRetryable."""
        job = self.get(job_id, caller)
        check_nameable(job)
        self._check_retry(job, indices)
        self._check_usable(map(model_of, indices), caller)
        self.limiter.admit(caller)
        self.money.settle(job)
        attempts = {index: job.attempt(index) + 1 for index in indices}
        reserved = self.money.reserve(job_id, indices, caller, job.parameters)
        try:
            job = self._reopen(job, attempts, reserved)
        except AppError:
            self.money.release(job_id, reserved)
            raise
        self.dispatcher.dispatch(job_id)
        self.lifecycle.after_change(job)
        return job

    def _reopen(
        self, job: Job, attempts: Mapping[int, int], reserved: Mapping[int, Reserved]
    ) -> Job:
        now, token = self.clock(), self.new_id()
        for _ in range(CONTENDERS):
            try:
                return self.store.reopen(job, attempts, token, now, now + START_WINDOW_MS, reserved)
            except Superseded as conflict:
                job = conflict.job
                self._check_retry(job, tuple(attempts))
                if any(job.attempt(index) >= attempts[index] for index in attempts):
                    raise NotRetryable("Another retry of this model came first.") from None
        raise Unavailable("The job is changing too fast to retry it. Try again.")

    def _chosen(self, models: Sequence[int] | None, caller: Caller) -> tuple[Slot, ...]:
        """Return the slots that are asked for; unless they are named, those that can be used."""
        if not self.slots:
            raise Unavailable("No model is configured. Set MODEL_COUNT and MODEL_1_NAME first.")
        if models is None:
            usable = [s for s in self.slots if self.refusal(s.index, caller) is None]
            self._check_usable([] if usable else [s.index for s in self.slots], caller)
            return tuple(usable)
        by_index = {slot.index: slot for slot in self.slots}
        unknown = [index for index in models if index not in by_index]
        if unknown:
            known = ", ".join(str(index) for index in by_index)
            problem = f"{unknown[0]} is not a configured model ({known})"
            raise InvalidInput("A model is unknown.", (Detail("models", problem),))
        self._check_usable(models, caller)
        return tuple(by_index[index] for index in sorted(models))

    def _check_usable(self, indices: Iterable[int], caller: Caller) -> None:
        """Raise Forbidden or ModelOff for the first model that the caller cannot use."""
        for index in indices:
            if refusal := self.refusal(index, caller):
                raise refusal

    def refusal(self, index: int, caller: Caller) -> AppError | None:
        """Return why a caller cannot have a model draw now: Forbidden or ModelOff; or None."""
        allowed, off = caller.limits.models, self.switched_off()
        if allowed is not None and index not in allowed:
            detail = Detail("models", f"{index} is not a model that you may use")
            return Forbidden("An administrator has not given you this model.", (detail,))
        if index in off:
            sentence = off[index] or "An administrator has switched this model off."
            return ModelOff(sentence, (Detail("models", f"{index} is switched off"),))
        return None

    def _known(self, key: str, payload_hash: str) -> tuple[Job | None, IdempotencyRecord]:
        """Return the job that the key stands for, or the record under which to make it.

        While another request is about to make it, wait; take over from one that died.
        """
        job_id, dead, pause_s = self.new_id(), None, KEY_PAUSE_S
        while True:
            wanted = IdempotencyRecord(job_id, payload_hash, self.clock())
            current = self.keys.reserve(key, wanted, dead)
            if current.payload_hash != payload_hash:
                raise IdempotencyConflict("This Idempotency-Key was used with another body.")
            if current == wanted:
                return None, wanted
            try:
                return self.store.get(current.job_id, self.clock()), current
            except DeletedJob:
                job_id, dead = self.new_id(), current
                continue
            except UnknownJob:
                pass
            if self.clock() >= current.reserved_at_ms + KEY_SETTLES_MS:
                job_id, dead = current.job_id, current
                continue
            self.sleep(pause_s)
            pause_s = min(2 * pause_s, KEY_LONGEST_PAUSE_S)

    def _give_back(self, key: str, record: IdempotencyRecord) -> None:
        try:
            self.keys.give_back(key, record)
        except (ClientError, BotoCoreError):
            logs.failure("key_not_given_back", jobId=record.job_id)

    def _check_words(self, wanted: Submission) -> None:
        texts = {"prompt": wanted.prompt, "negativePrompt": wanted.parameters.negative_prompt}
        for field, text in texts.items():
            if text and not self.content_filter.keywords_allow(text):
                raise _blocked(field)

    def _new(
        self,
        job_id: str,
        wanted: Submission,
        chosen: Sequence[Slot],
        reserved: Mapping[int, Reserved],
        caller: Caller,
    ) -> Job:
        now = self.clock()
        job = Job(
            id=job_id,
            target=target_of(job_id, now),
            prompt=wanted.prompt,
            parameters=wanted.parameters,
            slots=_job_slots(chosen, wanted.variants),
            created_at=now,
            updated_at=now,
            seq=1,
            deadline=now + START_WINDOW_MS,
            expires_at=now + self.retention_ms,
            payload_hash=wanted.payload_hash,
            reserved=reserved,
            owner=caller.user_id,
        )
        if not wanted.blind:
            return job
        order = shuffled(job.result_ids, self.rng)
        return replace(job, blind=Blind(order, self.new_secret()))

    def _check_retry(self, job: Job, indices: Sequence[int]) -> None:
        _check_known(job, indices)
        for index in indices:
            if job.slot_status(index) not in ("error", "cancelled"):
                raise NotRetryable(
                    "Only a model that failed or was cancelled can be retried.",
                    (Detail("models", f"{index} is {job.slot_status(index)}"),),
                )


def target_of(job_id: str, now: int) -> str:
    """The job's folder name: when it was made, and its id.

    By the 2 of its year the bucket's lifecycle knows what expires from what batches keep.
    """
    moment = datetime.fromtimestamp(now / 1000, UTC)
    return f"{moment:%Y-%m-%d-%H-%M-%S}-{job_id}"


def _job_slots(chosen: Sequence[Slot], variants: int) -> tuple[JobSlot, ...]:
    counted = range(1, variants + 1)
    return tuple(job_slot(slot, variant) for slot in chosen for variant in counted)


def _check_most(chosen: Sequence[Slot], variants: int) -> None:
    if len(chosen) * variants > MOST_PICTURES:
        problem = f"{len(chosen)} models x {variants} are more than {MOST_PICTURES} pictures"
        raise InvalidInput("That is too many pictures for one run.", (Detail("variants", problem),))


def _scoped(key: str, caller: Caller) -> str:
    """Return the name of an idempotency record: the same key of two people is two keys."""
    return f"{caller.user_id}\n{key}" if caller.signed_in else key


def job_id_of(target: str) -> str:
    """The id within a folder name; an unknown form is an id that no job has."""
    return target[20:]


def _blocked(field: str) -> ContentBlocked:
    return ContentBlocked(
        "The content filter refused this prompt. Change it and try again.",
        (Detail(field, "it asks for content that this installation does not draw"),),
    )


def _check_known(job: Job, indices: Iterable[int]) -> None:
    for index in indices:
        if job.slot(index) is None:
            problem = f"{index} is not a model of this job"
            raise InvalidInput("A model is unknown.", (Detail("models", problem),))


def _cancellation(job: Job, index: int, now: int) -> SlotResult:
    lease = job.leases.get(index)
    return SlotResult(
        index, lease.holder if lease else None, outcomes.cancelled_outcome(job, index, now)
    )
