"""Many at once: limits are exact, repeats are one, and one slow slot delays nobody."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from devstack.default_slots import DEFAULT_SLOTS
from tests.api.visitor import Visitor
from tests.support.product import Product, running_product, wait_until

LIMIT = 50
TIMEOUT_S = 6
NAMES = ["GPT Image 2", "FLUX.3", "Recraft V4.1"]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with an address limit and short timeouts."""
    settings = {"SIMULATE": "1", "MODEL_COUNT": "3", "IP_LIMIT": str(LIMIT)}
    for index, name in enumerate(NAMES, start=1):
        settings |= {
            f"MODEL_{index}_NAME": name,
            f"MODEL_{index}_KEY": "a-key",
            f"MODEL_{index}_TIMEOUT": str(TIMEOUT_S),
        }
    with running_product(tmp_path_factory.mktemp("limited"), settings) as running:
        yield running


def at_once(count: int, task: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(task, range(count)))


def calls_for(product: Product, prompt: str) -> int:
    """How many billable calls the simulated providers counted for one prompt."""
    counted = requests.get(product.simulator_control, timeout=10).json()
    return sum(p["prompts"].get(prompt, 0) for p in counted["images"]["providers"].values())


def test_exactly_the_limit_is_admitted_whatever_the_crowd(limited: Product) -> None:
    visitor = Visitor(limited.url, source="127.0.0.7")
    body = {"prompt": "a crowd", "models": [3]}
    answers = at_once(200, lambda _: visitor.call("POST", "/generate", body))
    assert Counter(a.status_code for a in answers) == {202: LIMIT, 429: 200 - LIMIT}
    refused = next(a for a in answers if a.status_code == 429)
    assert (refused.json()["code"], refused.json()["scope"]) == ("RATE_LIMITED", "ip")
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600


def test_no_header_or_field_changes_the_address_that_is_limited(limited: Product) -> None:
    visitor = Visitor(limited.url, source="127.0.0.8")

    def forged(n: int) -> requests.Response:
        address = f"198.51.100.{n}"
        headers = {
            "X-Forwarded-For": address,
            "Forwarded": f"for={address}",
            "X-Real-IP": address,
            "CloudFront-Viewer-Address": f"{address}:443",
            "X-Origin-Secret": "guess",
        }
        body = {"prompt": "a forger", "models": [3], "ip": address}
        return visitor.call("POST", "/generate", body, headers=headers)

    answers = at_once(2 * LIMIT, forged)
    assert Counter(a.status_code for a in answers) == {202: LIMIT, 429: LIMIT}


def test_a_hundred_repeats_with_one_key_are_one_job(visitor: Visitor) -> None:
    headers = {"Idempotency-Key": "a-hundred-clicks"}
    body = {"prompt": "once only", "models": [1]}
    answers = at_once(100, lambda _: visitor.call("POST", "/generate", body, headers=headers))
    assert {a.status_code for a in answers} == {202}
    assert len({a.json()["jobId"] for a in answers}) == 1


def test_a_hundred_deliveries_of_one_event_call_each_provider_once(
    visitor: Visitor, product: Product
) -> None:
    prompt = "[[*:slow=1]] delivered a hundred times"
    job = visitor.generate(prompt)
    payload = json.dumps({"jobId": job["jobId"]}).encode()

    def deliver(_: int) -> int:
        answer = product.aws("lambda").invoke(
            FunctionName="worker", InvocationType="Event", Payload=payload
        )
        return int(answer["StatusCode"])

    assert set(at_once(100, deliver)) == {202}
    assert visitor.wait(job["jobId"])["status"] == "completed"
    assert calls_for(product, prompt) == 9


def test_one_failing_or_hanging_slot_touches_no_other(limited: Product) -> None:
    visitor = Visitor(limited.url, source="127.0.0.9")
    job = visitor.generate("[[bfl:hang]] [[openai:refuse]] a calm sea")
    ended = visitor.wait(job["jobId"])
    openai, bfl, recraft = ended["results"]
    assert ended["status"] == "partial"
    assert (openai["errorCode"], openai["retryable"]) == ("REFUSED", False)
    assert (bfl["errorCode"], bfl["retryable"]) == ("TIMEOUT", True)
    assert bfl["cost"] == {"amount": None, "basis": "unknown"}
    assert recraft["status"] == "completed"
    assert openai["completedAt"] < bfl["completedAt"]
    assert recraft["completedAt"] < bfl["completedAt"]
    assert TIMEOUT_S <= bfl["duration"] <= TIMEOUT_S + 2


def test_slow_slots_are_slow_at_the_same_time(visitor: Visitor) -> None:
    job = visitor.wait(visitor.generate("[[*:slow=3]] patience")["jobId"])
    assert job["status"] == "completed"
    durations = [r["duration"] for r in job["results"]]
    assert min(durations) >= 3
    assert max(durations) < sum(durations) / 3


def test_every_listener_of_a_job_sees_its_end(visitor: Visitor) -> None:
    job = visitor.generate("[[*:slow=1]] watched", models=[1, 4])

    def watch(_: int) -> str:
        with visitor.socket() as socket:
            return str(max(socket.follow(job["jobId"]), key=lambda s: s["seq"])["status"])

    assert at_once(30, watch) == ["completed"] * 30


def test_a_killed_worker_ends_its_job_and_bills_and_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    directory: Path = tmp_path_factory.mktemp("killed")
    settings = {"SIMULATE": "1", "MODEL_COUNT": "9", "ENGINE_SCHEDULE_SECONDS": "1"}
    for index, slot in enumerate(DEFAULT_SLOTS, start=1):
        settings |= {
            f"MODEL_{index}_NAME": slot.name,
            f"MODEL_{index}_PROVIDER": slot.provider,
            f"MODEL_{index}_KEY": "a-key",
            f"MODEL_{index}_TIMEOUT": "10",
        }
    with running_product(directory, settings) as running:
        visitor = Visitor(running.url)
        prompt = "[[openai:slow=7]] [[stability:slow=7]] [[bfl:slow=7]] a cut cable"
        job = visitor.generate(prompt)
        wait_until(lambda: visitor.status(job["jobId"])["completedModels"] == 5)

        os.kill(running.worker_pid, signal.SIGKILL)
        ended = visitor.wait(job["jobId"], 45)
        by_status = {
            status: {r["provider"] for r in ended["results"] if r["status"] == status}
            for status in ("completed", "error")
        }
        assert by_status["error"] == {"openai", "stability"}
        # A picture of FLUX has a ticket, by which it is collected after all.
        assert by_status["completed"] == {slot.provider for slot in DEFAULT_SLOTS} - {
            "openai",
            "stability",
        }
        failed = [r for r in ended["results"] if r["status"] == "error"]
        assert {(r["errorCode"], r["cost"]["basis"]) for r in failed} == {
            ("INTERRUPTED", "unknown")
        }
        assert calls_for(running, prompt) == 9
