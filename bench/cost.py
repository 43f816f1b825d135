"""P5: what AWS asks for a job: the calls of real ones on the packaged stack, priced.

    python -m bench.cost

The emulator counts calls and capacity units. Time is assumed: a worker lives as long as its slowest
provider, whose pace no emulator knows.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from websockets.sync.client import connect

from bench.effort import QUICK, Effort
from bench.scorecard import PROJECT, Figure, Part
from deploy.emulator import product
from deploy.emulator.product import Packaged, opened
from deploy.emulator.server import Emulator, running_emulator
from deploy.package import package
from devstack.default_slots import DEFAULT_SLOTS
from devstack.simulators import running_simulators

PRICES: Mapping[str, float] = json.loads(Path(__file__).with_name("cost_prices.json").read_text())[
    "usd"
]
SIZES = (1, 9, 20)
MEMORIES = (512, 1024, 3008)
MEMORY_MB, SMALL_MB = 512, 256
WORKER_SECONDS = 20.0
"""The slowest of nine providers, as a user meets it."""
API_SECONDS, SOCKET_SECONDS = 0.05, 0.03
LOG_BYTES_PER_SLOT = 1500
PICTURE_BYTES, RETENTION_MONTHS = 1_500_000, 1.0
BAR, BASELINE = 1.25, 5.28
READS = frozenset({"GetItem", "Query"})
SETTLED_SECONDS = 2.0
Calls = Sequence[Mapping[str, Any]]
Usage = dict[str, float]


def measure(effort: Effort) -> list[Figure]:
    """Dollars per 1,000 jobs; the part with the bar is the one of nine models."""
    with _deployed() as (emulator, url):
        drawn = {size: _calls_of_jobs(emulator, url, size, effort.jobs) for size in SIZES}
    parts = [_part(f"{size} models", _usage(drawn[size], size), size == 9) for size in (9, 1, 20)]
    nine = _usage(drawn[9], 9)
    parts += [
        Part(f"9 models, worker of {memory} MB", _dollars(_with_memory(nine, memory)), "$")
        for memory in MEMORIES[1:]
    ]
    parts += [Part(f"9 models: {name}", cost, "$") for name, cost in _by_service(nine).items()]
    parts.append(Part("9 models: pictures seen once and kept a month", _pictures(9), "$"))
    return [Figure("P5", "AWS dollars per 1,000 jobs", tuple(parts))]


def _part(name: str, usage: Usage, judged: bool) -> Part:
    bar, baseline = (BAR, BASELINE) if judged else (None, None)
    assumed = f"slowest provider {WORKER_SECONDS:g} s"
    return Part(name, _dollars(usage), "$", bar, baseline, note=assumed)


@contextmanager
def _deployed() -> Iterator[tuple[Emulator, str]]:
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


def _calls_of_jobs(emulator: Emulator, url: str, models: int, jobs: int) -> list[Calls]:
    """The calls of each job; one before them warms the functions and is not counted."""
    _draw(url, models)
    found: list[Calls] = []
    for _ in range(jobs):
        _take_calls(emulator)
        _draw(url, models)
        time.sleep(SETTLED_SECONDS)
        found.append([c for c in _take_calls(emulator) if c["function"] != "Reaper"])
    return found


def _draw(url: str, models: int) -> None:
    """As a page does: subscribe, wait for the end, ask once more."""
    address = requests.get(f"{url}/api/models", timeout=30).json()["websocketUrl"]
    wanted = {"prompt": "a lighthouse at dawn", "models": list(range(1, models + 1))}
    options: dict[str, Any] = {"proxy": None, "open_timeout": 60}
    with connect(address, **options) as socket:
        job = requests.post(f"{url}/api/generate", json=wanted, timeout=60).json()
        socket.send(json.dumps({"action": "subscribe", "jobId": job["jobId"]}))
        while job["status"] in ("pending", "in_progress"):
            job = json.loads(socket.recv(60))["job"]
    if job["completedModels"] != models:
        raise RuntimeError(f"the job ended {job['status']}")


def _take_calls(emulator: Emulator) -> list[dict[str, Any]]:
    answer = requests.delete(f"{emulator.endpoint}/_meter", timeout=30)
    taken: list[dict[str, Any]] = answer.json()
    return taken


def _usage(jobs: Sequence[Calls], models: int) -> Usage:
    """What one job uses on average, in the units of the price list."""
    usage = _around_the_calls(models)
    for call in chain.from_iterable(jobs):
        unit = _unit(call)
        usage[unit] = usage.get(unit, 0.0) + call.get("units", 1.0) / len(jobs)
    return usage


def _unit(call: Mapping[str, Any]) -> str:
    if call["service"] == "dynamodb":
        return "table read unit" if call["operation"] in READS else "table write unit"
    if call["service"] == "s3":
        fetched = call["operation"] in ("GetObject", "HeadObject")
        return "object GET" if fetched else "object PUT or LIST"
    return {"execute-api": "socket message", "secretsmanager": "secret call"}.get(
        call["service"], "lambda request"
    )


def _around_the_calls(models: int) -> Usage:
    """What a browser and the platform add: one POST and one GET, a socket of a minute, logs."""
    small = 2 * API_SECONDS * MEMORY_MB + 3 * SOCKET_SECONDS * SMALL_MB
    return {
        "REST request": 2,
        "CDN request": 2 + 2 * models,
        "object GET": 2 * models,
        "socket message": 2,
        "socket connection-minute": 1,
        "lambda request": 5,
        "lambda GB-second": small / 1024,
        "worker GB-second": WORKER_SECONDS * MEMORY_MB / 1024,
        "trace": 6,
        "log GB": models * LOG_BYTES_PER_SLOT / 1e9,
    }


def _with_memory(usage: Usage, memory: int) -> Usage:
    return {**usage, "worker GB-second": WORKER_SECONDS * memory / 1024}


def _dollars(usage: Usage) -> float:
    """Of 1,000 jobs."""
    return round(sum(amount * _price(unit) for unit, amount in usage.items()) * 1000, 3)


def _by_service(usage: Usage) -> Usage:
    """Of 1,000 jobs, the dearest first."""
    costs: Usage = {}
    for unit, amount in usage.items():
        service = unit.partition(" ")[0]
        costs[service] = costs.get(service, 0.0) + amount * _price(unit) * 1000
    dearest = sorted(costs.items(), key=lambda cost: cost[1], reverse=True)
    return {service: round(cost, 4) for service, cost in dearest}


def _price(unit: str) -> float:
    return PRICES["lambda GB-second" if unit == "worker GB-second" else unit]


def _pictures(models: int) -> float:
    """Delivery and storage: they depend on sizes and on how often people look."""
    gigabytes = models * PICTURE_BYTES / 1e9
    each = gigabytes * (PRICES["CDN GB"] + PRICES["object GB-month"] * RETENTION_MONTHS)
    return round(each * 1000, 3)


def main() -> None:
    (figure,) = measure(QUICK)
    for part in figure.parts:
        bar = f"  (at most {part.bar:g}; {part.baseline} before)" if part.bar else ""
        print(f"{part.name:<46}{part.value:>9.4f} ${bar}")


if __name__ == "__main__":
    main()
