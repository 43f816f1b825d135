"""A model of one's own on the local engine: asleep, handed over, woken, drawn, told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.config import SettingsError
from devstack.environment import Addresses, app_environment
from tests.figures import RecordFigure
from tests.support.product import Product, running_product, wait_until

OWN, POSTS = 10, 15
REAL = {
    "MODEL_COUNT": "1",
    "MODEL_1_NAME": "Ours",
    "MODEL_1_PROVIDER": "sagemaker",
    "MODEL_1_ID": "ours",
    "MODEL_1_KEY": "N/A",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("own")
    with running_product(folder, {"OWN_MODEL": "1", "SIMULATOR_PACE": "0.1"}) as running:
        yield running


def get(product: Product, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(f"{product.api}{path}", timeout=10).json()
    return answer


def generate(product: Product, prompt: str, models: list[int]) -> str:
    body = {"prompt": prompt, "models": models}
    answer = requests.post(f"{product.api}/generate", json=body, timeout=10)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["jobId"])


def result(product: Product, job: str) -> dict[str, Any]:
    results: list[dict[str, Any]] = get(product, f"/status/{job}")["results"]
    return results[-1]


def ended(product: Product, job: str) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        now = result(product, job)
        return now if now["status"] not in ("pending", "in_progress") else None

    end: dict[str, Any] = wait_until(found)
    return end


def test_a_sleeping_model_is_shown_asked_and_arrives(product: Product) -> None:
    shown = get(product, "/models")["models"][OWN - 1]
    assert (shown["deferred"], shown["modelId"]) == (True, "own-model")
    assert shown["price"]["basis"] == "estimated"

    job = generate(product, "a lighthouse", [1, OWN])
    waiting = wait_until(lambda: _handed_over(result(product, job)))
    assert waiting["deferred"] is True

    own = ended(product, job)
    assert (own["status"], own["cost"]) == ("completed", {"amount": 0.01, "basis": "estimated"})
    picture = requests.get(f"{product.url}{own['imageUrl']}", timeout=10)
    assert picture.content.startswith(b"\x89PNG")
    assert "phase" not in own
    previewed = wait_until(lambda: result(product, job).get("thumbUrl"))
    assert previewed
    wait_until(lambda: get(product, f"/status/{job}")["status"] == "completed")


def test_a_run_with_a_model_that_sleeps_is_accepted_as_quickly_as_any(
    product: Product, record_figure: RecordFigure
) -> None:
    """By what the server says it took. They take turns, so that both meet the same machine."""
    for _ in range(POSTS):
        generate(product, "a mole [[*:refuse]]", [1])
        generate(product, "a mole [[*:refuse]]", [1, OWN])
    wait_until(lambda: len(accepted_ms(product, 2)) >= POSTS)
    awake, asleep = (sorted(accepted_ms(product, models)) for models in (1, 2))
    record_figure(
        "P1 with a model that sleeps",
        posts=POSTS,
        median_ms=round(asleep[len(asleep) // 2], 1),
        slowest_ms=round(asleep[-1], 1),
        median_without_ms=round(awake[len(awake) // 2], 1),
    )
    assert asleep[len(asleep) // 2] <= 2 * awake[len(awake) // 2]


def accepted_ms(product: Product, models: int) -> list[float]:
    """How long each accepted run of so many models took, as the server logged it."""
    lines = [
        json.loads(line)
        for line in (product.data_dir / "engine.log").read_text().splitlines()
        if line.startswith("{")
    ]
    made = {line["requestId"]: line["slots"] for line in lines if line.get("event") == "job_made"}
    asked = [line for line in lines if line.get("operation") == "generate" and "durationMs" in line]
    return [float(line["durationMs"]) for line in asked if made.get(line["requestId"]) == models]


def test_a_container_that_fails_ends_its_slot_and_no_other(product: Product) -> None:
    job = generate(product, "a pier [[sagemaker:refuse]]", [1, OWN])

    assert ended(product, job)["errorCode"] == "BAD_REQUEST"
    wait_until(lambda: get(product, f"/status/{job}")["status"] == "partial")


def test_a_real_endpoint_cannot_answer_this_machine() -> None:
    addresses = Addresses("http://localhost:1", "http://127.0.0.1:2", "http://127.0.0.1:3")
    with pytest.raises(SettingsError, match="MODEL_1_PROVIDER is 'sagemaker', whose pictures"):
        app_environment(REAL, addresses, None)


def _handed_over(now: dict[str, Any]) -> dict[str, Any] | None:
    return now if now["status"] == "completed" or now.get("phase") else None
