"""R11: how long a worker is billed for a slot that takes ten minutes: it hands over and ends."""

from __future__ import annotations

import time
from functools import partial

from bench.installation import LAMBDA_TIME_MS, installed
from bench.meter import AWS_LATENCY
from chalicelib.callers import Caller
from chalicelib.jobs.service import Submission
from chalicelib.providers.base import Parameters
from chalicelib.wiring.jobs import Jobs
from devstack.own_model.endpoint import OwnEndpoint
from devstack.simulators import running_simulators

BAR_S, SLOT_S = 1.0, 600
WISH = Submission(f"a lighthouse [[sagemaker:slow={SLOT_S}]]", Parameters())
SLEEPS = {
    "MODEL_1_NAME": "Ours",
    "MODEL_1_PROVIDER": "sagemaker",
    "MODEL_1_ID": "own",
    "MODEL_1_KEY": "N/A",
}


class Nowhere:
    """What the endpoint draws comes after the measurement."""

    output = "s3://bucket/own-models"

    async def put(self, location: str, data: bytes) -> None:
        raise RuntimeError(f"{location} was drawn already")

    async def publish(self, subject: str, message: str, attributes: object) -> None:
        raise RuntimeError(f"{subject} was told already")


def worker_seconds(emulator_url: str, jobs: int) -> list[float]:
    """Seconds that each job's worker took, with AWS latency; the first makes the clients."""
    with running_simulators(kinds=[partial(OwnEndpoint, delivery=Nowhere())]) as endpoint:
        settings = {**SLEEPS, "MODEL_1_BASE_URL": endpoint.base_urls["sagemaker"]}
        with installed(emulator_url, 1, settings) as installation:
            installation.meter.latency = AWS_LATENCY
            return [_seconds(installation.services.jobs) for _ in range(jobs + 1)][1:]


def _seconds(jobs: Jobs) -> float:
    job = jobs.service.submit(WISH, Caller("203.0.113.9"), None)
    began = time.perf_counter()
    jobs.executor.run(job.id, LAMBDA_TIME_MS)
    took = time.perf_counter() - began
    (lease,) = jobs.service.get(job.id).leases.values()
    if not lease.deferred or lease.phase is None:
        raise RuntimeError("the call was not handed over")
    return took
