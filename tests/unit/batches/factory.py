"""A department of batches in this process: real stores on a local cloud, scripted models."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

from chalicelib.batches.runs.model import ENDED, Batch
from chalicelib.batches.runs.order import Order
from chalicelib.batches.runs.service import Batches
from chalicelib.callers import Caller
from chalicelib.config import Settings, load
from chalicelib.errors import NotFound
from chalicelib.providers.base import (
    CallContext,
    Capabilities,
    Completion,
    Cost,
    Deadline,
    ImageProvider,
    ImageRequest,
    Picture,
    Recovery,
    SeeingProvider,
    Shown,
)
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import Price
from chalicelib.providers.models.texts import TextModel
from chalicelib.providers.registry import Slot, TextSlot
from chalicelib.wiring import Services
from chalicelib.wiring.batches import Batches as Department
from chalicelib.wiring.ports import Ports
from tests.pictures import png
from tests.unit.batches.plain import PlainRenderer
from tests.unit.cloud import BUCKET, TABLE, Cloud

PRICE_MICROS = 40_000
PRICE = Price(PRICE_MICROS / 1_000_000, "estimated", "2026-11-01")
RATES = TokenRates(text_in=1.0, text_out=4.0)
"""A byte read is a micro-dollar at most, a token written four."""
TEXT_COST = 30
NOBODY = Caller()
LAMBDA_MS = 900_000
ACCOUNTS = {
    "AUTH": "cognito",
    "USER_POOL_ID": "us-east-1_Tests",
    "USER_POOL_CLIENT_ID": "client",
    "IMAGE_SIGNING_KEY": "a key of the tests",
}
DEFINITION = """
name: Lamps
steps:
  - {id: brief, tier: cheap, max_tokens: 20, prompt: "a brief for {{ name }}"}
  - {id: picture, kind: image, prompt: "{{ steps.brief.output }}"}
"""
Write = Callable[[str], str]


@dataclass
class Bill:
    """What every call was for, by the prompt it had and the model; the providers' own books."""

    calls: Counter[tuple[int, str]] = field(default_factory=Counter)
    micros: int = 0
    under_way: int = 0
    most_at_once: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, model: int, prompt: str) -> None:
        with self.lock:
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            self.calls[model, prompt] += 1

    def end(self, micros: int) -> None:
        with self.lock:
            self.under_way -= 1
            self.micros += micros


@dataclass
class Artist:
    """An image model; `before` may raise in place of a picture, or take time."""

    index: int
    bill: Bill
    before: Callable[[str], None] = lambda _: None
    after: Callable[[str], None] = lambda _: None
    recovery: Recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        self.bill.begin(self.index, request.prompt)
        paid = 0
        try:
            self.before(request.prompt)
            paid = PRICE_MICROS
        finally:
            self.bill.end(paid)
        self.after(request.prompt)
        return Picture(png(f"{self.index} {request.prompt} {request.seed}"), seed=request.seed)


@dataclass
class Author:
    """A text model; `write` answers, or raises in place of an answer."""

    index: int
    bill: Bill
    write: Write = lambda prompt: prompt.removeprefix("a brief for ") + " on a table"
    after: Callable[[str], None] = lambda _: None
    shown: list[Shown] = field(default_factory=list)

    def complete(
        self,
        system: str,
        user: str,
        max_tokens: int,
        deadline: Deadline,
        shown: Shown | None = None,
    ) -> Completion:
        self.bill.begin(-self.index, user)
        if shown is not None:
            self.shown.append(shown)
        paid = 0
        try:
            text = self.write(user)
            paid = TEXT_COST
        finally:
            self.bill.end(paid)
        self.after(user)
        return Completion(text, 10, 5, Cost(TEXT_COST / 1_000_000, "exact"))


@dataclass
class Models:
    """The configured models."""

    artists: Mapping[int, Artist]
    authors: Mapping[int, Author]
    slots: tuple[Slot, ...]
    texts: tuple[TextSlot, ...]

    def image(self, index: int) -> ImageProvider:
        return self.artists[index]

    def text_at(self, index: int) -> SeeingProvider:
        return self.authors[index]

    def is_warm(self, model_id: str) -> bool | None:
        return None

    def text(self) -> None:
        return None


@dataclass(frozen=True)
class Found:
    state: str
    rows: int


@dataclass
class Seeds:
    """Rows in memory."""

    data: list[dict[str, Any]]
    state: str = "ready"

    def find(self, owner: str, seed_data_id: str) -> Found:
        if seed_data_id != "lamps":
            raise NotFound("There is no such seed data.")
        return Found(self.state, len(self.data))

    def rows(
        self, owner: str, seed_data_id: str, first: int, count: int
    ) -> Sequence[Mapping[str, Any]]:
        return self.data[first - 1 : first - 1 + count]


@dataclass
class Queue:
    """Messages that nobody has read yet. It refuses so many entries before it takes them."""

    messages: list[str] = field(default_factory=list)
    refusing: int = 0

    def send_message_batch(
        self,
        QueueUrl: str,  # noqa: N803
        Entries: Sequence[Mapping[str, str]],  # noqa: N803
    ) -> Mapping[str, Any]:
        failed = [
            {"Id": entry["Id"], "Code": "InternalError"} for entry in Entries[: self.refusing]
        ]
        taken = Entries[self.refusing :]
        self.refusing -= len(failed)
        self.messages += [json.loads(entry["MessageBody"])["batchId"] for entry in taken]
        return {"Failed": failed} if failed else {}


@dataclass
class Functions:
    """Asynchronous invocations that nobody has delivered yet."""

    events: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803
        assert InvocationType == "Event"
        self.events.append((FunctionName, json.loads(Payload)))


@dataclass
class Sockets:
    """Connections that are told everything."""

    posts: list[tuple[int, str, Any]] = field(default_factory=list)
    clock: Callable[[], int] = lambda: 0

    class exceptions:  # noqa: N801  As boto3 spells it.
        class GoneException(Exception):
            """As boto3 spells it."""

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        self.posts.append((self.clock(), ConnectionId, json.loads(Data)))


class FactoryPorts(Ports):
    """The product's own ports, over a local cloud and with scripted models."""

    def __init__(self, factory: "Factory", settings: Settings) -> None:
        super().__init__(settings)
        self._factory = factory
        self.dynamodb = factory.cloud.dynamodb
        self.s3 = factory.cloud.s3
        self.sockets = cast(Any, factory.sockets)
        self.queues = factory.queue
        self.functions = cast(Any, factory.functions)
        self.user_pool = factory.people
        self.uploads = factory.cloud.s3
        self.models = cast(Any, factory.models)
        self.writers = factory.models
        self.texts = factory.models.texts

    def clock(self) -> int:
        return self._factory.clock()

    def sleep(self, seconds: float) -> None:
        self._factory.sleep(seconds)


@dataclass
class Factory:
    """The department as the product wires it; time stands still but for pauses."""

    cloud: Cloud
    rows: int = 4
    pictures: int = 2
    most_running: int = 5
    daily_limit: float | None = None
    now: int = 1_795_000_000_000
    bill: Bill = field(default_factory=Bill)
    queue: Queue = field(default_factory=Queue)
    functions: Functions = field(default_factory=Functions)
    real_time: bool = False
    people: Any = None

    def __post_init__(self) -> None:
        self.sockets = Sockets(clock=self.clock)
        self.seeds = Seeds([{"name": f"lamp {n}"} for n in range(1, self.rows + 1)])
        environ = {"TABLE_NAME": TABLE, "S3_BUCKET": BUCKET, "BATCHES": "1"}
        environ |= {"MAX_RUNNING_BATCHES": str(self.most_running), "BATCH_QUEUE_URL": "queue"}
        environ |= {"EXPORTS_FUNCTION": "exports"}
        if self.people is not None:
            environ |= ACCOUNTS
        settings = load(environ)
        limits = replace(settings.limits, daily_spend_limit=self.daily_limit)
        self.settings = replace(settings, limits=limits)
        self.services = self.another()

    @cached_property
    def models(self) -> Models:
        indices = range(1, self.pictures + 1)
        texts = (TextSlot(1, "Writer", _text_model(), 30.0, simulated=True),)
        return Models(
            {n: Artist(n, self.bill) for n in indices},
            {1: Author(1, self.bill)},
            tuple(_slot(n) for n in indices),
            texts,
        )

    def clock(self) -> int:
        return time.time_ns() // 1_000_000 if self.real_time else self.now

    def sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000)

    def another(self) -> Services:
        """A process of its own, that remembers nothing."""
        services = Services(self.settings, FactoryPorts(self, self.settings))
        department = services.batches
        made = cast(Any, department)
        made._renderer = PlainRenderer
        made.seed_data = self.seeds
        return services

    @property
    def department(self) -> Department:
        return self.services.batches

    @property
    def service(self) -> Batches:
        return self.department.service

    def order(self, definition: str = DEFINITION, **also: Any) -> Order:
        version = self.department.templates.make(definition, NOBODY)
        usual = {"seed_data_id": "lamps", "budget": 10_000_000, "concurrency": 2}
        return Order(template_id=version.template_id, **{**usual, **also})

    def make(self, definition: str = DEFINITION, **also: Any) -> Batch:
        return self.service.make(self.order(definition, **also), NOBODY, None, "")

    def start(self, batch: Batch) -> Batch:
        return self.service.start(batch.id, NOBODY)

    def current(self, batch: Batch) -> Batch:
        return self.service.get(batch.id, NOBODY)

    def work(self, most: int = 1000) -> None:
        """Deliver every message, one after the other, until there are none."""
        for _ in range(most):
            if not self.queue.messages:
                return
            self.department.worker.work(self.queue.messages.pop(0), LAMBDA_MS)

    def finish(self, batch: Batch) -> Batch:
        """Let minutes pass and others go on, until nothing moves any more."""
        for _ in range(12):
            self.sweep(2)
            self.work()
            current = self.current(batch)
            if current.state in ENDED and not current.seated:
                break
        return self.current(batch)

    def run(self, batch: Batch) -> Batch:
        """Start a batch, and work until nothing is left to do."""
        self.start(batch)
        self.work()
        return self.current(batch)

    def sweep(self, minutes: float = 1) -> int:
        self.now += round(minutes * 60_000)
        return self.department.flow.sweep()

    def check_money(self, batch: Batch) -> None:
        """The books add up, and are within the limit."""
        balance = self.department._money.balance(batch.id)
        assert balance.left + balance.reserved + balance.spent == balance.limit
        assert balance.left >= 0


def _slot(index: int) -> Slot:
    model = CatalogModel("openai", f"model-{index}", Capabilities(seed=True), PRICE)
    return Slot(index, f"Model {index}", model, 30.0, simulated=True)


def _text_model() -> TextModel:
    return TextModel("openai", "writer", "cheap", own_rates=RATES)
