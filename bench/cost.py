"""P5: what AWS asks for a job: the calls of real ones on the packaged stack, priced.

    python -m bench.cost

The originals' calls are counted on the local emulator. bench/usage.py says what is assumed of both.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import requests
from websockets.sync.client import connect

from bench import emulator as local
from bench import usage
from bench.effort import QUICK, Effort
from bench.figures.designs import original_studio, run_originals
from bench.installation import Painter, installed
from bench.pictures import photograph
from bench.pricing import Usage, by_service, dollars, together
from bench.scorecard import PROJECT, Figure, Part
from bench.usage import Memory
from deploy.emulator import product
from deploy.emulator.product import Packaged, opened
from deploy.emulator.server import Emulator, running_emulator
from deploy.package import package
from deploy.stage import Artefact
from devstack.default_slots import DEFAULT_SLOTS
from devstack.simulators import running_simulators

SIZES: Final = (1, 9, 20)
USUAL: Final = 9
MEMORIES: Final = (256, 1024, 3008)
BAR: Final = 1.10
CEILING: Final = 1.25
"""What the test fails at while the bar is missed."""
SETTLED_SECONDS: Final = 2.0
Calls = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Counted:
    """What the calls of one job use in both designs, by the number of models."""

    product: Mapping[int, Usage]
    originals: Mapping[int, Usage]
    memory: Memory

    def ours(self, models: int, *, worker_mb: int | None = None, opened: int = 0) -> Usage:
        """Ours, with a worker of another size, or when so many originals are opened."""
        memory = replace(self.memory, worker_mb=worker_mb or self.memory.worker_mb)
        return usage.of_product(self.product[models], models, memory, opened)

    def theirs(self, models: int, memory: int = usage.ORIGINALS_MB) -> Usage:
        return usage.of_originals(self.originals[models], models, memory)


def measure(effort: Effort) -> list[Figure]:
    """Dollars per 1,000 jobs; the part with the bar is the one of nine models."""
    return [Figure("P5", "AWS dollars per 1,000 jobs", tuple(_parts(count(effort.jobs))))]


def count(jobs: int) -> Counted:
    """Draws so many jobs of each size with the product, and one with the originals."""
    with deployed() as (emulator, url):
        ours = {size: _product_calls(emulator, url, size, jobs) for size in SIZES}
    with local.emulator() as address:
        theirs = {size: _originals_calls(address, size) for size in SIZES}
    return Counted(ours, theirs, memory_of(Artefact.of(product.STAGE)))


def memory_of(artefact: Artefact) -> Memory:
    """What the packaged functions have."""
    resources = json.loads(artefact.template.read_text())["Resources"]
    worker, previews = (
        int(resources[name]["Properties"]["MemorySize"]) for name in ("Worker", "Previews")
    )
    return Memory(worker, previews)


def _parts(counted: Counted) -> Iterator[Part]:
    for models in sorted(SIZES, key=lambda size: size != USUAL):
        bar = BAR if models == USUAL else None
        yield _part(_name(models), counted.ours(models), counted.theirs(models), bar, _assumed())
    for originals, name in ((1, "one original"), (USUAL, "every original")):
        named = f"{_name(USUAL)}, {name} opened too"
        yield _part(named, counted.ours(USUAL, opened=originals), counted.theirs(USUAL))
    for memory in MEMORIES:
        named = f"{_name(USUAL)}, worker of {memory} MB"
        yield _part(named, counted.ours(USUAL, worker_mb=memory), counted.theirs(USUAL, memory))
    theirs = by_service(counted.theirs(USUAL))
    for service, cost in by_service(counted.ours(USUAL)).items():
        yield Part(f"{_name(USUAL)}: {service}", cost, "$", baseline=theirs.get(service))


def _part(name: str, ours: Usage, theirs: Usage, bar: float | None = None, note: str = "") -> Part:
    return Part(name, dollars(ours), "$", bar, dollars(theirs), note=note)


def _name(models: int) -> str:
    return "1 model" if models == 1 else f"{models} models"


def _assumed() -> str:
    return f"slowest provider {usage.SLOWEST_SECONDS:g} s, every preview opened"


@contextmanager
def deployed() -> Iterator[tuple[Emulator, str]]:
    """The packaged product with twenty models and nobody else's calls."""
    slots = [DEFAULT_SLOTS[i % len(DEFAULT_SLOTS)] for i in range(max(SIZES))]
    with (
        TemporaryDirectory() as directory,
        running_simulators(0.05) as simulators,
        running_emulator(Path(directory)) as emulator,
    ):
        models = product.simulated_models(simulators.base_urls, slots)
        page = PROJECT / "frontend" / "dist"
        packaged = Packaged(package(product.STAGE), page, models)
        outputs = product.deploy(emulator, packaged, lambda _: None)
        with opened(emulator, outputs) as url:
            yield emulator, url


def _product_calls(emulator: Emulator, url: str, models: int, jobs: int) -> Usage:
    """Of one job on average; one before them warms the functions and is not counted."""
    draw(url, models)
    time.sleep(SETTLED_SECONDS)
    take_calls(emulator)
    used: list[Usage] = []
    for _ in range(jobs):
        draw(url, models)
        time.sleep(SETTLED_SECONDS)
        used.append(usage.of_calls(take_calls(emulator)))
    return {unit: amount / jobs for unit, amount in together(*used).items()}


def draw(url: str, models: int) -> None:
    """As a page does: subscribe, and wait for the end and for the previews."""
    address = requests.get(f"{url}/api/models", timeout=30).json()["websocketUrl"]
    wanted = {"prompt": "a lighthouse at dawn", "models": list(range(1, models + 1))}
    options: dict[str, Any] = {"proxy": None, "open_timeout": 60}
    with connect(address, **options) as socket:
        job = requests.post(f"{url}/api/generate", json=wanted, timeout=60).json()
        socket.send(json.dumps({"action": "subscribe", "jobId": job["jobId"]}))
        while job["status"] in ("pending", "in_progress") or not _all_previewed(job):
            job = json.loads(socket.recv(60))["job"]
    if job["completedModels"] != models:
        raise RuntimeError(f"the job ended {job['status']}")


def _all_previewed(job: Mapping[str, Any]) -> bool:
    return all("previewUrl" in result for result in job["results"])


def take_calls(emulator: Emulator) -> Calls:
    """The functions' calls since the last time, except the reaper's, who comes without a job."""
    answer = requests.delete(f"{emulator.endpoint}/_meter", timeout=30)
    taken: list[dict[str, Any]] = answer.json()
    return [call for call in taken if call["function"] != "Reaper"]


def _originals_calls(address: str, models: int) -> Usage:
    """Of one job; the last look at the result is no part of it."""
    with installed(address, models) as installation:
        studio = original_studio(installation, models)
        painter = Painter(photograph(), 0, installation.meter)
        run_originals(installation, studio, painter, models)
        counted = installation.meter.calls
    fetched = counted["s3.GetObject"] - 1
    return {"object GET": fetched, "object PUT or LIST": counted["s3.PutObject"]}


def main() -> None:
    counted = count(QUICK.jobs)
    for part in _parts(counted):
        bar = f"  (at most {part.bar:g})" if part.bar else ""
        print(f"{part.name:<46}{part.value:>9.4f} ${part.baseline or 0:>10.4f} $ originals{bar}")
    for models in SIZES:
        print(f"\n{_name(models)}, dollars per 1,000 jobs: the product, the originals")
        theirs = by_service(counted.theirs(models))
        for service, cost in by_service(counted.ours(models)).items():
            print(f"  {service:<24}{cost:>9.4f}{theirs.get(service, 0):>9.4f}")


if __name__ == "__main__":
    main()
