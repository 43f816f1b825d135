"""The department of batches as the product wires it, over the simulated surroundings."""

from contextlib import suppress
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.config import Settings, load
from chalicelib.generation.fanout import Fanout
from chalicelib.providers.base import Capabilities, ImageProvider, Recovery, SeeingProvider
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import Price
from chalicelib.providers.models.texts import TextModel
from chalicelib.providers.registry import Slot, TextSlot
from chalicelib.wiring import Services
from chalicelib.wiring.ports import Ports
from tests.simulation.batches.auditor import MOST_RUNNING
from tests.simulation.batches.providers import PICTURE_MICROS, Painter, Writer
from tests.simulation.batches.queue import Queue
from tests.simulation.batches.world import BatchWorld, seeds
from tests.simulation.functions import kill_later
from tests.simulation.network import Client
from tests.simulation.threads import Threads
from tests.unit.batches.factory import Seeds
from tests.unit.batches.plain import PlainRenderer

RESUMABLE = (3, 6, 9)
SETTINGS = {
    "TABLE_NAME": "table",
    "S3_BUCKET": "bucket",
    "BATCHES": "1",
    "BATCH_QUEUE_URL": "queue",
    "MAX_RUNNING_BATCHES": str(MOST_RUNNING),
    "MODERATION": "off",
}
CEILING = {"DAILY_SPEND_LIMIT_USD": "1000000"}
SWEEP_LIFE_MS = 3_000


class SimulatedPorts(Ports):
    """The product's ports, each into the simulated world."""

    def __init__(self, world: BatchWorld, settings: Settings) -> None:
        super().__init__(settings)
        self._world = world
        self.dynamodb = cast(Any, Client(world.network, world.table))
        self.s3 = cast(Any, Client(world.network, world.bucket))
        self.uploads = self.s3
        self.sockets = cast(Any, None)
        count = world.size.models
        self.models = cast(Any, Models(world, tuple(_slot(n) for n in range(1, count + 1))))
        self.writers = Writers(world)
        rates = TokenRates(text_in=3.0, text_out=15.0)
        writer = TextModel("openai", "writer", "cheap", own_rates=rates)
        self.texts = (TextSlot(1, "Writer", writer, 60.0, simulated=True),)

    def clock(self) -> int:
        return self._world.scheduler.clock()

    def sleep(self, seconds: float) -> None:
        self._world.sleep(seconds)

    def new_id(self) -> str:
        return self._world.new_id()

    def rng(self) -> float:
        return self._world.scheduler.process.dice.random()

    def fanout(self) -> Fanout:
        return Threads(self._world.scheduler)


class Models:
    """Image models; every third gives tickets."""

    def __init__(self, world: BatchWorld, slots: tuple[Slot, ...]) -> None:
        self._world = world
        self.slots = slots

    def image(self, index: int) -> ImageProvider:
        gives_tickets = self._world.size.tickets and index in RESUMABLE
        recovery = Recovery.RESUMABLE if gives_tickets else Recovery.UNSAFE
        return Painter(self._world, index, recovery)

    def is_warm(self, model_id: str) -> bool | None:
        return None

    def text(self) -> None:
        return None


class Writers:
    """The text model."""

    def __init__(self, world: BatchWorld) -> None:
        self._world = world

    def text_at(self, index: int) -> SeeingProvider:
        return Writer(self._world, index)


class AllSeeds(Seeds):
    """The rows of every batch."""

    def __init__(self, world: BatchWorld) -> None:
        self._world = world
        self._all = seeds(world.size)

    def find(self, owner: str, seed_data_id: str) -> Any:
        self.data, self.state = self._all[seed_data_id], "ready"
        return super().find(owner, "lamps")

    def rows(self, owner: str, seed_data_id: str, first: int, count: int) -> Any:
        """As the bucket's parts are read: one request for a row."""
        self._world.usage.calls["get_object"] += 1
        return self._all[seed_data_id][first - 1 : first - 1 + count]


class Installation:
    """The real services; only their ports are ours."""

    def __init__(self, world: BatchWorld) -> None:
        self.world = world
        settings = load({**SETTINGS, **(CEILING if world.size.ceiling else {})})
        ports = SimulatedPorts(world, settings)
        services = Services(settings, ports)
        department = cast(Any, services.batches)
        department._renderer = PlainRenderer
        department.seed_data = AllSeeds(world)
        queue = Queue(world, lambda batch_id, left: department.worker.work(batch_id, left))
        ports.queues = Client(world.network, queue)
        self._department = department
        self._spending = services.ground.spending
        self.service, self.templates = department.service, department.templates

    def limit(self, batch_id: str) -> int:
        """Return a batch's budget, read past the network."""
        item = self.world.table.items["SPEND", f"batch#{batch_id}"]
        return int(item["limit"]["N"])

    def sweep(self, count: int) -> None:
        """Let the sweep pass once, in a process that may die on the way."""
        world = self.world
        process = world.process(f"sweep {count}")
        world.scheduler.spawn(process, self._pass)
        if world.faults.happens("reaper_crash", process.name, process.dice):
            kill_later(world.scheduler, process, SWEEP_LIFE_MS, lambda: None)

    def _pass(self) -> None:
        """What fails here, Lambda counts as an error, and the next minute repeats."""
        with suppress(ClientError, BotoCoreError):
            self._spending.finish_pending()
            self._department.sweep()


def _slot(index: int) -> Slot:
    price = Price(PICTURE_MICROS / 1_000_000, "estimated", "2026-11-01")
    model = CatalogModel("openai", f"model-{index}", Capabilities(seed=True), price)
    return Slot(index, f"Model {index}", model, timeout=120.0, simulated=True)
