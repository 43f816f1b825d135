"""One installation in this process: real stores on a local cloud, everything outside ours."""

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.events.publisher import Publisher
from chalicelib.gallery.store import GalleryStore
from chalicelib.images.store import ImageStore
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.events import JobEvents
from chalicelib.jobs.executor import Executor
from chalicelib.jobs.fanout import ThreadFanout
from chalicelib.jobs.idempotency import KeyStore
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Job
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.reaper import Reaper
from chalicelib.jobs.reservations import JobReservations
from chalicelib.jobs.service import JobService, Submission
from chalicelib.jobs.store import JobStore
from chalicelib.providers.base import (
    CallContext,
    Capabilities,
    ImageRequest,
    Parameters,
    Picture,
    Recovery,
)
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.prices import Price
from chalicelib.providers.registry import Slot
from chalicelib.spend.service import Spending
from chalicelib.spend.store import Ledger
from tests.pictures import png
from tests.unit.cloud import BUCKET, TABLE, Cloud

PRICE = Price(0.04, "estimated", "2026-11-01")
THUMBNAIL = b"a small picture"
LAMBDA_TIME = 900_000
REAPER_TIME = 60_000
WISH = Submission("a lighthouse", Parameters())
Draw = Callable[[ImageRequest, CallContext], Picture]


class Gone(ClientError):
    """What API Gateway says of a closed connection."""

    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "GoneException", "Message": ""}}, "PostToConnection")


@dataclass
class Sockets:
    """The connected browsers; connections named `dead…` are gone.

    Every post takes as long as `answer`, and `trouble` befalls it.
    """

    journal: list[str]
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    trouble: Exception | None = None
    answer: Callable[[], None] = lambda: None

    class exceptions:  # noqa: N801  As boto3 spells it.
        GoneException = Gone

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        self.journal.append("push")
        self.answer()
        if self.trouble:
            raise self.trouble
        if ConnectionId.startswith("dead"):
            raise Gone
        self.posts.append((ConnectionId, Data))


@dataclass
class Functions:
    """The worker's queue: what was invoked, and nothing runs by itself."""

    invoked: list[Mapping[str, Any]] = field(default_factory=list)
    broken: bool = False

    def invoke(self, **request: Any) -> None:
        if self.broken:
            raise ClientError({"Error": {"Code": "ServiceException", "Message": ""}}, "Invoke")
        self.invoked.append(request)


@dataclass
class Painter:
    """A provider that draws as it is told and counts its calls."""

    draw: Draw
    recovery: Recovery = Recovery.UNSAFE
    calls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        with self._lock:
            self.calls += 1
        return self.draw(request, context)


def draws(request: ImageRequest, context: CallContext) -> Picture:
    return Picture(data=png(request.prompt))


def raises(problem: Exception) -> Draw:
    def draw(request: ImageRequest, context: CallContext) -> Picture:
        raise problem

    return draw


@dataclass
class Studio:
    """The services as the product wires them, with painters for providers."""

    cloud: Cloud
    painters: dict[int, Painter]
    timeout: float = 30.0
    ahead_ms: int = 0
    journal: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    admitted: list[str] = field(default_factory=list)
    blocked: frozenset[str] = frozenset()
    judge: Callable[[str], bool] = lambda _: True
    spend_limit: int | None = None

    def __post_init__(self) -> None:
        self.sockets, self.functions = Sockets(self.journal), Functions()
        self.store = JobStore(self.cloud.dynamodb, TABLE)
        self.pictures = JobPictures(ImageStore(self.cloud.s3, BUCKET))
        self.gallery = GalleryStore(self.cloud.dynamodb, TABLE, retention_days=30)

    def clock(self) -> int:
        """The true time, `ahead_ms` early so that tests can look into the future."""
        return time.time_ns() // 1_000_000 + self.ahead_ms

    def new_id(self) -> str:
        return str(uuid.uuid4())

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(slot(index, self.timeout) for index in self.painters)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        publisher = Publisher(self.sockets, self.pauses.append)  # type: ignore[arg-type]
        events = JobEvents(publisher, self.store, cdn="")
        return Lifecycle(self.store, self.gallery, events, self.money)

    @cached_property
    def money(self) -> JobReservations:
        return JobReservations(self.spending)

    @cached_property
    def spending(self) -> Spending:
        return Spending(
            Ledger(self.cloud.dynamodb, TABLE), self.spend_limit, self.slots, self.clock
        )

    @cached_property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.functions, "worker")  # type: ignore[arg-type]

    @property
    def executor(self) -> Executor:
        return Executor(
            store=self.store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            slots={s.index: s for s in self.slots},
            provider=self.painters.__getitem__,
            shrink=lambda data: lambda: THUMBNAIL,
            fanout=ThreadFanout,
            clock=self.clock,
            sleep=self.pauses.append,
            new_id=self.new_id,
        )

    @property
    def reaper(self) -> Reaper:
        return Reaper(
            store=self.store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            dispatcher=self.dispatcher,
            thumbnail=lambda data: THUMBNAIL,
            clock=self.clock,
        )

    @property
    def service(self) -> JobService:
        return JobService(
            store=self.store,
            keys=KeyStore(self.cloud.dynamodb, TABLE),
            dispatcher=self.dispatcher,
            lifecycle=self.lifecycle,
            money=self.money,
            slots=self.slots,
            admit=self.admitted.append,
            keywords_allow=lambda text: text not in self.blocked,
            judge_allows=self.judge,
            clock=self.clock,
            sleep=time.sleep,
            new_id=self.new_id,
            retention_ms=30 * 86_400_000,
        )

    def submit(self, key: str | None = None) -> Job:
        return self.service.submit(WISH, "203.0.113.9", key)

    def work(self, job: Job, time_left_ms: int = LAMBDA_TIME) -> Job:
        """One delivery to a worker, and the job as it stands afterwards."""
        self.executor.run(job.id, time_left_ms)
        return self.standing(job)

    def standing(self, job: Job) -> Job:
        return self.store.get(job.id, self.clock())

    def reap(self, minutes: float) -> int:
        """One look of the reaper, so much later than now."""
        self.ahead_ms += round(minutes * 60_000)
        return self.reaper.run(REAPER_TIME)


def slot(index: int, timeout: float) -> Slot:
    model = CatalogModel("openai", f"model-{index}", Capabilities(), PRICE)
    return Slot(index, f"Model {index}", model, timeout, simulated=True)


def codes(job: Job) -> Sequence[str]:
    """How each slot ended: its status, or the code of its failure."""
    failures = {i: o.failure.code for i, o in job.outcomes.items() if o.failure}
    return [failures.get(s.index) or job.slot_status(s.index) for s in job.slots]
