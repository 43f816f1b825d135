"""A job and its slots: pure values, and the rules that derive every state from them.

Times are whole milliseconds since the epoch. Nothing here stores a status: it is derived from
results, claims and cancellation, so that there is no state it could disagree with.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from chalicelib.generation.model import StoredImage
from chalicelib.jobs.blind import Blind
from chalicelib.providers.base import LARGEST_SEED, Cost, Parameters
from chalicelib.verdicts.model import Verdict

SlotStatus = Literal["pending", "in_progress", "completed", "error", "cancelled"]
JobStatus = Literal["pending", "in_progress", "completed", "partial", "failed", "cancelled"]
EndStatus = Literal["completed", "error", "cancelled"]
Phase = Literal["queued", "waking", "drawing"]
"""What a handed-over call waits for; `queued` while nobody can say."""
PreviewState = Literal["drawn", "broken"]

_CALL_NAME = re.compile(r"([0-9a-f-]{36})\.([1-9]\d{0,2})\.([1-9]\d{0,8})", re.ASCII)
VARIANTS_APART = 100
"""By so much the indices of a model's variants lie apart: more than there are models."""
DISPATCH_GRACE_MS = 60_000
"""An unclaimed job older than this is dispatched again: its invocation was lost."""
START_WINDOW_MS = 420_000
"""Slots that nobody claimed by then end: the longest age of an event, twice dispatched."""
SETTLE_GRACE_MS = 5_000
"""How long past its deadline a slot waits for its own worker before the reaper ends it."""
DEFERRED_LOOK_MS = 60_000
"""How often the reaper looks for the picture of a call whose notice may be lost."""
RESUME_MS = 60_000
"""How long a second worker polls a ticket that a dead worker left."""
RESUME_WINDOW_MS = 120_000
"""How long past its deadline a ticket waits for a second worker."""


@dataclass(frozen=True)
class JobSlot:
    """One picture that the job is to have, of a model as it was configured when the job was made.

    `index` is the model's own for its first variant; its second one is 100 further, and so on.
    """

    index: int
    name: str
    provider: str
    model_id: str
    timeout_ms: int
    simulated: bool
    deferred: bool = False
    """Its answer comes by callback, perhaps minutes later."""
    price_usd: float | None = None
    """Of a deferred one: what its picture costs, for whoever ends it without the models' list."""

    @property
    def model_index(self) -> int:
        return model_of(self.index)

    @property
    def variant(self) -> int:
        return variant_of(self.index)

    @property
    def label(self) -> tuple[str, str, bool]:
        """Return what tells a person who draws: name, provider, simulated or real."""
        return self.name, self.provider, self.simulated


@dataclass(frozen=True)
class Lease:
    """The right to call one slot's provider, held by one worker until `deadline` (epoch ms).

    `ticket` is what a resumable provider gave; `resumed` says that a second worker holds it.
    `drawn_by` is the slot as configured for this attempt, where that differs from the job's.
    A `deferred` lease lasts until the callback or the deadline, although its worker has ended.
    """

    holder: str
    started_at: int
    deadline: int
    ticket: str | None = None
    resumed: bool = False
    drawn_by: JobSlot | None = None
    deferred: bool = False
    phase: Phase | None = None

    def next_look(self, now: int) -> int:
        """Return when the reaper has to look at it, should nothing happen until then."""
        end = self.deadline + SETTLE_GRACE_MS
        if end <= now:
            return now + DISPATCH_GRACE_MS
        return min(end, now + DEFERRED_LOOK_MS) if self.deferred else end

    def is_resumable(self, now: int) -> bool:
        """Its worker is dead, and its picture can still be had without paying again."""
        dead = self.deadline <= now < self.deadline + RESUME_WINDOW_MS
        return dead and self.ticket is not None and not self.resumed and not self.deferred


@dataclass(frozen=True, order=True)
class Reserved:
    """Where the money for a slot's present attempt is set aside: on which UTC day, and the tag
    that is common to the attempts that began together.
    """

    day: str
    tag: str


@dataclass(frozen=True)
class Failure:
    """Why a slot has no picture, in the contract's codes."""

    code: str
    sentence: str
    retryable: bool


@dataclass(frozen=True)
class Outcome:
    """The one end of one attempt: a picture, a failure, or neither when it was cancelled."""

    attempt: int
    started_at: int | None
    completed_at: int
    cost: Cost
    image: StoredImage | None = None
    failure: Failure | None = None
    drawn_by: JobSlot | None = None
    """As the lease's: the label of this attempt, where it differs from the job's."""

    @property
    def status(self) -> EndStatus:
        if self.image:
            return "completed"
        return "error" if self.failure else "cancelled"


@dataclass(frozen=True)
class CallName:
    """What the call of one attempt is called outside: its end comes back under this name."""

    job_id: str
    index: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.job_id}.{self.index}.{self.attempt}"

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Return the name that was given, None for one that no job gives."""
        found = _CALL_NAME.fullmatch(name)
        return cls(found[1], int(found[2]), int(found[3])) if found else None


@dataclass(frozen=True)
class Grave:
    """What stands in the place of a deleted job until `until_ms`, when nothing of it can come."""

    job_id: str
    target: str
    owner: str
    created_at: int
    until_ms: int


def preview_mark(index: int, attempt: int, state: PreviewState) -> str:
    """Return how a job remembers the previews of one attempt's picture: as short as can be."""
    return f"{index}:{attempt}" if state == "drawn" else f"{index}:{attempt}!"


def slot_index(model_index: int, variant: int) -> int:
    """Return the index of the slot in a job that is to have this variant of a model."""
    return model_index + VARIANTS_APART * (variant - 1)


def model_of(index: int) -> int:
    """Return the index of the configured model whose slot in a job this is."""
    return index % VARIANTS_APART


def variant_of(index: int) -> int:
    """Return which of its model's variants the slot of a job is, counted from 1."""
    return index // VARIANTS_APART + 1


@dataclass(frozen=True)
class Job:
    """The whole live state of one prompt at its models, as one item holds it."""

    id: str
    target: str
    prompt: str
    parameters: Parameters
    slots: tuple[JobSlot, ...]
    created_at: int
    updated_at: int
    seq: int
    deadline: int
    expires_at: int
    payload_hash: str = ""
    token: str = ""
    leases: Mapping[int, Lease] = field(default_factory=dict)
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    attempts: Mapping[int, int] = field(default_factory=dict)
    reserved: Mapping[int, Reserved] = field(default_factory=dict)
    previewed: frozenset[str] = frozenset()
    """Marks of the pictures whose previews were drawn, or cannot be: see `preview_mark`."""
    verdict: Verdict | None = None
    judged: bool = False
    """Whether there ever was a verdict; then there is a ballot, be it an empty one."""
    stars: frozenset[str] = frozenset()
    """The ids of the results whose pictures have a star."""
    blind: Blind | None = None
    """Of a run whose models are hidden until there is a verdict: what results are called."""
    subscribers: frozenset[str] = frozenset()
    owner: str = ""
    """Whose the job is; empty for one that was made without accounts."""
    cancelled_at: int | None = None
    """When the whole job was cancelled; slots that were cancelled one by one leave it unset."""
    is_open: bool = True

    @property
    def variants(self) -> int:
        """Return how many pictures each model is to draw."""
        return max(slot.variant for slot in self.slots)

    def result_id(self, index: int) -> str:
        """Return what the result of a slot is called outside: "3", or "3.2" among variants."""
        name = str(model_of(index))
        return f"{name}.{variant_of(index)}" if self.variants > 1 else name

    def asked_of(self, index: int) -> Parameters:
        """Return the settings for one slot: a wished seed is the first variant's.

        The following count up from there, and after the largest seed from 0.
        """
        seed, variant = self.parameters.seed, variant_of(index)
        if seed is None or variant == 1:
            return self.parameters
        return replace(self.parameters, seed=(seed + variant - 1) % (LARGEST_SEED + 1))

    def slot(self, index: int) -> JobSlot | None:
        return next((s for s in self.slots if s.index == index), None)

    def drawn_by(self, slot: JobSlot) -> JobSlot:
        """Return the slot as it was configured when its present attempt began."""
        attempt = self.outcomes.get(slot.index) or self.leases.get(slot.index)
        return (attempt and attempt.drawn_by) or slot

    def awaits_callback(self, index: int, attempt: int) -> Lease | None:
        """Return the lease of an attempt that was handed over and has no end; None for others."""
        lease = self.leases.get(index)
        awaited = lease is not None and lease.deferred and index not in self.outcomes
        return lease if awaited and attempt == self.attempt(index) else None

    def attempt(self, index: int) -> int:
        return self.attempts.get(index, 1)

    def preview(self, index: int) -> PreviewState | None:
        """Return what became of the previews of a slot's picture; None while they are missing."""
        states: tuple[PreviewState, ...] = ("drawn", "broken")
        marks = ((state, preview_mark(index, self.attempt(index), state)) for state in states)
        return next((state for state, mark in marks if mark in self.previewed), None)

    @property
    def unpreviewed(self) -> tuple[int, ...]:
        """Return the slots whose picture has no previews yet."""
        drawn = (index for index, outcome in sorted(self.outcomes.items()) if outcome.image)
        return tuple(index for index in drawn if self.preview(index) is None)

    @property
    def result_ids(self) -> tuple[str, ...]:
        return tuple(self.result_id(slot.index) for slot in self.slots)

    @property
    def pictured(self) -> frozenset[str]:
        """Return the ids of the results that have a picture, which none of them loses again."""
        return frozenset(self.result_id(i) for i, outcome in self.outcomes.items() if outcome.image)

    @property
    def hidden(self) -> bool:
        """Whether nobody may be told yet which result is which model's: see `blind_view`."""
        return self.blind is not None and not self.judged

    @property
    def secretive(self) -> bool:
        """Whether nothing may be told yet of single results, not even how many have ended."""
        return self.hidden and not self.finished

    @property
    def shown_seq(self) -> int:
        """Return the number of the state that is shown, which knows no single end of a secret."""
        if self.secretive:
            return 1 if self.status == "pending" else 2
        return self.seq

    @property
    def shown_updated_at(self) -> int:
        return self.created_at if self.secretive else self.updated_at

    @property
    def shown_slots(self) -> tuple[JobSlot, ...]:
        """Return the slots in the order in which they are shown."""
        if self.blind is None or not self.hidden:
            return self.slots
        place = {each: number for number, each in enumerate(self.blind.order)}
        return tuple(sorted(self.slots, key=lambda slot: place[self.result_id(slot.index)]))

    def shown_preview(self, index: int) -> PreviewState | None:
        """Return a preview's state: hidden ones come together, since the first are of the quick."""
        waits = self.secretive or (self.hidden and self.unpreviewed)
        return None if waits else self.preview(index)

    def meant(self, name: str) -> str | None:
        """Return the id of the result that a caller calls so, None where no result is."""
        of_blind = self.blind.result_id(name) if self.blind else None
        if of_blind or self.hidden:
            return of_blind
        return name if name in self.result_ids else None

    def slot_status(self, index: int) -> SlotStatus:
        if index in self.outcomes:
            return self.outcomes[index].status
        return "in_progress" if index in self.leases else "pending"

    @property
    def unfinished(self) -> tuple[int, ...]:
        return tuple(s.index for s in self.slots if s.index not in self.outcomes)

    @property
    def finished(self) -> bool:
        return not self.unfinished

    @property
    def listed(self) -> bool:
        """True from the job's first end on: a retry leaves it in the gallery."""
        return self.finished or any(attempt > 1 for attempt in self.attempts.values())

    @property
    def status(self) -> JobStatus:
        if not self.finished:
            return "in_progress" if self.leases or self.outcomes else "pending"
        ends = {self.outcomes[s.index].status for s in self.slots}
        if ends == {"completed"}:
            return "completed"
        if "completed" in ends:
            return "partial"
        return "cancelled" if self.cancelled_at or ends == {"cancelled"} else "failed"

    @property
    def completed_at(self) -> int | None:
        if not self.finished:
            return None
        return max(o.completed_at for o in self.outcomes.values())

    def count(self, status: EndStatus) -> int:
        """Return how many results have ended so, as far as that may be told."""
        return 0 if self.secretive else sum(o.status == status for o in self.outcomes.values())

    @property
    def simulated(self) -> bool:
        return any(self.drawn_by(slot).simulated for slot in self.slots)

    def waits_for_worker(self, now: int) -> bool:
        """Return whether a slot of the job is free and may still begin."""
        return now < self.deadline and any(i not in self.leases for i in self.unfinished)

    def next_look(self, now: int) -> int:
        """When the reaper has to look again, should nothing happen until then."""
        claims = [self.leases[i] for i in self.unfinished if i in self.leases]
        times = [lease.next_look(now) for lease in claims]
        waits = len(claims) < len(self.unfinished)
        return min([*times, now + DISPATCH_GRACE_MS] if waits else times, default=now)


@dataclass(frozen=True)
class LeaseRequest:
    """A lease that a worker wants; `takes_over` is the dead holder whose ticket it resumes."""

    index: int
    lease: Lease
    takes_over: str | None = None


@dataclass(frozen=True)
class SlotResult:
    """The end of one slot; `holder` is the lease it ends, None for a slot that nobody leased."""

    index: int
    holder: str | None
    outcome: Outcome
