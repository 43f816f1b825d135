"""Several pictures of a model, qualities and resolutions, seen from outside."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.visitor import Visitor
from tests.support.product import wait_until


def by_id(job: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["resultId"]: result for result in job["results"]}


def test_a_run_with_variants_is_named_drawn_judged_and_shared_by_its_results(
    visitor: Visitor,
) -> None:
    started = visitor.generate("two of each", models=[4, 7], variants=2, seed=11)
    assert (started["totalModels"], started["parameters"]["variants"]) == (4, 2)
    assert started["parameters"]["models"] == [4, 7]
    job = visitor.wait(started["jobId"])
    results = by_id(job)
    assert list(results) == ["4.1", "4.2", "7.1", "7.2"]
    assert [(r["index"], r["variant"]) for r in results.values()] == [
        (4, 1),
        (4, 2),
        (7, 1),
        (7, 2),
    ]
    assert [r["seed"] for r in results.values()] == [11, 12, 11, 12]
    assert len({r["imageUrl"] for r in results.values()}) == 4
    path = f"/jobs/{started['jobId']}"
    assert visitor.call("PUT", f"{path}/results/7.2/star").status_code == 200
    judged = visitor.call("PUT", f"{path}/verdict", {"winner": "4.2"}).json()
    assert judged["verdict"]["winner"] == "4.2"
    assert by_id(judged)["7.2"]["starred"]
    wrong = visitor.call("PUT", f"{path}/verdict", {"winner": "4"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "INVALID_INPUT")
    shared = visitor.call("POST", f"{path}/share").json()["token"]
    assert list(by_id(visitor.call("GET", f"/shared/{shared}").json())) == list(results)
    detail = visitor.call("GET", f"/gallery/{started['target']}").json()
    assert [image["resultId"] for image in detail["images"]] == list(results)


def test_one_result_is_cancelled_and_retried_alone(visitor: Visitor) -> None:
    started = visitor.generate("alone [[recraft:slow=30]]", models=[4, 7], variants=2)
    path = f"/jobs/{started['jobId']}"
    cancelled = visitor.call("POST", f"{path}/cancel", {"results": ["7.2"]}).json()
    assert by_id(cancelled)["7.2"]["status"] == "cancelled"
    assert by_id(cancelled)["7.1"]["status"] in ("pending", "in_progress")
    ended = visitor.call("POST", f"{path}/cancel", {"models": [7]}).json()
    assert by_id(ended)["7.1"]["status"] == "cancelled"
    again = visitor.call("POST", f"{path}/retry", {"results": ["7.2"]})
    assert again.status_code == 202
    assert [r["attempt"] for r in by_id(again.json()).values()][2:] == [1, 2]
    wait_until(lambda: visitor.status(started["jobId"])["completedModels"] == 2)
    visitor.call("POST", f"{path}/cancel")
    job = visitor.wait(started["jobId"])
    refused = visitor.call("POST", f"{path}/retry", {"models": [4]})
    assert (refused.status_code, refused.json()["code"]) == (409, "NOT_RETRYABLE")
    assert visitor.call("POST", f"{path}/retry", {"results": ["4.1"]}).status_code == 409
    assert by_id(job)["4.1"]["status"] == "completed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"variants": 5}, "variants"),
        ({"variants": 0}, "variants"),
        ({"variants": "2"}, "variants"),
        ({"variants": None}, "variants"),
        ({"variants": 3}, "variants"),
        ({"quality": "best"}, "quality"),
        ({"resolution": "8K"}, "resolution"),
        ({"resolution": 2}, "resolution"),
    ],
    ids=str,
)
def test_a_wrong_choice_is_named(visitor: Visitor, body: dict[str, Any], field: str) -> None:
    answer = visitor.call("POST", "/generate", {"prompt": "a fox", **body})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
    assert [detail["field"] for detail in answer.json()["details"]] == [field]


@pytest.mark.parametrize("verb", ["cancel", "retry"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"results": ["9"]}, "results"),
        ({"results": []}, "results"),
        ({"results": [1]}, "results.0"),
        ({"results": ["1", "1"]}, "results"),
        ({"models": [9]}, "models"),
        ({"models": [1], "results": ["1.1"]}, "results"),
    ],
    ids=str,
)
def test_a_stranger_among_the_results_is_named(
    visitor: Visitor, verb: str, body: dict[str, Any], field: str
) -> None:
    job = visitor.wait(visitor.generate("a fox", models=[1])["jobId"])
    answer = visitor.call("POST", f"/jobs/{job['jobId']}/{verb}", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
    assert [detail["field"] for detail in answer.json()["details"]] == [field]


def test_a_retry_has_to_say_what(visitor: Visitor) -> None:
    job = visitor.wait(visitor.generate("a fox", models=[1])["jobId"])
    answer = visitor.call("POST", f"/jobs/{job['jobId']}/retry", {})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")


def test_a_key_with_another_number_of_pictures_is_another_body(visitor: Visitor) -> None:
    headers, body = {"Idempotency-Key": "variants-1"}, {"prompt": "a fox", "models": [1]}
    first = visitor.call("POST", "/generate", body, headers=headers)
    same = visitor.call("POST", "/generate", {**body, "variants": 1}, headers=headers)
    other = visitor.call("POST", "/generate", {**body, "variants": 2}, headers=headers)
    assert first.json()["jobId"] == same.json()["jobId"]
    assert other.status_code == 409


def test_a_choice_is_drawn_where_it_is_known_and_ignored_where_it_is_not(
    visitor: Visitor,
) -> None:
    listed = visitor.call("GET", "/models").json()["models"]
    can = {model["index"]: model["capabilities"] for model in listed}
    chosen = {"quality": "high", "resolution": "2K"}
    takers = [index for index in can if can[index]["resolutions"] and can[index]["qualities"]]
    others = [index for index in can if not can[index]["resolutions"]]
    wanted = [takers[0], others[0]]
    job = visitor.wait(visitor.generate("a harbour", models=wanted, **chosen)["jobId"])
    assert {**job["parameters"], **chosen} == job["parameters"]
    large, usual = job["results"]
    assert large["ignored"] == []
    assert (large["width"], large["height"]) == (2048, 2048)
    assert usual["width"] < 2048
    assert "resolution" in usual["ignored"]
    assert {**usual["requested"], **chosen} == usual["requested"]


def test_the_prices_are_those_of_the_choice(visitor: Visitor) -> None:
    def prices(query: str) -> dict[int, float | None]:
        listed = visitor.call("GET", f"/models{query}").json()["models"]
        return {model["index"]: model["price"]["amount"] for model in listed}

    usual = prices("")
    assert prices("?quality=auto&resolution=1K&aspectRatio=16:9") == usual
    for query in ("?quality=high", "?resolution=4K"):
        changed = {index for index, amount in prices(query).items() if amount != usual[index]}
        assert changed
        assert changed < set(usual)
    for query in ("?quality=best", "?resolution=3K", "?aspectRatio=5:4"):
        answer = visitor.call("GET", f"/models{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
