"""Batches on the running product: from curl to pictures, and everything that is refused."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.api.visitor import Visitor
from tests.support.product import Product

DEFINITION = """
name: Two pictures
steps:
  - {id: brief, tier: cheap, max_tokens: 100, prompt: "In 40 words: {{ product.name }}"}
  - {id: picture, kind: image, models: [1, 2], prompt: "{{ steps.brief.output }}"}
"""
SEED = "sample-product-pictures"
OVER = ("completed", "completed_with_failures", "out_of_budget", "paused", "cancelled", "stopped")
Json = dict[str, Any]


def template(visitor: Visitor, definition: str = DEFINITION) -> str:
    made = visitor.call("POST", "/templates", {"definition": definition})
    assert made.status_code == 201, made.text
    return str(made.json()["templateId"])


def planned(visitor: Visitor, **also: Any) -> Json:
    body = {"templateId": template(visitor), "seedDataId": SEED, "budgetUsd": 5, **also}
    made = visitor.call("POST", "/batches", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def act(visitor: Visitor, batch: Json, name: str, body: Json | None = None) -> Json:
    answer = visitor.call("POST", f"/batches/{batch['batchId']}/{name}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ended(visitor: Visitor, batch: Json, seconds: float = 90) -> Json:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        batch = visitor.call("GET", f"/batches/{batch['batchId']}").json()
        if batch["state"] in OVER and not batch["rows"]["running"]:
            return batch
        time.sleep(0.2)
    raise AssertionError(batch)


def test_a_batch_makes_every_row_within_its_budget_and_tells_of_it(visitor: Visitor) -> None:
    batch = planned(visitor, concurrency=2)
    assert (batch["state"], batch["rows"]["total"], batch["budget"]["spent"]) == ("planned", 4, 0)
    assert (batch["plan"]["calls"], batch["plan"]["pictures"]) == (12, 8)
    brief, picture = batch["columns"]
    assert (brief["step"], brief["kind"], len(brief["models"]), brief["points"]) == (
        "brief",
        "text",
        1,
        1,
    )
    assert (picture["kind"], len(picture["models"]), picture["points"]) == ("image", 2, 1)
    with visitor.socket() as socket:
        heard = socket.ask({"action": "subscribe", "batchId": batch["batchId"]})
        assert (heard["type"], heard["batch"]["state"]) == ("batch", "planned")
        act(visitor, batch, "start")
        done = ended(visitor, batch)
        pushed = [socket.receive()["batch"]]
        while pushed[-1]["state"] != "completed":
            pushed.append(socket.receive()["batch"])
    assert [p["seq"] for p in pushed] == sorted(p["seq"] for p in pushed)
    assert (done["state"], done["rows"]["done"], done["pictures"]) == ("completed", 4, 8)
    money = done["budget"]
    assert money["reserved"] == money["unknown"] == 0
    assert round(money["left"] + money["spent"], 6) == money["limit"] == 5
    assert round(sum(each["usd"] for each in done["spendBy"]), 6) == money["spent"]
    page = visitor.call("GET", f"/batches/{batch['batchId']}/rows?limit=3").json()
    assert [row["row"] for row in page["rows"]] == [1, 2, 3]
    row = visitor.call("GET", f"/batches/{batch['batchId']}/rows/4").json()
    assert row["data"]["product"]["name"] == "a hand-bound notebook"
    assert [cell["state"] for cell in row["cells"]] == ["done"] * 3
    assert visitor.image(row["cells"][1]["imageUrl"]).content.startswith(b"\x89PNG")
    assert visitor.call("DELETE", f"/batches/{batch['batchId']}").status_code == 204
    assert visitor.call("GET", f"/batches/{batch['batchId']}").status_code == 404


def test_a_key_stands_for_one_batch(visitor: Visitor) -> None:
    body = {"templateId": template(visitor), "seedDataId": SEED, "budgetUsd": 1}
    key = {"Idempotency-Key": f"key {time.time_ns()}"}
    first, second = (visitor.call("POST", "/batches", body, headers=key) for _ in range(2))
    assert first.json()["batchId"] == second.json()["batchId"]
    other = visitor.call("POST", "/batches", {**body, "budgetUsd": 2}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"templateId": ""}, "templateId"),
        ({"seedDataId": 7}, "seedDataId"),
        ({"version": 0}, "version"),
        ({"rows": {"from": 3, "to": 9}}, "rows"),
        ({"rows": {"from": 0}}, "rows.from"),
        ({"rows": {"sample": 9}}, "rows.sample"),
        ({"rows": {"from": 1, "sample": 2}}, "rows"),
        ({"rows": {"seed": 2}}, "rows.seed"),
        ({"rows": [1]}, "rows"),
        ({"repeat": 1001}, "repeat"),
        ({"models": []}, "models"),
        ({"models": ["nobody's"]}, "models"),
        ({"models": [1, 1]}, "models"),
        ({"models": [9]}, "models"),
        ({"axes": {"seed": list(range(50)), "guidance": [1.5, 2.5]}}, "axes"),
        ({"axes": {"seed": [-1]}}, "axes.seed.0"),
        ({"axes": {"aspectRatio": ["5:4"]}}, "axes.aspectRatio.0"),
        ({"axes": {"guidance": [21]}}, "axes.guidance.0"),
        ({"axes": {"steps": [3]}}, "axes.steps"),
        ({"budgetUsd": 0}, "budgetUsd"),
        ({"budgetUsd": "5"}, "budgetUsd"),
        ({"pilotRows": 0}, "pilotRows"),
        ({"stopAfterFailures": 0}, "stopAfterFailures"),
        ({"concurrency": 201}, "concurrency"),
        ({"priority": "urgent"}, "priority"),
        ({"webhook": "https://example.com/"}, "webhook"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_every_wrong_field_is_named_and_nothing_is_left_behind(
    visitor: Visitor, shared_template: str, change: Json, field: str
) -> None:
    before = visitor.call("GET", "/batches?limit=100").json()["batches"]
    body = {"templateId": shared_template, "seedDataId": SEED, "budgetUsd": 5, **change}
    answer = visitor.call("POST", "/batches", body)
    assert answer.status_code == 400, answer.text
    assert field in {each["field"] for each in answer.json()["details"]}
    assert visitor.call("GET", "/batches?limit=100").json()["batches"] == before


@pytest.fixture(scope="module")
def shared_template(product: Product) -> str:
    return template(Visitor(product.url), DEFINITION.replace("models: [1, 2], ", ""))


def test_the_shipped_sample_is_drawn_and_every_picture_judged(visitor: Visitor) -> None:
    wanted = {"templateId": SEED, "seedDataId": SEED, "budgetUsd": 5, "models": [1, 2]}
    made = visitor.call("POST", "/batches", {**wanted, "rows": {"from": 1, "to": 2}})
    assert made.status_code == 201, made.text
    assert (made.json()["plan"]["calls"], made.json()["plan"]["pictures"]) == (10, 4)
    act(visitor, made.json(), "start")
    done = ended(visitor, made.json())
    assert (done["state"], done["pictures"]) == ("completed", 4)
    assert done["budget"]["unknown"] == 0
    row = visitor.call("GET", f"/batches/{done['batchId']}/rows/1").json()
    pictures = [cell for cell in row["cells"] if cell["step"] == "picture"]
    judged = [cell for cell in row["cells"] if cell["step"] == "check"]
    named = [{name: each[name] for name in ("step", "model", "point")} for each in pictures]
    assert [each["of"] for each in judged] == named
    for each in judged:
        assert 1 <= each["output"]["score"] <= 5
        assert each["output"]["reason"]
        assert each["model"] == "Gemini 3.8 Flash"


def test_an_act_at_the_wrong_time_is_refused(visitor: Visitor) -> None:
    batch = planned(visitor)
    path = f"/batches/{batch['batchId']}"
    for name in ("pause", "resume", "retry"):
        answer = visitor.call("POST", f"{path}/{name}")
        assert (answer.status_code, answer.json()["code"]) == (409, "WRONG_STATE"), name
    raised = act(visitor, batch, "budget", {"usd": 7.5})
    assert raised["budget"]["left"] == 7.5
    assert visitor.call("POST", f"{path}/budget", {"usd": 0}).status_code == 400
    assert act(visitor, batch, "cancel")["state"] == "cancelled"
    assert act(visitor, batch, "cancel")["rows"]["skipped"] == 4
    assert visitor.call("POST", f"{path}/start").status_code == 409
    assert visitor.call("GET", f"{path}/rows/5").status_code == 404
    assert visitor.call("GET", f"{path}/rows?state=lost").status_code == 400
    assert visitor.call("POST", "/batches/b0/start").status_code == 404
