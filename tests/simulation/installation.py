"""The product's own services, wired as it wires them, over the simulated surroundings."""

from contextlib import suppress
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.events.publisher import Publisher
from chalicelib.gallery.store import GalleryStore
from chalicelib.images.store import ImageStore
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.events import JobEvents
from chalicelib.jobs.executor import Executor
from chalicelib.jobs.idempotency import KeyStore
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.reaper import Reaper
from chalicelib.jobs.reservations import JobReservations
from chalicelib.jobs.service import JobService
from chalicelib.jobs.store import JobStore
from chalicelib.limits.service import Limiter
from chalicelib.limits.store import WindowStore
from chalicelib.providers.base import Capabilities, ImageProvider, Recovery
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.prices import Price
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import MICROS
from chalicelib.spend.service import Spending
from chalicelib.spend.store import Ledger
from tests.simulation.functions import Functions, kill_later
from tests.simulation.network import Client
from tests.simulation.providers import Provider
from tests.simulation.threads import Threads
from tests.simulation.world import ADDRESS_LIMIT, PRICE_MICROS, World

MODELS, RESUMABLE = 9, (3, 6, 9)
TABLE, BUCKET, RETENTION_DAYS = "table", "bucket", 30
SPEND_LIMIT = 100_000 * MICROS
TOO_FAST = ClientError(
    {"Error": {"Code": "LimitExceededException", "Message": ""}}, "PostToConnection"
)
DAY_MS = 86_400_000
REAPER_TIME_MS = 60_000
REAPER_LIFE_MS = 3_000


class Gone(ClientError):
    """What API Gateway says of a closed connection."""

    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "GoneException", "Message": ""}}, "PostToConnection")


class Sockets:
    """Where pushes go: some are lost, some find their listener gone."""

    class exceptions:  # noqa: N801  As boto3 spells it.
        GoneException = Gone

    def __init__(self, world: World) -> None:
        self._world = world

    def post_to_connection(self, **request: Any) -> None:
        world, process = self._world, self._world.scheduler.process
        world.auditor.on_message(request["Data"])
        world.scheduler.sleep(process.dice.uniform(2, 20))
        if world.faults.happens("push_lost", process.name, process.dice):
            raise Gone if process.dice.random() < 0.5 else TOO_FAST


class Installation:
    """The real store, service, executor and reaper; only their ports are ours."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._dynamodb = cast(Any, Client(world.network, world.table))
        self.store = JobStore(self._dynamodb, TABLE)
        self.slots = {index: _slot(index) for index in range(1, MODELS + 1)}
        self.money = JobReservations(self._spending())
        bucket = cast(Any, Client(world.network, world.bucket))
        self.pictures = JobPictures(ImageStore(bucket, BUCKET))
        self.lifecycle = self._lifecycle()
        self.functions = Functions(
            world.scheduler,
            world.faults,
            world.process,
            lambda job_id, time_left: self.executor.run(job_id, time_left),
        )
        queue = cast(Any, Client(world.network, self.functions))
        self.dispatcher = Dispatcher(queue, "worker")
        self.executor = self._executor()
        self.service = self._service()
        self.reaper = self._reaper()

    def reap(self, count: int) -> None:
        """One pass of the reaper, in a process that may die on the way."""
        world = self.world
        process = world.process(f"reaper {count}")
        world.scheduler.spawn(process, self._pass)
        if world.faults.happens("reaper_crash", process.name, process.dice):
            kill_later(world.scheduler, process, REAPER_LIFE_MS, lambda: None)

    def _pass(self) -> None:
        """What fails here, Lambda counts as an error, and the next minute repeats."""
        with suppress(ClientError, BotoCoreError):
            self.reaper.run(REAPER_TIME_MS)

    def _lifecycle(self) -> Lifecycle:
        sockets = cast(Any, Sockets(self.world))
        publisher = Publisher(sockets, self.world.sleep, lambda: 0.5)
        events = JobEvents(publisher, self.store, cdn="")
        gallery = GalleryStore(self._dynamodb, TABLE, RETENTION_DAYS)
        return Lifecycle(self.store, gallery, events, self.money)

    def _spending(self) -> Spending:
        slots = tuple(self.slots.values())
        ledger = Ledger(self._dynamodb, TABLE)
        return Spending(ledger, SPEND_LIMIT, slots, self.world.scheduler.clock)

    def _executor(self) -> Executor:
        world = self.world
        return Executor(
            store=self.store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            slots=self.slots,
            provider=self._provider,
            shrink=lambda data: lambda: data[:8],
            fanout=lambda: Threads(world.scheduler),
            clock=world.scheduler.clock,
            sleep=world.sleep,
            new_id=world.new_id,
        )

    def _provider(self, index: int) -> ImageProvider:
        recovery = Recovery.RESUMABLE if index in RESUMABLE else Recovery.UNSAFE
        return Provider(index, recovery, self.world)

    def _service(self) -> JobService:
        world = self.world
        return JobService(
            store=self.store,
            keys=KeyStore(self._dynamodb, TABLE),
            dispatcher=self.dispatcher,
            lifecycle=self.lifecycle,
            money=self.money,
            slots=tuple(self.slots.values()),
            admit=self._limiter().admit,
            keywords_allow=lambda text: True,
            judge_allows=lambda text: True,
            clock=world.scheduler.clock,
            sleep=world.sleep,
            new_id=world.new_id,
            retention_ms=RETENTION_DAYS * DAY_MS,
        )

    def _limiter(self) -> Limiter:
        world = self.world
        return Limiter(
            store=WindowStore(self._dynamodb, TABLE),
            use="generate",
            global_limit=1_000_000,
            ip_limit=ADDRESS_LIMIT,
            included=(),
            clock=world.scheduler.clock,
            new_id=world.new_id,
        )

    def _reaper(self) -> Reaper:
        return Reaper(
            store=self.store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            dispatcher=self.dispatcher,
            thumbnail=lambda data: data[:8],
            clock=self.world.scheduler.clock,
        )


def _slot(index: int) -> Slot:
    price = Price(PRICE_MICROS / MICROS, "estimated", "2026-11-01")
    model = CatalogModel("openai", f"model-{index}", Capabilities(), price)
    return Slot(index, f"Model {index}", model, timeout=120.0, simulated=True)
