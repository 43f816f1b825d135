"""One installation in this process: real stores on a local cloud, everything outside ours."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

from botocore.exceptions import ClientError

from chalicelib.callers import Caller
from chalicelib.config import Settings, load
from chalicelib.images.previews import Previews
from chalicelib.jobs.executor import Executor
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Job
from chalicelib.jobs.previewing import Previewing
from chalicelib.jobs.reaper import Reaper
from chalicelib.jobs.reservations import JobReservations
from chalicelib.jobs.service import JobService, Submission
from chalicelib.jobs.slot_run import SlotRun
from chalicelib.providers.base import (
    CallContext,
    Capabilities,
    ImageProvider,
    ImageRequest,
    Parameters,
    Picture,
    Recovery,
)
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.prices import Price
from chalicelib.providers.registry import Slot
from chalicelib.wiring import Services
from chalicelib.wiring.ports import Ports
from tests.pictures import png
from tests.unit.cloud import BUCKET, TABLE, Cloud

PRICE = Price(0.04, "estimated", "2026-11-01")
PREVIEWS = Previews(b"a preview", b"a thumbnail")
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

    @property
    def dispatched(self) -> int:
        """How often a worker was called."""
        return sum(request["FunctionName"] == "worker" for request in self.invoked)

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
class Models:
    """The configured models, painted by painters."""

    painters: Mapping[int, Painter]
    slots: tuple[Slot, ...]

    def image(self, index: int) -> ImageProvider:
        return self.painters[index]

    def is_warm(self, model_id: str) -> bool | None:
        return None

    def text(self) -> None:
        return None


class LocalPorts(Ports):
    """The product's own ports, over a local cloud and with painters for models."""

    def __init__(self, studio: "Studio", settings: Settings) -> None:
        super().__init__(settings)
        self._studio = studio
        self.dynamodb = studio.cloud.dynamodb
        self.s3 = studio.cloud.s3
        self.functions = cast(Any, studio.functions)
        self.sockets = cast(Any, studio.sockets)
        self.models = studio.models

    def clock(self) -> int:
        return self._studio.clock()

    def sleep(self, seconds: float) -> None:
        self._studio.pauses.append(seconds)


@dataclass
class Limiter:
    """Admits everybody and remembers whom."""

    admitted: list[str]

    def admit(self, caller: Caller) -> None:
        self.admitted.append(caller.address)


@dataclass
class Filter:
    """Blocks the texts that the studio names."""

    studio: "Studio"

    def keywords_allow(self, text: str) -> bool:
        return text not in self.studio.blocked

    def judge_allows(self, text: str, caller: Caller) -> bool:
        return self.studio.judge(text)


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
        environ = {"TABLE_NAME": TABLE, "S3_BUCKET": BUCKET, "WORKER_FUNCTION": "worker"}
        environ["PREVIEWS_FUNCTION"] = "previews"
        limit = None if self.spend_limit is None else self.spend_limit / 1_000_000
        settings = load(environ)
        limits = replace(settings.limits, daily_spend_limit=limit)
        settings = replace(settings, limits=limits)
        self.services = Services(settings, LocalPorts(self, settings))
        self.jobs = self.services.jobs
        self.store, self.pictures = self.jobs.store, self.jobs.pictures
        self.gallery = self.services.ground.gallery

    def clock(self) -> int:
        """Return the true time, `ahead_ms` early so that tests can look into the future."""
        return time.time_ns() // 1_000_000 + self.ahead_ms

    @cached_property
    def models(self) -> Models:
        return Models(self.painters, tuple(slot(i, self.timeout) for i in self.painters))

    @property
    def lifecycle(self) -> Lifecycle:
        return self.jobs.lifecycle

    @property
    def money(self) -> JobReservations:
        return self.jobs.money

    @property
    def slot_run(self) -> SlotRun:
        return self.jobs.slot_run

    @property
    def executor(self) -> Executor:
        return self.jobs.executor

    @property
    def reaper(self) -> Reaper:
        return self.jobs.reaper

    @property
    def previewing(self) -> Previewing:
        return replace(self.jobs.previewing, draw=lambda data: PREVIEWS)

    @property
    def service(self) -> JobService:
        limiter, words = Limiter(self.admitted), Filter(self)
        service = replace(self.jobs.service, limiter=limiter, content_filter=words)
        return replace(service, sleep=time.sleep)

    def submit(self, key: str | None = None) -> Job:
        return self.service.submit(WISH, Caller("203.0.113.9"), key)

    def work(self, job: Job, time_left_ms: int = LAMBDA_TIME) -> Job:
        """Deliver the job to a worker once, and return it as it is afterwards."""
        self.executor.run(job.id, time_left_ms)
        return self.current(job)

    def preview(self, job: Job) -> Job:
        """Have all requested previews drawn, and return the job as it is afterwards."""
        for request in list(self.functions.invoked):
            if request["FunctionName"] == "previews":
                event = json.loads(request["Payload"])
                self.previewing.run(event["jobId"], event["slots"])
        return self.current(job)

    def current(self, job: Job) -> Job:
        return self.store.get(job.id, self.clock())

    def reap(self, minutes: float) -> int:
        """Let the reaper look once, so much later than now."""
        self.ahead_ms += round(minutes * 60_000)
        return self.reaper.run(REAPER_TIME)


def slot(index: int, timeout: float) -> Slot:
    model = CatalogModel("openai", f"model-{index}", Capabilities(), PRICE)
    return Slot(index, f"Model {index}", model, timeout, simulated=True)


def codes(job: Job) -> Sequence[str]:
    """How each slot ended: its status, or the code of its failure."""
    failures = {i: o.failure.code for i, o in job.outcomes.items() if o.failure}
    return [failures.get(s.index) or job.slot_status(s.index) for s in job.slots]
