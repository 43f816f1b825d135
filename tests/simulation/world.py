"""The surroundings of one run: clock, dice, cloud, providers, and the auditor over all of them."""

import hashlib
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chalicelib.jobs.items import to_outcome
from tests.simulation.auditor import Auditor
from tests.simulation.cloud import S3, DynamoDB
from tests.simulation.expressions import Item
from tests.simulation.faults import Faults, Rates
from tests.simulation.network import Network
from tests.simulation.providers import Attempt, Ledger
from tests.simulation.scheduler import Process, Scheduler

ADDRESS_LIMIT = 40
PRICE_MICROS = 40_000
START = 1_795_000_000_000


@dataclass(frozen=True)
class Plan:
    """What decides a run to its last event.

    `only` leaves out everybody but one person, `suppressed` these mishaps; `deaths` tells
    processes, by the beginning of their names, at which of their steps to die.
    """

    seed: int
    people: int
    rates: Rates
    only: int | None = None
    suppressed: frozenset[str] = frozenset()
    deaths: tuple[tuple[str, int], ...] = ()


class Surroundings:
    """Clock, dice, mishaps, and the way to AWS; `trace` collects what happens if it is a list."""

    def __init__(self, plan: Plan, trace: list[str] | None = None) -> None:
        self.plan = plan
        self.trace = trace
        self.scheduler = Scheduler(f"{plan.seed}", START)
        self.faults = Faults(plan.rates, plan.suppressed)
        self.ledger = Ledger()
        self.network = Network(self.scheduler, self.faults, self.note)
        self.events = 0
        self._digest = hashlib.blake2b(digest_size=8)

    @property
    def digest(self) -> str:
        """The same for two runs exactly when they did the same in the same order."""
        return self._digest.hexdigest()

    def process(self, name: str) -> Process:
        """A process with dice of its own, so that nobody's luck depends on who else is there."""
        process = Process(name, random.Random(f"{self.plan.seed}/{name}"))
        for beginning, point in self.plan.deaths:
            if name.startswith(beginning):
                process.dies_at_point = point
        return process

    def note(self, event: str) -> None:
        line = f"{self.scheduler.now - START:11.1f} {self.scheduler.process.name}: {event}"
        self.events += 1
        self._digest.update(line.encode())
        if self.trace is not None:
            self.trace.append(line)

    def sleep(self, seconds: float) -> None:
        self.scheduler.sleep(seconds * 1000)


class World(Surroundings):
    """Everything that an installation of jobs touches."""

    def __init__(self, plan: Plan, trace: list[str] | None = None) -> None:
        super().__init__(plan, trace)
        self.auditor = Auditor(self.scheduler, self.ledger, ADDRESS_LIMIT, PRICE_MICROS)
        self.table = DynamoDB(self._on_write)
        self.bucket = S3(self.auditor.on_put)
        self._ids: dict[str, int] = {}
        self._owners: dict[Process, set[str]] = {}

    def new_id(self) -> str:
        """Ids that a person's number can be read from, and nothing else depends on."""
        process = self.scheduler.process
        count = self._ids[process.name] = self._ids.get(process.name, 0) + 1
        if process.name.startswith("person"):
            number, tab = person_of(process.name), process.name.count("+")
            return f"{number:08x}-0000-0000-{tab:04x}-{count:012x}"
        self._owners.setdefault(process, set()).add(f"{process.name}/{count}")
        return f"{process.name}/{count}"

    def called(self, index: int) -> Attempt:
        """Which attempt the present worker calls the slot's provider for."""
        process = self.scheduler.process
        job_id = process.name.split()[1]
        return self.auditor.on_call(job_id, index, self._owners.get(process, set()))

    def bill(self, attempt: Attempt) -> bytes:
        """The picture that this call will have cost, and the auditor's word on it."""
        picture = self.ledger.bill(attempt)
        self.auditor.on_bill(attempt)
        return picture

    def _on_write(self, old: Item | None, new: Item) -> None:
        self.auditor.on_write(old, new)
        if self.trace is not None and old and "results" in old:
            self.trace += [f"{'':11} > {change}" for change in changes(old, new)]


@contextmanager
def watched_logs(watch: logging.Handler) -> Iterator[None]:
    """The product's log lines go there and nowhere else."""
    log = logging.getLogger("pixel_prompt")
    usual, log.handlers, log.propagate = (log.handlers, log.propagate), [watch], False
    try:
        yield
    finally:
        log.handlers, log.propagate = usual


def changes(old: Item, new: Item) -> Iterator[str]:
    """What one write did to a job, in words."""
    for name, lease in new["claims"]["M"].items():
        if lease != old["claims"]["M"].get(name):
            holder = lease["M"]["owner"]["S"]
            yield f"slot {name} held by {holder}" + " with a ticket" * ("ticket" in lease["M"])
    for name, result in new["results"]["M"].items():
        if name not in old["results"]["M"]:
            outcome = to_outcome(result["S"])
            yield f"slot {name} ends: {outcome.failure.code if outcome.failure else outcome.status}"
    for name, attempt in new["attempts"]["M"].items():
        if attempt != old["attempts"]["M"].get(name):
            yield f"slot {name} reopened for attempt {attempt['N']}"
    if "open" in old and "open" not in new:
        yield "job closed"


def person_of(name: str) -> int:
    """`person 17`, `person 17+`: the number of the person."""
    return int(name.split()[1].rstrip("+"))
