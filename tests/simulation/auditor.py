"""Watches every write, object, message, call and log line, and says which promise was broken.

The numbers are those of "What must always hold" in docs/architecture.md.
"""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from operator import attrgetter

from chalicelib.images.store import PREVIEW_SUFFIX, THUMBNAIL_SUFFIX
from chalicelib.jobs import items
from chalicelib.jobs.model import (
    DISPATCH_GRACE_MS,
    RESUME_MS,
    RESUME_WINDOW_MS,
    SETTLE_GRACE_MS,
    Job,
    Lease,
    Outcome,
)
from chalicelib.jobs.reservations import charge
from tests.simulation.expressions import Item
from tests.simulation.money import MoneyAuditor
from tests.simulation.providers import Attempt, Ledger
from tests.simulation.scheduler import Scheduler

REAPER_PERIOD_MS = 60_000
FAILED_PASS_MS = REAPER_PERIOD_MS + 15_000
"""A pass of the reaper may itself die, and its calls take their time."""
made_with = attrgetter(
    "target", "prompt", "parameters", "slots", "created_at", "expires_at", "payload_hash"
)
SPENDING = 8
"""The daily ceiling is kept: a promise of the settings, after the seven of the design."""
CANARY = "canary-5309"
"""Part of every prompt; it may never show up in a log line."""


@dataclass(frozen=True)
class Violation:
    """A broken promise, and whose job it was."""

    promise: int
    sentence: str
    job_id: str

    def __str__(self) -> str:
        return f"promise {self.promise}: {self.sentence} (job {self.job_id})"


@dataclass
class Auditor:
    """Holds the truth beside the product: leases as they were given, ends as they were written."""

    scheduler: Scheduler
    ledger: Ledger
    address_limit: int
    price: int
    violations: list[Violation] = field(default_factory=list)
    held: dict[tuple[str, int, str], int] = field(default_factory=dict)
    ends: dict[Attempt, tuple[int, Outcome]] = field(default_factory=dict)
    illegal: int = 0
    stuck: int = 0
    lost: int = 0
    lost_with_worker: int = 0
    adopted: int = 0
    latest_ms: int = 0
    _shown: dict[tuple[str, int], int] = field(default_factory=dict)
    _limits: dict[Attempt, int] = field(default_factory=dict)
    _stored: set[Attempt] = field(default_factory=set)

    def on_write(self, old: Item | None, new: Item) -> None:
        """Judges one change of one item."""
        kind = (new or old or {})["pk"]["S"].partition("#")[0]
        if kind == "LIMIT":
            self._check_admissions(new)
        if kind == "SPEND":
            self.money.on_write(old or {}, new)
        if kind != "JOB":
            return
        job, before = items.to_job(new), items.to_job(old) if old else None
        self.money.on_job(before, job)
        if before is None:
            self._await_ends(job, [slot.index for slot in job.slots])
            return
        known = len(self.violations)
        self._check_order(before, job)
        self._check_leases(before, job)
        self._check_outcomes(before, job)
        self.illegal += len(self.violations) - known
        for index in sorted(job.outcomes.keys() - before.outcomes.keys()):
            self._check_kept((job.id, index, job.attempt(index)))

    def on_call(self, job_id: str, index: int, owners: set[str]) -> Attempt:
        """Promise 2: whoever calls a provider holds the lease, or held it for this attempt."""
        for holder in owners:
            if (job_id, index, holder) in self.held:
                return job_id, index, self.held[job_id, index, holder]
        self._break(2, f"slot {index} was called without a lease", job_id)
        return job_id, index, 0

    def on_bill(self, attempt: Attempt) -> None:
        """Promise 2: an attempt is billed once."""
        if (calls := self.ledger.billed[attempt]) > 1:
            self._break(2, f"slot {attempt[1]} was billed {calls} times", attempt[0])

    def on_put(self, key: str, body: bytes, is_new: bool) -> None:
        """Promise 5: a picture is stored as it was sent, and never replaced."""
        if key.endswith((PREVIEW_SUFFIX, THUMBNAIL_SUFFIX)):
            return
        attempt = attempt_of(key)
        sent = self.ledger.sent.get(attempt)
        if sent is None or sent.data != body or not is_new:
            self._break(5, f"{key} is not what the provider sent", attempt[0])
        self._stored.add(attempt)

    def on_message(self, message: bytes) -> None:
        """Promise 4: the same `seq` is the same job, whoever says it."""
        job = json.loads(message)["job"]
        names = [result["resultId"] for result in job["results"]]
        if len(set(names)) < job["totalModels"]:
            self._break(4, f"results share their names: {names}", job["jobId"])
        known = self._shown.setdefault((job["jobId"], job["seq"]), hash(message))
        if known != hash(message):
            self._break(4, f"seq {job['seq']} was shown in two versions", job["jobId"])

    def on_log(self, line: str) -> None:
        """Promise 6: no prompt in a log line."""
        if CANARY in line:
            self._break(6, "a log line holds the prompt", "")

    def close(self, table: Collection[Item]) -> None:
        """Judges what only shows when everything has come to rest."""
        gallery = {i["job"]["S"]: int(i["images"]["N"]) for i in _kind(table, "GALLERY#")}
        for item in _kind(table, "JOB#"):
            self._check_rest(items.to_job(item), gallery)
        for attempt in sorted(self.ledger.sent.keys() - self.ends.keys()):
            self._check_kept(attempt)
        spent = self.money.close()
        due = sum(self._due(outcome) for _, outcome in self.ends.values())
        if spent != due:
            self._break(SPENDING, f"{spent} counted as spent, {due} charged", "")

    @cached_property
    def money(self) -> MoneyAuditor:
        return MoneyAuditor(self.ends, partial(self._break, SPENDING))

    def log_watch(self) -> logging.Handler:
        return _LogWatch(self)

    @property
    def billed_twice(self) -> int:
        return sum(calls > 1 for calls in self.ledger.billed.values())

    def _check_admissions(self, window: Item) -> None:
        used, whom = int(window["used"]["N"]), window["pk"]["S"]
        if "#ip#" in whom and used > self.address_limit:
            self._break(7, f"{used} admissions of {whom}", "")

    def _check_order(self, old: Job, new: Job) -> None:
        step = new.seq - old.seq
        if step not in (0, 1):
            self._break(4, f"seq moved by {step}", new.id)
        if step == 0 and _visible(old) != _visible(new):
            self._break(4, "the job changed and its seq did not", new.id)
        if made_with(old) != made_with(new):
            self._break(4, "what the job was made with has changed", new.id)

    def _check_leases(self, old: Job, new: Job) -> None:
        for index in old.leases.keys() | new.leases.keys():
            before, after = old.leases.get(index), new.leases.get(index)
            if before == after:
                continue
            if after:
                self._hold(new, index, before, after)
            elif new.attempt(index) != old.attempt(index) + 1:
                self._break(2, f"slot {index} lost its lease", new.id)

    def _hold(self, job: Job, index: int, before: Lease | None, after: Lease) -> None:
        if before is None or before.holder != after.holder:
            self._check_holder(job, index, before, after)
        self.held[job.id, index, after.holder] = job.attempt(index)
        self._limits[job.id, index, job.attempt(index)] = _last_moment(after)

    def _check_holder(self, job: Job, index: int, before: Lease | None, after: Lease) -> None:
        if index in job.outcomes:
            self._break(1, f"slot {index} was leased after its end", job.id)
        if before:
            heir = after.resumed and after.ticket == before.ticket
            if not heir or not before.is_resumable(self.scheduler.clock()):
                self._break(2, f"slot {index} was taken from its holder", job.id)

    def _check_outcomes(self, old: Job, new: Job) -> None:
        for index in old.outcomes.keys() | new.outcomes.keys():
            before, after = old.outcomes.get(index), new.outcomes.get(index)
            if after and not before:
                self._end(new, index, after)
            elif before and not after:
                self._reopened(new, index, before)
            elif before != after:
                self._break(1, f"the outcome of slot {index} changed", new.id)

    def _end(self, job: Job, index: int, outcome: Outcome) -> None:
        now, attempt = self.scheduler.clock(), (job.id, index, job.attempt(index))
        if outcome.attempt != job.attempt(index):
            self._break(1, f"slot {index} got the end of another attempt", job.id)
        if attempt in self.ends:
            self._break(1, f"slot {index} ended twice", job.id)
        self.ends[attempt] = now, outcome
        if outcome.image and self.scheduler.process.name.startswith("reaper"):
            self.adopted += 1
        late = now - self._limits.get(attempt, now)
        self.latest_ms = max(self.latest_ms, late)
        if late > 0:
            self._break(3, f"slot {index} ended {late} ms too late", job.id)

    def _reopened(self, job: Job, index: int, ended: Outcome) -> None:
        if ended.image or job.attempt(index) != ended.attempt + 1:
            self._break(1, f"slot {index} lost its outcome", job.id)
        self._await_ends(job, [index])

    def _await_ends(self, job: Job, indices: Collection[int]) -> None:
        """A slot that nobody leases ends when its time to be leased is over."""
        over = job.deadline + 2 * DISPATCH_GRACE_MS + FAILED_PASS_MS
        for index in indices:
            self._limits[job.id, index, job.attempt(index)] = over

    def _due(self, outcome: Outcome) -> int:
        """What nobody knows counts as reserved."""
        cost = charge(outcome)
        return self.price if cost is None else cost

    def _check_rest(self, job: Job, gallery: Mapping[str, int]) -> None:
        if not job.finished or job.is_open:
            self.stuck += 1
            self._break(3, f"the job never ended: {job.status}, open {job.is_open}", job.id)
        elif gallery.get(job.id) != job.count("completed"):
            self._break(3, "the gallery does not show the job as it ended", job.id)

    def _check_kept(self, attempt: Attempt) -> None:
        """A picture that reached a worker in time is in the result, whatever came after."""
        sent = self.ledger.sent.get(attempt)
        if sent is None or not sent.in_time:
            return
        at, outcome = self.ends.get(attempt, (sent.at + 1, None))
        if at <= sent.at or (outcome and (outcome.image or outcome.status == "cancelled")):
            return
        if not sent.process.alive and attempt not in self._stored:
            self.lost_with_worker += 1
            return
        self.lost += 1
        code = outcome.failure.code if outcome and outcome.failure else "nothing"
        self._break(3, f"slot {attempt[1]} had its picture and ended as {code}", attempt[0])

    def _break(self, promise: int, sentence: str, job_id: str) -> None:
        self.violations.append(Violation(promise, sentence, job_id))
        self.scheduler.stopped = True


class _LogWatch(logging.Handler):
    """Hands every log line to the auditor."""

    def __init__(self, auditor: Auditor) -> None:
        super().__init__()
        self._auditor = auditor

    def emit(self, record: logging.LogRecord) -> None:
        self._auditor.on_log(self.format(record))


def attempt_of(key: str) -> Attempt:
    """`group-images/{moment}-{job}/{model}-{slot}-{attempt}.png`"""
    _, target, name = key.split("/")
    index, attempt = name.partition(".")[0].split("-")[-2:]
    return target[20:], int(index), int(attempt)


def _visible(job: Job) -> object:
    """What `GET /status` can show: tickets, listeners and the reaper's marks are not."""
    begun = {index: lease.started_at for index, lease in job.leases.items()}
    return replace(job, leases={}, subscribers=frozenset(), is_open=True), begun


def _last_moment(lease: Lease) -> int:
    """Deadline and grace, one period of the reaper, and one more for a pass that died."""
    waits = RESUME_WINDOW_MS + RESUME_MS if lease.ticket and not lease.resumed else 0
    return lease.deadline + SETTLE_GRACE_MS + REAPER_PERIOD_MS + FAILED_PASS_MS + waits


def _kind(table: Collection[Item], prefix: str) -> list[Item]:
    return [item for item in table if item["pk"]["S"].startswith(prefix)]
