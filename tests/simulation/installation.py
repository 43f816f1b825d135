"""The product's own services, wired as it wires them, over the simulated surroundings."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.config import Settings, load
from chalicelib.generation.fanout import Fanout
from chalicelib.images.previews import Previews
from chalicelib.providers.base import Capabilities, ImageProvider, Recovery
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.prices import Price
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import MICROS
from chalicelib.wiring import Services
from chalicelib.wiring.ports import Ports
from tests.simulation.functions import Functions, kill_later
from tests.simulation.network import Client
from tests.simulation.providers import Provider
from tests.simulation.threads import Threads
from tests.simulation.world import ADDRESS_LIMIT, PRICE_MICROS, World

MODELS, RESUMABLE = 9, (3, 6, 9)
SETTINGS = {
    "TABLE_NAME": "table",
    "S3_BUCKET": "bucket",
    "WORKER_FUNCTION": "worker",
    "PREVIEWS_FUNCTION": "previews",
    "RETENTION_DAYS": "30",
    "MODERATION": "off",
    "GLOBAL_LIMIT": "1000000",
    "IP_LIMIT": str(ADDRESS_LIMIT),
    "DAILY_SPEND_LIMIT_USD": "100000",
}
TOO_FAST = ClientError(
    {"Error": {"Code": "LimitExceededException", "Message": ""}}, "PostToConnection"
)
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


class Models:
    """Nine models; every third gives tickets."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.slots = tuple(_slot(index) for index in range(1, MODELS + 1))

    def image(self, index: int) -> ImageProvider:
        recovery = Recovery.RESUMABLE if index in RESUMABLE else Recovery.UNSAFE
        return Provider(recovery, self._world)

    def is_warm(self, model_id: str) -> bool | None:
        return None

    def text(self) -> None:
        return None


class SimulatedPorts(Ports):
    """The product's ports, each into the simulated world."""

    def __init__(self, world: World, settings: Settings) -> None:
        super().__init__(settings)
        self._world = world
        self.dynamodb = cast(Any, Client(world.network, world.table))
        self.s3 = cast(Any, Client(world.network, world.bucket))
        self.sockets = cast(Any, Sockets(world))
        self.models = Models(world)

    def clock(self) -> int:
        return self._world.scheduler.clock()

    def sleep(self, seconds: float) -> None:
        self._world.sleep(seconds)

    def new_id(self) -> str:
        return self._world.new_id()

    def rng(self) -> float:
        return 0.5

    def fanout(self) -> Fanout:
        return Threads(self._world.scheduler)


class Installation:
    """The real services as the product wires them; only their ports are ours."""

    def __init__(self, world: World) -> None:
        self.world = world
        settings = load(SETTINGS)
        ports = SimulatedPorts(world, settings)
        self.functions = Functions(
            world.scheduler,
            world.faults,
            world.process,
            {
                "worker": lambda event, left: self.jobs.executor.run(event["jobId"], left),
                "previews": lambda event, _: self.previewing.run(event["jobId"], event["slots"]),
            },
        )
        ports.functions = cast(Any, Client(world.network, self.functions))
        services = Services(settings, ports)
        self.spending = services.ground.spending
        self.jobs = services.jobs
        self.store, self.service = self.jobs.store, self.jobs.service
        self.reaper = self.jobs.reaper
        self.previewing = replace(
            self.jobs.previewing, draw=lambda data: Previews(data[:16], data[:8])
        )

    def reap(self, count: int) -> None:
        """Let the reaper pass once, in a process that may die on the way."""
        world = self.world
        process = world.process(f"reaper {count}")
        world.scheduler.spawn(process, self._pass)
        if world.faults.happens("reaper_crash", process.name, process.dice):
            kill_later(world.scheduler, process, REAPER_LIFE_MS, lambda: None)

    def _pass(self) -> None:
        """What fails here, Lambda counts as an error, and the next minute repeats."""
        with suppress(ClientError, BotoCoreError):
            self.reaper.run(REAPER_TIME_MS)
            self.spending.finish_pending()
            self.jobs.unused_money.release()


def _slot(index: int) -> Slot:
    price = Price(PRICE_MICROS / MICROS, "estimated", "2026-11-01")
    model = CatalogModel("openai", f"model-{index}", Capabilities(), price)
    return Slot(index, f"Model {index}", model, timeout=120.0, simulated=True)
