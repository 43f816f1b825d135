"""Every row of the contract's HTTP table, good input and bad."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.api.visitor import Visitor

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def assert_error(answer: requests.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert body["error"].endswith(".")
    assert body["requestId"]
    assert answer.headers["Content-Type"] == "application/json"
    return body


def test_health_says_what_runs(visitor: Visitor) -> None:
    body = visitor.call("GET", "/health").json()
    assert body == {
        "status": "ok",
        "version": "0.1.0",
        "stage": "local",
        "auth": "off",
        "simulated": True,
        "models": 9,
    }


def test_models_are_told_with_price_and_capabilities(visitor: Visitor) -> None:
    answer = visitor.call("GET", "/models")
    body = answer.json()
    assert answer.headers["Cache-Control"] == "max-age=60"
    assert [m["index"] for m in body["models"]] == list(range(1, 10))
    assert {m["provider"] for m in body["models"]} == {
        "openai",
        "google",
        "bedrock",
        "stability",
        "bfl",
        "recraft",
        "qwen",
        "generic",
    }
    assert all(m["simulated"] for m in body["models"])
    assert body["parameters"]["steps"] == {"min": 1, "max": 100, "default": 28}
    assert body["parameters"]["guidance"] == {"min": 0, "max": 20, "default": 5}
    assert body["parameters"]["control"] == {"min": 0, "max": 2, "default": 1}
    assert body["limits"]["promptMaxLength"] == 1000
    assert body["limits"]["retentionDays"] == 30
    assert body["websocketUrl"].startswith("ws://localhost:")
    priced = [m["price"] for m in body["models"] if m["price"]["basis"] == "estimated"]
    assert priced
    assert all(price["amount"] > 0 and price["asOf"] for price in priced)


BAD_BODIES = [
    ("{", "BAD_JSON", None),
    ("", "BAD_JSON", None),
    ('{"prompt": "x"} trailing', "BAD_JSON", None),
    ("[" * 50_000, "BAD_JSON", None),
    ("[]", "INVALID_INPUT", None),
    ("null", "INVALID_INPUT", None),
    ("{}", "INVALID_INPUT", "prompt"),
    ('{"prompt": 1}', "INVALID_INPUT", "prompt"),
    ('{"prompt": null}', "INVALID_INPUT", "prompt"),
    ('{"prompt": "  "}', "INVALID_INPUT", "prompt"),
    ('{"prompt": "\\u200b"}', "INVALID_INPUT", "prompt"),
    (json.dumps({"prompt": "x" * 1001}), "INVALID_INPUT", "prompt"),
    ('{"prompt": "\\ud800"}', "INVALID_INPUT", "prompt"),
    ('{"prompt": "x", "stepz": 1}', "INVALID_INPUT", "stepz"),
    ('{"prompt": "x", "steps": 0}', "INVALID_INPUT", "steps"),
    ('{"prompt": "x", "steps": 1.5}', "INVALID_INPUT", "steps"),
    ('{"prompt": "x", "steps": "28"}', "INVALID_INPUT", "steps"),
    ('{"prompt": "x", "steps": true}', "INVALID_INPUT", "steps"),
    ('{"prompt": "x", "steps": NaN}', "INVALID_INPUT", "steps"),
    ('{"prompt": "x", "guidance": NaN}', "INVALID_INPUT", "guidance"),
    ('{"prompt": "x", "guidance": 1e999}', "INVALID_INPUT", "guidance"),
    ('{"prompt": "x", "guidance": -0.1}', "INVALID_INPUT", "guidance"),
    ('{"prompt": "x", "control": 2.1}', "INVALID_INPUT", "control"),
    ('{"prompt": "x", "seed": 4294967295}', "INVALID_INPUT", "seed"),
    ('{"prompt": "x", "seed": -1}', "INVALID_INPUT", "seed"),
    ('{"prompt": "x", "aspectRatio": "5:4"}', "INVALID_INPUT", "aspectRatio"),
    ('{"prompt": "x", "negativePrompt": 4}', "INVALID_INPUT", "negativePrompt"),
    ('{"prompt": "x", "models": []}', "INVALID_INPUT", "models"),
    ('{"prompt": "x", "models": [99]}', "INVALID_INPUT", "models"),
    ('{"prompt": "x", "models": [0]}', "INVALID_INPUT", "models"),
    ('{"prompt": "x", "models": [1, 1]}', "INVALID_INPUT", "models"),
    ('{"prompt": "x", "models": ["1"]}', "INVALID_INPUT", "models.0"),
    ('{"prompt": "x", "models": 1}', "INVALID_INPUT", "models"),
]


@pytest.mark.parametrize(("body", "code", "field"), BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_bad_body_is_refused_by_name(
    visitor: Visitor, body: str, code: str, field: str | None
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = visitor.call("POST", "/generate", data=body.encode(), headers=headers)
    error = assert_error(answer, 400, code)
    if field:
        assert field in [detail["field"] for detail in error["details"]]


def test_two_megabytes_are_too_much(visitor: Visitor) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"prompt": "x" * 2_000_000}).encode()
    answer = visitor.call("POST", "/generate", data=body, headers=headers)
    assert_error(answer, 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_only_json_is_taken(visitor: Visitor, media_type: str | None) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = visitor.call("POST", "/generate", data=b'{"prompt":"x"}', headers=headers)
    assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_charset_beside_the_media_type_is_fine(visitor: Visitor) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    body = '{"prompt":"ein Boot, grün", "models":[1]}'.encode()
    assert visitor.call("POST", "/generate", data=body, headers=headers).status_code == 202


def test_the_address_that_old_clients_send_is_ignored(visitor: Visitor) -> None:
    body = {"prompt": "x", "ip": "203.0.113.9", "models": [1]}
    answer = visitor.call("POST", "/generate", body)
    assert answer.status_code == 202
    assert "203.0.113.9" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/generate", "POST"),
        ("DELETE", "/generate", "POST"),
        ("OPTIONS", "/generate", "POST"),
        ("POST", "/health", "GET"),
        ("PUT", f"/status/{UNKNOWN}", "GET"),
        ("PATCH", "/gallery", "GET"),
        ("GET", f"/jobs/{UNKNOWN}/cancel", "POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(
    visitor: Visitor, method: str, path: str, allowed: str
) -> None:
    answer = visitor.call(method, path)
    assert_error(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/status/{UNKNOWN}", None),
        ("GET", "/status/nonsense", None),
        ("GET", "/status/" + "x" * 3000, None),
        ("POST", f"/jobs/{UNKNOWN}/cancel", None),
        ("POST", f"/jobs/{UNKNOWN}/retry", {"models": [1]}),
        ("GET", "/gallery/none", None),
        ("GET", f"/gallery/2026-01-01-00-00-00-{UNKNOWN}", None),
        ("GET", "/no/such/route", None),
    ],
)
def test_what_does_not_exist_is_not_found(
    visitor: Visitor, method: str, path: str, body: object
) -> None:
    assert_error(visitor.call(method, path, body), 404, "NOT_FOUND")


def test_a_known_tag_is_answered_without_a_body(visitor: Visitor) -> None:
    job = visitor.wait_drawn(visitor.generate("tagged", models=[1])["jobId"])
    path = f"/status/{job['jobId']}"
    tag = visitor.call("GET", path).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = visitor.call("GET", path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    fresh = visitor.call("GET", path, headers={"If-None-Match": '"other"'})
    assert fresh.status_code == 200


def test_only_what_failed_can_be_retried(visitor: Visitor) -> None:
    started = visitor.generate("[[openai:refuse]] a quiet street", models=[1, 4])
    job = visitor.wait_drawn(started["jobId"])
    path = f"/jobs/{job['jobId']}/retry"
    assert job["status"] == "partial"
    assert_error(visitor.call("POST", path, {"models": [4]}), 409, "NOT_RETRYABLE")
    assert_error(visitor.call("POST", path, {"models": [1, 4]}), 409, "NOT_RETRYABLE")
    assert_error(visitor.call("POST", path, {"models": [2]}), 400, "INVALID_INPUT")
    assert_error(visitor.call("POST", path, {"models": []}), 400, "INVALID_INPUT")
    answer = visitor.call("POST", path, {"models": [1]})
    assert answer.status_code == 202
    assert answer.json()["results"][0]["attempt"] == 2
    again = visitor.wait(job["jobId"])
    assert again["results"][1] == job["results"][1]
    assert again["results"][0]["errorCode"] == "REFUSED"


def test_a_passing_fault_is_healed_by_a_retry(visitor: Visitor) -> None:
    job = visitor.wait(visitor.generate("[[recraft:once-server_error]] heal", models=[7])["jobId"])
    if job["status"] != "completed":
        assert job["results"][0]["retryable"]
        visitor.call("POST", f"/jobs/{job['jobId']}/retry", {"models": [7]})
        job = visitor.wait(job["jobId"])
    assert job["status"] == "completed"


def test_cancelling_ends_what_is_still_drawing(visitor: Visitor) -> None:
    started = visitor.generate("[[*:slow=20]] a slow snail", models=[1, 3])
    answer = visitor.call("POST", f"/jobs/{started['jobId']}/cancel")
    job = answer.json()
    assert (answer.status_code, job["status"]) == (200, "cancelled")
    assert {r["status"] for r in job["results"]} == {"cancelled"}
    repeated = visitor.call("POST", f"/jobs/{started['jobId']}/cancel")
    assert (repeated.status_code, repeated.json()["seq"]) == (200, job["seq"])


def test_one_model_is_cancelled_and_the_other_draws(visitor: Visitor) -> None:
    started = visitor.generate("[[openai:slow=20]] a slow snail", models=[1, 4])
    path = f"/jobs/{started['jobId']}/cancel"
    answer = visitor.call("POST", path, {"models": [1]})
    assert (answer.status_code, answer.json()["results"][0]["status"]) == (200, "cancelled")
    job = visitor.wait(started["jobId"])
    assert [r["status"] for r in job["results"]] == ["cancelled", "completed"]
    assert job["status"] == "partial"
    again = visitor.call("POST", path, {"models": [1, 4]})
    assert (again.status_code, again.json()["seq"]) == (200, job["seq"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"models": []}', "models"),
        ('{"models": [1, 1]}', "models"),
        ('{"models": [2]}', "models"),
        ('{"models": ["1"]}', "models.0"),
        ('{"model": 1}', "model"),
    ],
)
def test_a_wrong_choice_of_models_cancels_none(visitor: Visitor, body: str, field: str) -> None:
    started = visitor.generate("[[openai:slow=2]] a slow snail", models=[1])
    headers = {"Content-Type": "application/json"}
    path = f"/jobs/{started['jobId']}/cancel"
    answer = visitor.call("POST", path, data=body.encode(), headers=headers)
    error = assert_error(answer, 400, "INVALID_INPUT")
    assert field in [detail["field"] for detail in error["details"]]
    assert visitor.wait(started["jobId"])["status"] == "completed"


def test_an_empty_choice_of_models_cancels_all(visitor: Visitor) -> None:
    started = visitor.generate("[[*:slow=20]] a slow snail", models=[1, 3])
    answer = visitor.call(
        "POST",
        f"/jobs/{started['jobId']}/cancel",
        data=b"{}",
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=!!!", "cursor=WyIyMDI2LTExIiwiIl0"]
)
def test_a_wrong_gallery_page_is_refused(visitor: Visitor, query: str) -> None:
    assert_error(visitor.call("GET", f"/gallery?{query}"), 400, "INVALID_INPUT")


def test_a_prompt_is_enhanced_and_the_model_named(visitor: Visitor) -> None:
    body = visitor.call("POST", "/enhance", {"prompt": " a cat "}).json()
    assert body["original"] == "a cat"
    assert len(body["enhanced"]) > 40
    assert body["model"]


def test_an_enhancer_that_fails_gives_the_original_and_says_why(visitor: Visitor) -> None:
    prompt = "[[openai:no_credit]] a dog"
    body = visitor.call("POST", "/enhance", {"prompt": prompt}).json()
    assert (body["enhanced"], body["model"]) == (prompt, None)
    assert body["note"]


@pytest.mark.parametrize("path", ["/generate", "/enhance"])
def test_a_blocked_prompt_reaches_no_provider(visitor: Visitor, path: str) -> None:
    answer = visitor.call("POST", path, {"prompt": "child p0rnography"})
    assert_error(answer, 400, "CONTENT_BLOCKED")


def test_one_key_is_one_job_and_another_body_a_conflict(visitor: Visitor) -> None:
    headers = {"Idempotency-Key": "journey-1"}
    body = {"prompt": "same", "models": [1]}
    first = visitor.call("POST", "/generate", body, headers=headers).json()
    again = visitor.call("POST", "/generate", body, headers=headers)
    assert (again.status_code, again.json()["jobId"]) == (202, first["jobId"])
    other = visitor.call("POST", "/generate", {**body, "seed": 1}, headers=headers)
    assert_error(other, 409, "IDEMPOTENCY_CONFLICT")
    too_long = visitor.call("POST", "/generate", body, headers={"Idempotency-Key": "k" * 256})
    assert_error(too_long, 400, "INVALID_INPUT")


def test_the_openapi_document_names_every_route(visitor: Visitor) -> None:
    document = visitor.call("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/health",
        "/auth",
        "/models",
        "/generate",
        "/status/{job_id}",
        "/jobs",
        "/jobs/{job_id}",
        "/jobs/{job_id}/share",
        "/jobs/{job_id}/verdict",
        "/leaderboard",
        "/jobs/{job_id}/results/{result_id}/star",
        "/shared/{token}",
        "/me",
        "/keys",
        "/keys/{key_id}",
        "/admin/users",
        "/admin/spend",
        "/admin/users/{user_id}",
        "/admin/models/{index}",
        "/jobs/{job_id}/cancel",
        "/jobs/{job_id}/retry",
        "/enhance",
        "/gallery",
        "/gallery/{target}",
        "/templates",
        "/templates/check",
        "/templates/{template_id}",
        "/seed-data",
        "/seed-data/{seed_data_id}",
        "/seed-data/{seed_data_id}/check",
        "/batches",
        "/batches/{batch_id}",
        "/batches/{batch_id}/exports",
        "/batches/{batch_id}/exports/{export_id}",
        "/batches/{batch_id}/rows",
        "/batches/{batch_id}/rows/{number}",
        *(
            f"/batches/{{batch_id}}/{order}"
            for order in ("start", "pause", "resume", "cancel", "retry", "budget")
        ),
        "/openapi.json",
    }
