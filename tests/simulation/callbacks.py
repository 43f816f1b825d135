"""One sequence of R11: jobs with handed-over slots, and everything that can befall their notices.

Time is virtual and everything runs in one thread: a sequence is decided by its number alone.
"""

import heapq
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, cast

from chalicelib.callers import Caller
from chalicelib.config import Settings, load
from chalicelib.errors import AppError
from chalicelib.images.previews import Previews
from chalicelib.jobs.items import job_id_of, to_job
from chalicelib.jobs.model import SETTLE_GRACE_MS, CallName, Job, Outcome
from chalicelib.jobs.previewing import Previewing
from chalicelib.jobs.service import Submission
from chalicelib.providers.adapters.sagemaker.notices import output_key
from chalicelib.providers.base import (
    CallContext,
    Deferred,
    ImageProvider,
    ImageRequest,
    Parameters,
    Picture,
    Recovery,
)
from chalicelib.providers.models.catalog import CatalogModel, resolve
from chalicelib.providers.models.prices import Price
from chalicelib.providers.registry import Slot
from chalicelib.wiring import Services
from chalicelib.wiring.ports import Ports
from tests.pictures import png
from tests.simulation.cloud import S3, DynamoDB
from tests.simulation.handed_over import Call, failure_place, notice

START, MINUTE = 1_795_000_000_000, 60_000
TIMEOUT_S, LATEST_MINUTES = 900, 40
SLOTS = (1, 2, 3)
INLINE = 1
PRICE = Price(0.04, "estimated", "as set")
SETTINGS = {
    "TABLE_NAME": "table",
    "S3_BUCKET": "bucket",
    "WORKER_FUNCTION": "worker",
    "PREVIEWS_FUNCTION": "previews",
    "MODERATION": "off",
    "IP_LIMIT": "off",
    "DAILY_SPEND_LIMIT_USD": "100000",
}
ANYBODY = Caller("203.0.113.9")


class Broken(AssertionError):
    """A promise was broken; the sequence's number tells how to see it again."""


@dataclass
class Fanout:
    """Runs each piece of work at once."""

    done: list[int] = field(default_factory=list)

    def start(self, index: int, work: Callable[[], None]) -> None:
        work()
        self.done.append(index)

    def next_finished(self, timeout_s: float) -> int | None:
        return self.done.pop(0) if self.done else None


@dataclass
class Endpoint:
    """A slot's model: the first draws at once, the others hand over."""

    index: int
    sequence: "Sequence"
    recovery = Recovery.RESUMABLE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        if self.index == INLINE:
            return Picture(png(context.name))
        call = self.sequence.take(context.name)
        raise Deferred(f"s3://bucket/{failure_place(call)}" if call.tells_failures else None)


class Models:
    """One model that answers and two that sleep."""

    def __init__(self, sequence: "Sequence") -> None:
        self._sequence = sequence
        self.slots = tuple(
            Slot(i, f"Model {i}", _model(i), TIMEOUT_S if i != INLINE else 120, simulated=True)
            for i in SLOTS
        )

    def image(self, index: int) -> ImageProvider:
        return Endpoint(index, self._sequence)

    def is_warm(self, model_id: str) -> bool | None:
        return self._sequence.dice.choice((True, False, None))

    def text(self) -> None:
        return None


class SequencePorts(Ports):
    """The product's ports into one sequence."""

    def __init__(self, sequence: "Sequence", settings: Settings) -> None:
        super().__init__(settings)
        self._sequence = sequence
        self.dynamodb = cast(Any, sequence.table)
        self.s3 = cast(Any, sequence.bucket)
        self.functions = cast(Any, sequence)
        self.sockets = cast(Any, None)
        self.models = Models(sequence)

    def clock(self) -> int:
        return self._sequence.now

    def sleep(self, seconds: float) -> None:
        raise Broken(f"{seconds} s were spent waiting")

    def new_id(self) -> str:
        return str(self._sequence.uuid())

    def fanout(self) -> Any:
        return Fanout()


class Sequence:
    """Jobs, their calls and notices, by the dice of one number."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(f"callbacks {number}")
        self.now = START
        self.table = DynamoDB(self._on_write)
        self.bucket = S3()
        self.calls: dict[str, Call] = {}
        self.ends: dict[tuple[str, int, int], tuple[int, Outcome]] = {}
        self.cancels: set[tuple[str, int]] = set()
        self.jobs: list[Job] = []
        self.lost = self.adopted = 0
        self._latest: dict[str, Job] = {}
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self.at = Services(load(SETTINGS), SequencePorts(self, load(SETTINGS)))

    def run(self) -> None:
        for _ in range(self.dice.randint(1, 2)):
            self._after(self._some(5), self._submit)
        for minute in range(1, 2 * LATEST_MINUTES + 30):
            self._after(minute * MINUTE, self._reap)
        for _ in range(self.dice.randint(0, 3)):
            self._after(self._some(30), lambda: self._deliver(self._stray()))
        while self._events:
            at, _, event = heapq.heappop(self._events)
            self.now = at
            event()
        self._judge()

    def uuid(self) -> str:
        raw = f"{self.dice.getrandbits(128):032x}"
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def invoke(self, **request: Any) -> None:
        event = json.loads(request["Payload"])
        if request["FunctionName"] == "worker":
            self._after(self.now - START + 1, lambda: self._work(event["jobId"]))
        else:
            self._after(self.now - START + 2, lambda: self._preview(event))

    def take(self, name: str) -> Call:
        """Hand a call over: decide what becomes of it and of its notices."""
        if name in self.calls:
            raise Broken(f"{name} was handed over twice")
        parsed = CallName.parse(name)
        if parsed is None:
            raise Broken(f"{name} is no name of a call")
        call = self.calls[name] = Call(parsed, png(name), self.dice.random() < 0.8)
        self._decide(name, call)
        return call

    def _decide(self, name: str, call: Call) -> None:
        fate = self.dice.random()
        ready = self.now - START + self._some(18)
        if fate < 0.15:
            return
        if fate < 0.3:
            self._after(ready, lambda: self._refuse(call))
            if fate < 0.25:
                told = notice(name, failed=True)
                self._tell(ready, lambda: self._deliver(told, call, failed=True))
            elif call.tells_failures:
                self.lost += 1
            return
        self._after(ready, lambda: self._draw(call))
        if fate < 0.4:
            self.lost += 1
            return
        self._tell(ready, lambda: self._deliver(notice(name), call))

    def _tell(self, ready: int, deliver: Callable[[], None]) -> None:
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            late = self.dice.choice((0, 0, self._some(2), self._some(LATEST_MINUTES)))
            self._after(ready + 1 + late, deliver)

    def _draw(self, call: Call) -> None:
        call.drawn_at = self.now
        self.bucket.put_object(Key=output_key(str(call.name)), Body=call.data, Metadata={})

    def _refuse(self, call: Call) -> None:
        if call.tells_failures:
            call.refused_at = self.now
            told = b'{"error": "No memory.", "code": "OUT_OF_MEMORY"}'
            self.bucket.put_object(Key=failure_place(call), Body=told, Metadata={})

    def _deliver(self, body: str, call: Call | None = None, *, failed: bool = False) -> None:
        if call:
            (call.failed_at if failed else call.told_at).append(self.now)
        self.at.jobs.callbacks.receive(body)
        if call and self._is_open(call):
            raise Broken(f"a notice left {call.name} open")

    def _stray(self) -> str:
        """A message about nothing that anybody knows."""
        unknown = CallName(self.uuid(), self.dice.choice(SLOTS), 1)
        failed = self.dice.random() < 0.5
        strange = ("", "null", "{}", "[1]", '{"inferenceId": 1}', notice("a.b"), "{" * 2000)
        return self.dice.choice(
            (notice(str(unknown)), notice(str(unknown), failed=failed), *strange)
        )

    def _submit(self) -> None:
        wanted = Submission("a lighthouse", Parameters(seed=7, explicit=("seed",)))
        job = self.at.jobs.service.submit(wanted, ANYBODY, None)
        self.jobs.append(job)
        actions = (self._cancel, self._cancel_one, self._retry, self._retry, self._delete)
        for _ in range(self.dice.randint(0, 3)):
            action = self.dice.choice(actions)
            self._after(self.now - START + self._some(30), partial(self._act, action, job))

    def _act(self, action: Callable[[Job], None], job: Job) -> None:
        try:
            action(job)
        except AppError:
            return

    def _cancel(self, job: Job) -> None:
        self.cancels.add((job.id, self.now))
        self.at.jobs.service.cancel(job.id)

    def _cancel_one(self, job: Job) -> None:
        self.cancels.add((job.id, self.now))
        self.at.jobs.service.cancel(job.id, [self.dice.choice(SLOTS)])

    def _retry(self, job: Job) -> None:
        current = self.at.jobs.service.get(job.id)
        ended = [i for i in SLOTS if current.slot_status(i) in ("error", "cancelled")]
        if ended:
            self.at.jobs.service.retry(job.id, ended, ANYBODY)

    def _delete(self, job: Job) -> None:
        self.cancels.add((job.id, self.now))
        self.at.jobs.deletion.delete(job.id, ANYBODY)

    def _work(self, job_id: str) -> None:
        self.at.jobs.executor.run(job_id, 900_000)

    def _preview(self, event: dict[str, Any]) -> None:
        jobs = self.at.jobs.previewing
        previewing = Previewing(
            store=jobs.store,
            pictures=jobs.pictures,
            lifecycle=jobs.lifecycle,
            draw=lambda data: Previews(data[:16], data[:8]),
            fanout=jobs.fanout,
            clock=jobs.clock,
        )
        previewing.run(event["jobId"], event["slots"])

    def _reap(self) -> None:
        before = len(self.ends)
        self.at.jobs.reaper.run(60_000)
        new = list(self.ends.values())[before:]
        self.adopted += sum(_was_found(outcome) for _, outcome in new)
        self.at.ground.spending.finish_pending()
        for call in self.calls.values():
            ended_at = call.drawn_at or call.refused_at
            if ended_at and self.now > ended_at + 2 * MINUTE and self._is_open(call):
                raise Broken(f"the end of {call.name} was not found")

    def _is_open(self, call: Call) -> bool:
        name = call.name
        job = self._latest.get(name.job_id)
        return job is not None and job.awaits_callback(name.index, name.attempt) is not None

    def _on_write(self, old: Any, new: Any) -> None:
        if old and "results" in old and "results" not in new:
            self._latest.pop(job_id_of(old), None)
        if "results" not in new:
            return
        job = self._latest[job_id_of(new)] = to_job(new)
        for index, outcome in job.outcomes.items():
            key = (job.id, index, outcome.attempt)
            first = self.ends.setdefault(key, (self.now, outcome))[1]
            if first != outcome or outcome.attempt != job.attempt(index):
                raise Broken(f"{key} ended twice")
        for index, lease in job.leases.items():
            over = lease.deadline + SETTLE_GRACE_MS + 2 * MINUTE
            if index in job.unfinished and self.now > over:
                raise Broken(f"slot {index} of {job.id} is open after its deadline")

    def _judge(self) -> None:
        for key, (at, outcome) in self.ends.items():
            self._check_end(CallName(*key), at, outcome)
        for job in self._latest.values():
            if not job.finished or job.is_open:
                raise Broken(f"{job.id} never ended: {job.status}")
        waiting = [key for key in self.bucket.objects if key.startswith("own-models/")]
        self._check_left(waiting)
        day = self.at.ground.spending.today()
        due = sum(PRICE.amount or 0 for _ in self._charged())
        if day is None or abs(day.limit - day.left - due) > 1e-6:
            raise Broken(f"{day} is left, {due} was spent")

    def _charged(self) -> list[Outcome]:
        """Ends that cost something or may have: what nobody knows counts as reserved."""
        return [outcome for _, outcome in self.ends.values() if outcome.cost.amount != 0]

    def _check_end(self, name: CallName, at: int, outcome: Outcome) -> None:
        call = self.calls.get(str(name))
        if outcome.image:
            stored = self.bucket.objects.get(outcome.image.key)
            wanted = call.data if call else png(str(name))
            if name.job_id in self._latest and (stored is None or stored.body != wanted):
                raise Broken(f"{name} shows other bytes than were drawn")
            if call and (call.drawn_at is None or call.drawn_at > at):
                raise Broken(f"{name} has a picture that nobody drew")
        elif outcome.failure is None:
            if (name.job_id, at) not in self.cancels:
                raise Broken(f"{name} was cancelled by nobody")
        elif call and outcome.failure.code == "TIMEOUT":
            ended_at = call.drawn_at or call.refused_at
            if ended_at and ended_at < at - 2 * MINUTE:
                raise Broken(f"{name} timed out although its end was there")
        elif call and at not in call.failed_at and not (call.refused_at and call.refused_at <= at):
            raise Broken(f"{name} failed as {outcome.failure.code}, which nobody told")

    def _check_left(self, waiting: list[str]) -> None:
        """What lies there yet was drawn too late and never told: the bucket's own rule ends it."""
        for name, call in self.calls.items():
            told = any(at > (call.drawn_at or 0) for at in call.told_at)
            if told and output_key(name) in waiting:
                raise Broken(f"the object of {name} was told and left behind")

    def _some(self, minutes: int) -> int:
        return self.dice.randint(0, minutes * MINUTE)

    def _after(self, milliseconds: int, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (START + milliseconds, next(self._order), event))


def _was_found(outcome: Outcome) -> bool:
    """Whether the reaper ended a slot with what the endpoint had left, and not for want of it."""
    return outcome.failure is None or outcome.failure.code == "UNAVAILABLE"


def _model(index: int) -> CatalogModel:
    provider = "generic" if index == INLINE else "sagemaker"
    model = resolve(f"model-{index}", provider, f"model-{index}")
    return CatalogModel(provider, model.model_id, model.capabilities, PRICE)
