"""Many clients follow many jobs over sockets that lose, delay and break, and a worker that dies.

    python -m tests.load.sockets --clients 1000 --jobs 50

Faults hit the messages between the gateway and the client, so that the product believes every
one of them delivered. Each client does what the contract asks: keep the highest `seq`, subscribe
again after a reconnect, and ask once after some seconds without news.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import requests
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector, WSMsgType

from devstack.default_slots import DEFAULT_SLOTS
from tests.api.visitor import ENDED, Json
from tests.load.report import percentile, print_figure
from tests.support.product import Product, running_product, wait_until

MODELS = 9
ENVIRONMENT = {
    "SIMULATOR_PACE": "1",
    "ENGINE_SCHEDULE_SECONDS": "1",
    "GLOBAL_LIMIT": "100000",
    **{f"MODEL_{index}_TIMEOUT": "8" for index in range(1, MODELS + 1)},
}
DROPPED, RECONNECTING, LATE_S = 0.1, 0.2, 0.2
MID_JOB_S = 1.0
PUSH_BAR_S, POLL_BAR_S = 2.0, 20.0
Way = Literal["push", "later", "poll"]
"""How a client learned of the end: from the message that told it, from a later one of the same job
because that one was lost, or by asking."""


@dataclass(frozen=True)
class Plan:
    """`interval_s` is the time between two jobs; `silence_s` how long a client waits for news."""

    clients: int
    jobs: int
    seed: int = 1
    interval_s: float = 2.5
    silence_s: float = 15.0


@dataclass
class Tally:
    """What all clients met together."""

    late_s: dict[Way, list[float]] = field(
        default_factory=lambda: {"push": [], "later": [], "poll": []}
    )
    ended_at: dict[str, int] = field(default_factory=dict)
    """The `seq` of each job's end, by the messages that were sent."""
    dropped: int = 0
    overtaken: int = 0
    reconnected: int = 0
    backward: int = 0
    torn: int = 0
    interrupted: int = 0
    billed: int = 0
    billed_twice: int = 0

    def figures(self, plan: Plan) -> dict[str, float]:
        pushed, later, polled = (self.late_s[way] for way in get_args(Way))
        return {
            "clients": plan.clients,
            "jobs": plan.jobs,
            "converged": len(pushed) + len(later) + len(polled),
            "p99_push_s": percentile(pushed, 0.99),
            "p99_later_s": percentile(later, 0.99),
            "p99_poll_s": percentile(polled, 0.99),
            "later": len(later),
            "polled": len(polled),
            "dropped": self.dropped,
            "overtaken": self.overtaken,
            "reconnected": self.reconnected,
            "interrupted_slots": self.interrupted,
            "billed": self.billed,
            "billed_twice": self.billed_twice,
            "backward": self.backward,
            "torn": self.torn,
        }


class Client:
    """One browser tab; `rng` decides which faults it meets."""

    def __init__(self, http: ClientSession, plan: Plan, rng: random.Random, tally: Tally) -> None:
        self._http = http
        self._plan = plan
        self._rng = rng
        self._tally = tally
        self._job: Json = {"seq": 0, "status": "pending"}
        self._states: dict[int, str] = {}
        self._news = time.monotonic()
        self._breaks_after = rng.randint(1, 6) if rng.random() < RECONNECTING else 0

    @property
    def done(self) -> bool:
        return self._job["status"] in ENDED

    async def follow(self, job_id: str) -> Json:
        """The job once this client has seen its end."""
        self._news = time.monotonic()
        while not self.done:
            async with self._http.ws_connect("/ws") as socket:
                await socket.send_json({"action": "subscribe", "jobId": job_id})
                await self._listen(socket, job_id)
        return self._job

    async def _listen(self, socket: ClientWebSocketResponse, job_id: str) -> None:
        """Until the end of the job or of this connection."""
        while not self.done:
            wait = self._news + self._plan.silence_s - time.monotonic()
            try:
                message = await asyncio.wait_for(socket.receive(), max(0.05, min(wait, 0.25)))
            except TimeoutError:
                await self._ask_when_without_news(job_id)
                continue
            if message.type is not WSMsgType.TEXT:
                return
            self._receive(json.loads(message.data))
            if self._is_breaking():
                return

    async def _ask_when_without_news(self, job_id: str) -> None:
        if time.monotonic() < self._news + self._plan.silence_s:
            return
        async with self._http.get(f"/api/status/{job_id}") as answer:
            self._take(await answer.json(), "poll")

    def _receive(self, message: Json) -> None:
        job = message["job"]
        if job["status"] in ENDED:
            first = self._tally.ended_at.setdefault(job["jobId"], job["seq"])
            self._tally.ended_at[job["jobId"]] = min(first, job["seq"])
        if self._rng.random() < DROPPED:
            self._tally.dropped += 1
            return
        late = self._rng.random() * LATE_S
        asyncio.get_running_loop().call_later(late, self._take, job, "push")

    def _is_breaking(self) -> bool:
        self._breaks_after -= 1
        self._tally.reconnected += self._breaks_after == 0
        return self._breaks_after == 0

    def _take(self, job: Json, way: Way) -> None:
        """Keeps the highest `seq`; the same `seq` must be the same job."""
        self._news = time.monotonic()
        seen, content = self._job["seq"], json.dumps(job, sort_keys=True)
        self._tally.torn += self._states.setdefault(job["seq"], content) != content
        self._tally.overtaken += job["seq"] < seen
        if self.done or job["seq"] <= seen:
            return
        self._tally.backward += job["completedModels"] < self._job.get("completedModels", 0)
        self._job = job
        if job["status"] in ENDED:
            if way == "push" and job["seq"] > self._tally.ended_at[job["jobId"]]:
                way = "later"
            self._tally.late_s[way].append(max(0.0, time.time() - _seconds(job["completedAt"])))


async def crowd(product: Product, plan: Plan) -> Tally:
    """Lets all clients follow their jobs to the end; raises TimeoutError when one does not."""
    tally, rng = Tally(), random.Random(plan.seed)
    loop = asyncio.get_running_loop()
    ids: list[asyncio.Future[str]] = [loop.create_future() for _ in range(plan.jobs)]
    async with ClientSession(product.url, connector=TCPConnector(limit=0)) as http:

        async def attend(number: int) -> Json:
            client = Client(http, plan, random.Random(f"{plan.seed}/{number}"), tally)
            return await client.follow(await ids[number % plan.jobs])

        clients = [asyncio.create_task(attend(number)) for number in range(plan.clients)]
        submitting = asyncio.create_task(_submit(http, product, plan, ids, rng))
        async with asyncio.timeout(plan.jobs * plan.interval_s + 90):
            await submitting
            ended = await asyncio.gather(*clients)
    tally.interrupted = sum(_interrupted(job) for job in ended[: plan.jobs])
    tally.billed, tally.billed_twice = await asyncio.to_thread(_billed, product)
    return tally


async def _submit(
    http: ClientSession,
    product: Product,
    plan: Plan,
    ids: Sequence[asyncio.Future[str]],
    rng: random.Random,
) -> None:
    """One job after the other; in the middle of one of them its worker is killed."""
    for number, waiting in enumerate(ids):
        async with http.post("/api/generate", json={"prompt": f"crowd {number}"}) as answer:
            job_id = str((await answer.json())["jobId"])
        waiting.set_result(job_id)
        if number == plan.jobs // 2:
            await asyncio.sleep(MID_JOB_S)
            await asyncio.to_thread(kill_worker, product)
        await asyncio.sleep(plan.interval_s * (0.5 + rng.random()))


def kill_worker(product: Product) -> None:
    """As when the machine under it goes away; returns once there is another."""
    killed = product.worker_pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: product.worker_pid != killed)


def _billed(product: Product) -> tuple[int, int]:
    """The providers' billed calls, and those beyond one for each of their models in each job."""
    models = Counter(slot.provider for slot in DEFAULT_SLOTS)
    counted = requests.get(product.simulator_control, timeout=10).json()["images"]["providers"]
    calls = [
        (models[provider], calls)
        for provider, found in counted.items()
        for calls in found["prompts"].values()
    ]
    return sum(n for _, n in calls), sum(max(0, n - most) for most, n in calls)


def _interrupted(job: Json) -> int:
    return sum(result.get("errorCode") == "INTERRUPTED" for result in job["results"])


def _seconds(moment: Any) -> float:
    return datetime.fromisoformat(str(moment)).timestamp()


def all_well(figures: Mapping[str, float], plan: Plan) -> bool:
    """Every client learned in time how its job ended, none saw it go back, nobody paid twice."""
    without = max(figures["p99_later_s"], figures["p99_poll_s"])
    in_time = figures["p99_push_s"] <= PUSH_BAR_S and without <= POLL_BAR_S
    whole = not (figures["backward"] or figures["torn"] or figures["billed_twice"])
    return in_time and whole and figures["converged"] == plan.clients


def main(arguments: Sequence[str] | None = None) -> int:
    """The status says whether every promise held."""
    parser = argparse.ArgumentParser(description="Clients, jobs and faults over sockets.")
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    plan = Plan(chosen.clients, chosen.jobs, chosen.seed)
    with (
        TemporaryDirectory() as directory,
        running_product(Path(directory), ENVIRONMENT) as product,
    ):
        tally = asyncio.run(crowd(product, plan))
    print_figure("R8", **tally.figures(plan))
    return int(not all_well(tally.figures(plan), plan))


if __name__ == "__main__":
    sys.exit(main())
