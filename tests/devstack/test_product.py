"""The real product on the local engine: what a person sees, and what a kill leaves."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from aiohttp import ClientSession

from tests.api.visitor import Visitor
from tests.support.product import Product, running_product, wait_until

OPEN = ("pending", "in_progress")
SHORT_DEADLINES = {
    "SIMULATE": "1",
    "MODEL_COUNT": "3",
    **{f"MODEL_{i}_KEY": "any" for i in (1, 2, 3)},
    **{f"MODEL_{i}_TIMEOUT": "12" for i in (1, 2, 3)},
    "MODEL_1_NAME": "GPT Image 2",
    "MODEL_2_NAME": "Stable Image Ultra",
    "MODEL_3_NAME": "FLUX.2 pro",
    "ENGINE_SCHEDULE_SECONDS": "0.5",
}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with running_product(tmp_path) as running:
        yield running


def post(product: Product, prompt: str) -> str:
    answer = requests.post(f"{product.api}/generate", json={"prompt": prompt}, timeout=10)
    assert answer.status_code == 202
    return str(answer.json()["jobId"])


def status(product: Product, job: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(f"{product.api}/status/{job}", timeout=10).json()
    return answer


def attempts(product: Product) -> int:
    """How often the providers were called."""
    return int(requests.get(product.simulator_control, timeout=10).json()["attempts"]["total"])


def finished(product: Product, job: str) -> dict[str, Any]:
    """The job once it has ended."""

    def ended() -> dict[str, Any] | None:
        now = status(product, job)
        return None if now["status"] in OPEN else now

    job_now: dict[str, Any] = wait_until(ended, 60)
    return job_now


async def watched(product: Product, prompt: str) -> list[dict[str, Any]]:
    """Every state of a job that a subscriber is told, by `seq`, until it has ended."""
    states: list[dict[str, Any]] = []
    async with ClientSession() as session, session.ws_connect(product.websocket) as socket:
        job = await asyncio.to_thread(post, product, prompt)
        await socket.send_json({"action": "subscribe", "jobId": job})
        while all(state["status"] in OPEN for state in states):
            message = await socket.receive_json(timeout=20)
            states.append(message["job"])
    return sorted(states, key=lambda state: int(state["seq"]))


def test_nine_pictures_arrive_over_the_socket(product: Product) -> None:
    states = asyncio.run(watched(product, "a lamp in the snow"))
    done = [state["completedModels"] for state in states]
    assert done == sorted(done)
    assert len(set(done)) > 3
    final = states[-1]
    assert (final["status"], final["completedModels"], final["simulated"]) == ("completed", 9, True)
    for result in final["results"]:
        picture = requests.get(product.url + result["imageUrl"], timeout=10)
        assert picture.headers["Content-Type"] == result["contentType"]
        assert len(picture.content) == result["bytes"]
        assert "immutable" in picture.headers["Cache-Control"]
    drawn = Visitor(product.url).wait_drawn(final["jobId"])
    for result in drawn["results"]:
        thumb = requests.get(product.url + result["thumbUrl"], timeout=10)
        assert thumb.headers["Content-Type"] == "image/webp"


def test_a_kill_of_everything_keeps_the_gallery_and_every_picture(
    product: Product, tmp_path: Path
) -> None:
    job = finished(product, post(product, "a boat"))
    wait_until(lambda: requests.get(f"{product.api}/gallery", timeout=10).json()["galleries"])
    product.kill()
    with running_product(tmp_path) as restarted:
        galleries = requests.get(f"{restarted.api}/gallery", timeout=10).json()["galleries"]
        assert [entry["jobId"] for entry in galleries] == [job["jobId"]]
        for result in job["results"]:
            picture = requests.get(restarted.url + result["imageUrl"], timeout=10)
            assert len(picture.content) == result["bytes"]


def test_a_worker_killed_in_mid_job_ends_typed_and_bills_nobody_twice(tmp_path: Path) -> None:
    with running_product(tmp_path, SHORT_DEADLINES) as product:
        job = post(product, "a boat [[openai:slow=11]] [[stability:hang]]")
        wait_until(lambda: attempts(product) == 3 and status(product, job)["completedModels"])
        os.kill(product.worker_pid, signal.SIGKILL)
        ended = finished(product, job)
        by_provider = {result["provider"]: result for result in ended["results"]}
        assert by_provider["bfl"]["status"] == "completed"
        for provider in ("openai", "stability"):
            assert by_provider[provider]["errorCode"] == "INTERRUPTED"
        assert attempts(product) == 3
