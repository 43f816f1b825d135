"""Watches every write, object, message, call and log line, and says which promise was broken.

The numbers are those of "What must always hold" in docs/architecture.md.
"""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

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
CONSTANT = ("target", "prompt", "parameters", "slots", "created", "expires", "fingerprint")
INVISIBLE = ("open", "wake", "subscribers")
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
    """Holds the truth beside the product: claims as they were given, ends as they were written."""

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
        job_id = items.job_id_of(new)
        self.money.on_job(job_id, old or {}, new)
        if old is None:
            self._await_ends(job_id, new, new["slots"]["S"])
            return
        before = len(self.violations)
        self._check_order(job_id, old, new)
        if old["claims"] is not new["claims"]:
            self._check_claims(job_id, old, new)
        if old["results"] is not new["results"]:
            self._check_results(job_id, old, new)
        self.illegal += len(self.violations) - before
        for name in sorted(new["results"]["M"].keys() - old["results"]["M"].keys()):
            self._check_kept((job_id, int(name), _attempt(new, name)))

    def on_call(self, job_id: str, index: int, owners: set[str]) -> Attempt:
        """Promise 2: whoever calls a provider holds the lease, or held it for this attempt."""
        for holder in owners:
            if (job_id, index, holder) in self.held:
                return job_id, index, self.held[job_id, index, holder]
        self._break(2, f"slot {index} was called without a claim", job_id)
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

    def _check_order(self, job_id: str, old: Item, new: Item) -> None:
        step = int(new["seq"]["N"]) - int(old["seq"]["N"])
        if step not in (0, 1):
            self._break(4, f"seq moved by {step}", job_id)
        if step == 0 and _visible(old) != _visible(new):
            self._break(4, "the job changed and its seq did not", job_id)
        if any(old.get(name) != new.get(name) for name in CONSTANT):
            self._break(4, "what the job was made with has changed", job_id)

    def _check_claims(self, job_id: str, old: Item, new: Item) -> None:
        before, after = old["claims"]["M"], new["claims"]["M"]
        for name in before.keys() | after.keys():
            if before.get(name) == after.get(name):
                continue
            if name in after:
                self._hold(job_id, name, before.get(name), after[name]["M"], new)
            elif _attempt(new, name) != _attempt(old, name) + 1:
                self._break(2, f"slot {name} lost its claim", job_id)

    def _hold(self, job_id: str, name: str, before: Item | None, after: Item, new: Item) -> None:
        lease, attempt = items.to_lease(after), _attempt(new, name)
        if before is None or before["M"]["owner"] != after["owner"]:
            self._check_claimant(job_id, name, before, lease, new)
        self.held[job_id, int(name), lease.holder] = attempt
        self._limits[job_id, int(name), attempt] = _last_moment(lease)

    def _check_claimant(
        self, job_id: str, name: str, before: Item | None, lease: Lease, new: Item
    ) -> None:
        if name in new["results"]["M"]:
            self._break(1, f"slot {name} was claimed after its end", job_id)
        if before:
            old = items.to_lease(before["M"])
            heir = lease.resumed and lease.ticket == old.ticket
            if not heir or not old.is_resumable(self.scheduler.clock()):
                self._break(2, f"slot {name} was taken from its owner", job_id)

    def _check_results(self, job_id: str, old: Item, new: Item) -> None:
        before, after = old["results"]["M"], new["results"]["M"]
        for name in before.keys() | after.keys():
            if name not in before:
                self._end(job_id, name, after[name]["S"], new)
            elif name not in after:
                self._reopened(job_id, name, old, new)
            elif before[name] != after[name]:
                self._break(1, f"the result of slot {name} changed", job_id)

    def _end(self, job_id: str, name: str, raw: str, new: Item) -> None:
        outcome, attempt = items.to_outcome(raw), _attempt(new, name)
        if outcome.attempt != attempt:
            self._break(1, f"slot {name} got the end of another attempt", job_id)
        if (job_id, int(name), attempt) in self.ends:
            self._break(1, f"slot {name} ended twice", job_id)
        self.ends[job_id, int(name), attempt] = self.scheduler.clock(), outcome
        if outcome.image and self.scheduler.process.name.startswith("reaper"):
            self.adopted += 1
        late = self.scheduler.clock() - self._limits.get(
            (job_id, int(name), attempt), self.scheduler.clock()
        )
        self.latest_ms = max(self.latest_ms, late)
        if late > 0:
            self._break(3, f"slot {name} ended {late} ms too late", job_id)

    def _reopened(self, job_id: str, name: str, old: Item, new: Item) -> None:
        ended = items.to_outcome(old["results"]["M"][name]["S"])
        if ended.image or _attempt(new, name) != ended.attempt + 1:
            self._break(1, f"slot {name} lost its result", job_id)
        self._await_ends(job_id, new, json.dumps([{"index": int(name)}]))

    def _await_ends(self, job_id: str, item: Item, slots: str) -> None:
        """A slot that nobody claims ends when its time to be claimed is over."""
        over = int(item["deadline"]["N"]) + 2 * DISPATCH_GRACE_MS + FAILED_PASS_MS
        for slot in json.loads(slots):
            attempt = _attempt(item, str(slot["index"]))
            self._limits[job_id, slot["index"], attempt] = over

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


def _attempt(item: Item, name: str) -> int:
    return int(item["attempts"]["M"].get(name, {"N": "1"})["N"])


def _visible(item: Item) -> dict[str, Any]:
    """What `GET /status` can show: tickets, listeners and the reaper's marks are not."""
    claims = {n: c["M"]["started"] for n, c in item["claims"]["M"].items()}
    rest = {name: value for name, value in item.items() if name not in INVISIBLE}
    return {**rest, "claims": claims}


def _last_moment(lease: Lease) -> int:
    """Deadline and grace, one period of the reaper, and one more for a pass that died."""
    waits = RESUME_WINDOW_MS + RESUME_MS if lease.ticket and not lease.resumed else 0
    return lease.deadline + SETTLE_GRACE_MS + REAPER_PERIOD_MS + FAILED_PASS_MS + waits


def _kind(table: Collection[Item], prefix: str) -> list[Item]:
    return [item for item in table if item["pk"]["S"].startswith(prefix)]
