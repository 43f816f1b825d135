"""P1: how long the server takes to accept a job, and how many AWS calls that is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from urllib.parse import urlsplit

from chalice.test import Client

from app import app
from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import original_studio
from bench.installation import WISH, installed
from bench.samples import Samples
from bench.scorecard import Figure, Part, milliseconds
from chalicelib.switches.store import KNOWN_FOR_MS
from tests.support.product import Product, running_product

CALLS_BAR, P99_BAR = 4, 50
WARM_UP = 10
PACES = (5, 20)
"""Posts a second. At twenty, drawing the jobs before takes all of two cores."""
LIMITS = {"IP_LIMIT": "100000", "GLOBAL_LIMIT": "1000000"}
"""Both are on, as in production, and never met."""
ONE_SLEEPS = {"MODEL_9_PROVIDER": "sagemaker", "MODEL_9_ID": "own", "MODEL_9_KEY": "N/A"}
JSON = {"Content-Type": "application/json"}
SWITCHES = f"a process reads once in {KNOWN_FOR_MS / 1000:g} s more which models are off"
BODY = json.dumps({"prompt": "a lighthouse [[*:refuse]]"})
"""Every provider refuses, so that drawing does not fall into the measurement."""


def measure(effort: Effort) -> list[Figure]:
    calm, hurried = (_server_times(effort, pace) for pace in PACES)
    asleep = _server_times(effort, PACES[0], {"OWN_MODEL": "1"})
    ours, theirs, original_ms = _calls_and_original_time(effort)
    original = f"{original_ms.percentile(0.99):.0f} (p99 of the original's calls alone)"
    calm_p99, hurried_p99 = calm.percentile(0.99), hurried.percentile(0.99)
    parts = (
        milliseconds("server time, p99, 5 posts a second", calm_p99, calm, P99_BAR, original),
        milliseconds("server time, median", calm.median, calm, None, original_ms.median),
        milliseconds("server time, p99, 20 posts a second", hurried_p99, hurried, P99_BAR),
        milliseconds(
            "with a model that sleeps, p99, 5 posts a second",
            asleep.percentile(0.99),
            asleep,
            P99_BAR,
        ),
        Part("AWS calls", ours, "", CALLS_BAR, theirs, note=SWITCHES),
    )
    return [Figure("P1", "POST /generate", parts)]


def _server_times(
    effort: Effort, pace: int, more: Mapping[str, str] = MappingProxyType({})
) -> Samples:
    settings = {**LIMITS, **more}
    with TemporaryDirectory() as directory, running_product(Path(directory), settings) as product:
        _post(product, WARM_UP + effort.requests, pace)
        return Samples.of(list(_durations(product))[WARM_UP:])


def calls(emulator_url: str, more: Mapping[str, str] = MappingProxyType({})) -> int:
    """AWS calls to accept one job for nine models, with both limits on, right after another."""
    with installed(emulator_url, 9, more) as installation, Client(app) as client:
        for _ in range(2):
            installation.meter.reset()
            answer = client.http.post("/generate", headers=JSON, body=BODY.encode())
            if answer.status_code != 202:
                raise RuntimeError(f"a job was refused with {answer.status_code}")
        return installation.meter.count("dynamodb", "s3", "lambda")


def _calls_and_original_time(effort: Effort) -> tuple[int, int, Samples]:
    with emulator() as url:
        ours = calls(url)
        with installed(url, 9) as installation:
            studio = original_studio(installation, 9)
            milliseconds = []
            for _ in range(WARM_UP + effort.requests):
                installation.meter.reset()
                began = time.perf_counter()
                studio.submit(WISH.prompt, "203.0.113.9")
                milliseconds.append((time.perf_counter() - began) * 1000)
            return ours, installation.meter.count("s3"), Samples.of(milliseconds[WARM_UP:])


def _post(product: Product, requests: int, pace: int) -> None:
    with closing(HTTPConnection(urlsplit(product.url).netloc)) as connection:
        for _ in range(requests):
            connection.request("POST", "/api/generate", BODY, JSON)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 202:
                raise RuntimeError(f"a job was refused with {answer.status}")
            time.sleep(1 / pace)


def _durations(product: Product) -> Iterator[float]:
    """What the server itself logged, in milliseconds."""
    for line in (product.data_dir / "engine.log").read_text().splitlines():
        if '"operation": "generate"' in line and '"event": "request"' in line:
            yield float(json.loads(line)["durationMs"])
