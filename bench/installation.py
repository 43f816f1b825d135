"""The product in this process: its own wiring over the emulator, with painters for providers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import boto3

from bench.meter import Meter, Span
from chalicelib.callers import Caller
from chalicelib.jobs.executor import Executor
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import Submission
from chalicelib.providers.base import CallContext, ImageRequest, Parameters, Picture, Recovery
from chalicelib.wiring import Services, services
from devstack.environment import Addresses, app_environment

NOWHERE = "http://127.0.0.1:9"
LAMBDA_TIME_MS = 900_000
WISH = Submission("a lighthouse above a stormy sea, oil on canvas", Parameters())


@dataclass
class Painter:
    """A provider that takes `seconds` over a picture, each time a new copy of the same bytes."""

    data: bytes
    seconds: float
    meter: Meter
    recovery: Recovery = Recovery.UNSAFE

    def draw(self) -> bytes:
        began = time.perf_counter()
        time.sleep(self.seconds)
        self.meter.note(Span("provider", began, time.perf_counter()))
        return bytes(bytearray(self.data))

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        return Picture(data=self.draw())


@dataclass(frozen=True)
class Installation:
    """Real services with real clients; what they do to AWS shows in `meter`."""

    services: Services
    meter: Meter

    def submit(self) -> Job:
        """A new job for every model, as `POST /generate` makes it."""
        return self.services.jobs.service.submit(WISH, Caller("203.0.113.9"), None)

    def work(self, job: Job, painter: Painter) -> float:
        """Draws the job as the worker does, and returns the seconds that it took."""
        began = time.perf_counter()
        self._executor(painter).run(job.id, LAMBDA_TIME_MS)
        return time.perf_counter() - began

    def draw_previews(self, job: Job) -> None:
        """Draws them as the previews function does, when the worker has asked for all at once."""
        self.services.jobs.previewing.run(job.id, [slot.index for slot in job.slots])

    def current(self, job: Job) -> Job:
        return self.services.jobs.service.get(job.id)

    def listen(self, job: Job, connection: str = "connection") -> None:
        """Subscribes a browser to the job."""
        self.services.jobs.store.subscribe(job.id, connection, self.services.ports.clock())

    def _executor(self, painter: Painter) -> Executor:
        jobs, ground = self.services.jobs, self.services.ground
        slot_run = replace(
            jobs.slot_run,
            generator=replace(ground.generator, providers=One(painter)),
        )
        return replace(jobs.executor, slot_run=slot_run)


@dataclass(frozen=True)
class One:
    """The same painter for every model."""

    painter: Painter

    def image(self, index: int) -> Painter:
        return self.painter


@contextmanager
def installed(
    emulator: str, models: int, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Installation]:
    """The installation that the environment describes while the block runs, `more` settings too.

    What the product logs goes nowhere, but writing it takes its time.
    """
    addresses = Addresses(NOWHERE, NOWHERE, emulator)
    described = {**app_environment(_settings(models), addresses, simulated=None), **more}
    with _environment(described), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        session, meter = boto3.Session(), Meter()
        meter.watch(session)
        boto3.DEFAULT_SESSION = session
        services.cache_clear()
        yield Installation(services(), meter)
        services.cache_clear()


def _settings(models: int) -> dict[str, str]:
    settings = {"MODEL_COUNT": str(models), "IP_LIMIT": "100000", "GLOBAL_LIMIT": "1000000"}
    for index in range(1, models + 1):
        settings |= {
            f"MODEL_{index}_NAME": f"Hunyuan Image {index}",
            f"MODEL_{index}_PROVIDER": "generic",
            f"MODEL_{index}_KEY": "none",
            f"MODEL_{index}_BASE_URL": NOWHERE,
        }
    return settings


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(added)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
