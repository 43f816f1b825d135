"""What the product does for its visitors: the same tests on every engine, from a base URL only."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from websockets.exceptions import InvalidStatus

from tests.e2e.conftest import ENGINES
from tests.e2e.guest import Guest
from tests.figures import RecordFigure

UNKNOWN = "00000000-0000-4000-8000-000000000000"
GATEWAY_SECONDS = 29
"""After which API Gateway gives up on a function."""
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@pytest.mark.parametrize("path", ["/", "/run/abc", "/gallery", "/compare/1/2"])
def test_every_address_of_the_page_is_the_page(guest: Guest, path: str) -> None:
    answer = guest.page(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert '<div id="root"' in answer.text


def test_the_page_is_guarded_by_its_headers(guest: Guest) -> None:
    headers = guest.page("/").headers
    policy = headers["Content-Security-Policy"]
    assert {name: headers[name] for name in GUARDS} == GUARDS
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_what_the_page_loads_is_kept_for_ever(guest: Guest) -> None:
    assets = re.findall(r'(?:src|href)="(/assets/[^"]+)"', guest.page("/").text)
    assert assets
    for asset in assets:
        answer = guest.page(asset)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_health_counts_the_models(guest: Guest) -> None:
    body = guest.call("GET", "/health").json()
    assert (body["status"], body["simulated"], body["models"]) == ("ok", True, 10)


def test_models_say_that_they_are_simulated(guest: Guest) -> None:
    body = guest.call("GET", "/models").json()
    assert [model["index"] for model in body["models"]] == list(range(1, 11))
    assert all(model["simulated"] for model in body["models"])
    assert body["websocketUrl"].startswith("ws")


def test_the_description_of_the_api_is_served(guest: Guest) -> None:
    assert guest.call("GET", "/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "NOT_FOUND"),
        ("GET", f"/status/{UNKNOWN}", 404, "NOT_FOUND"),
        ("GET", "/gallery/none", 404, "NOT_FOUND"),
        ("DELETE", "/health", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/generate", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_a_wrong_request_is_answered_in_the_contracts_words(
    guest: Guest, method: str, path: str, status: int, code: str
) -> None:
    answer = guest.call(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["requestId"]


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "BAD_JSON"),
        (b'{"prompt":"x","stepz":1}', "application/json", 400, "INVALID_INPUT"),
        (b'{"prompt":"x"}', "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"prompt":"' + b"x" * 100_000 + b'"}', "application/json", 413, "PAYLOAD_TOO_LARGE"),
        (
            '{"prompt":"ein Boot, grün","seed":-1}'.encode(),
            "application/json",
            400,
            "INVALID_INPUT",
        ),
    ],
    ids=["no json", "unknown field", "no json type", "too large", "bad seed"],
)
def test_a_bad_body_is_refused(
    guest: Guest, body: bytes, media_type: str, status: int, code: str
) -> None:
    answer = guest.call("POST", "/generate", data=body, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_ten_models_draw_and_every_picture_is_served_as_it_is(guest: Guest) -> None:
    job = guest.wait_drawn(guest.generate("a lighthouse at dusk, grün")["jobId"], 150)
    assert (job["status"], job["completedModels"]) == ("completed", 10)
    for result in job["results"]:
        picture = guest.image(result["imageUrl"])
        assert picture.headers["Content-Type"] == result["contentType"]
        assert len(picture.content) == result["bytes"]
        assert Image.open(io.BytesIO(picture.content)).size == (result["width"], result["height"])
        assert "immutable" in picture.headers["Cache-Control"]
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert guest.image(result["thumbUrl"]).headers["Content-Type"] == "image/webp"


def test_a_known_picture_is_not_sent_again(guest: Guest) -> None:
    job = guest.wait(guest.generate("a milestone", models=[1])["jobId"], 60)
    path = job["results"][0]["imageUrl"]
    tag = guest.page(path).headers["ETag"]
    again = guest.page(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_missing_picture_tells_nothing_of_the_others(guest: Guest) -> None:
    guest.wait(guest.generate("a neighbour", models=[1])["jobId"], 60)
    assert guest.page("/group-images/none/none.png").status_code in (403, 404)
    assert "group-images/20" not in guest.page("/group-images/").text


def test_a_subscriber_sees_the_job_grow_to_its_end(guest: Guest) -> None:
    with guest.socket() as socket:
        assert socket.ask({"action": "ping"}) == {"type": "pong"}
        job = guest.generate("[[*:slow=2]] a paper boat", models=[1, 4, 6])
        shown = socket.follow(job["jobId"], 60)
    counts = [state["completedModels"] for state in sorted(shown, key=lambda s: s["seq"])]
    last = max(shown, key=lambda state: state["seq"])
    assert len({state["seq"] for state in shown}) >= 3
    assert counts == sorted(counts)
    now = guest.wait_drawn(job["jobId"], 60)
    assert last["status"] == now["status"] == "completed"
    assert without_previews(last) == without_previews(now)


def without_previews(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The results as they are when they end: previews come later."""
    later = ("previewUrl", "thumbUrl")
    return [{k: v for k, v in result.items() if k not in later} for result in job["results"]]


def test_a_wrong_message_is_answered_and_the_socket_lives(guest: Guest) -> None:
    with guest.socket() as socket:
        assert socket.ask("{")["code"] == "BAD_JSON"
        assert socket.ask({"action": "fly"})["code"] == "INVALID_INPUT"
        assert socket.ask({"action": "subscribe", "jobId": UNKNOWN})["code"] == "NOT_FOUND"
        assert socket.ask({"action": "ping"}) == {"type": "pong"}


def test_a_page_of_another_origin_gets_no_socket(guest: Guest) -> None:
    with pytest.raises(InvalidStatus) as refusal, guest.socket(origin="https://evil.example"):
        pass
    assert refusal.value.response.status_code == 403


def test_one_provider_that_fails_leaves_the_others_their_pictures(guest: Guest) -> None:
    job = guest.wait(guest.generate("[[openai:refuse]] a street", models=[1, 4, 6])["jobId"], 60)
    codes = {r["index"]: r.get("errorCode") for r in job["results"]}
    assert job["status"] == "partial"
    assert codes == {1: "REFUSED", 4: None, 6: None}


def test_what_failed_can_be_retried_and_nothing_else(guest: Guest) -> None:
    job = guest.wait(guest.generate("[[openai:refuse]] again", models=[1, 4])["jobId"], 60)
    path = f"/jobs/{job['jobId']}/retry"
    assert guest.call("POST", path, {"models": [4]}).json()["code"] == "NOT_RETRYABLE"
    assert guest.call("POST", path, {"models": [1]}).status_code == 202
    again = guest.wait(job["jobId"], 60)
    assert [r["attempt"] for r in again["results"]] == [2, 1]


def test_a_cancelled_job_ends_at_once(guest: Guest) -> None:
    started = guest.generate("[[*:slow=20]] a snail", models=[1, 4])
    began = time.monotonic()
    answer = guest.call("POST", f"/jobs/{started['jobId']}/cancel").json()
    assert answer["status"] == "cancelled"
    assert time.monotonic() - began < 15


def test_one_key_is_one_job(guest: Guest) -> None:
    headers = {"Idempotency-Key": f"once-{uuid4()}"}
    body = {"prompt": "same", "models": [1]}
    first = guest.call("POST", "/generate", body, headers=headers).json()
    again = guest.call("POST", "/generate", body, headers=headers).json()
    other = guest.call("POST", "/generate", {**body, "seed": 1}, headers=headers)
    assert again["jobId"] == first["jobId"]
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")


def test_a_finished_job_enters_the_gallery(guest: Guest) -> None:
    job = guest.wait_drawn(guest.generate("a gallery piece", models=[1, 4])["jobId"], 60)
    deadline = time.monotonic() + 20
    while not (
        entries := [
            entry
            for entry in guest.call("GET", "/gallery?limit=20").json()["galleries"]
            if entry["jobId"] == job["jobId"]
        ]
    ):
        assert time.monotonic() < deadline, "the job is not in the gallery"
        time.sleep(0.2)
    assert entries[0]["images"] == 2
    detail = guest.call("GET", f"/gallery/{job['target']}").json()
    assert detail["images"] == job["results"]


def test_an_unchanged_job_has_an_unchanged_tag(guest: Guest) -> None:
    job = guest.wait_drawn(guest.generate("tagged", models=[1])["jobId"], 60)
    path = f"/status/{job['jobId']}"
    tag = guest.call("GET", path).headers["ETag"]
    again = guest.call("GET", path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_prompt_is_enhanced_by_the_text_model(guest: Guest) -> None:
    body = guest.call("POST", "/enhance", {"prompt": "a cat"}).json()
    assert body["original"] == "a cat"
    assert body["enhanced"] != "a cat"
    assert body["model"]


def test_a_text_model_that_hangs_is_given_up_before_the_gateway_does(guest: Guest) -> None:
    prompt, began = "[[openai:hang]] a cat", time.monotonic()
    answer = guest.call("POST", "/enhance", {"prompt": prompt})
    assert time.monotonic() - began < GATEWAY_SECONDS
    assert (answer.status_code, answer.json()["enhanced"]) == (200, prompt)
    assert answer.json()["note"].endswith(".")


def test_a_forged_address_changes_nothing(guest: Guest) -> None:
    forged = {"CloudFront-Viewer-Address": "203.0.113.9:1", "X-Forwarded-For": "203.0.113.9"}
    answer = guest.call("POST", "/generate", {"prompt": "x", "models": [1]}, headers=forged)
    assert answer.status_code == 202
    assert "203.0.113.9" not in answer.text


def test_every_engine_meets_the_same_tests(
    request: pytest.FixtureRequest, record_figure: RecordFigure
) -> None:
    """Of those that were chosen for this run."""
    met: dict[str, Counter[str]] = {engine: Counter() for engine in ENGINES}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            engine = item.callspec.params.get("running")
            if engine in met:
                met[engine][item.originalname] += 1
    record_figure("black-box tests", **{engine: n.total() for engine, n in met.items()})
    assert all(counts == met["packaged"] for counts in met.values())
