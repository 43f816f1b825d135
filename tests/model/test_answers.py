"""What the container answers: pictures with their parameters, and each refusal by its name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from model.order import BODY_BYTES
from tests.figures import RecordFigure
from tests.model.container import JSON, Container

SMALL = {"prompt": "a lighthouse", "width": 64, "height": 64, "steps": 2}
REQUESTS, SETTLED = 100, 30
GROWTH_LIMIT = 10_000_000
"""Bytes that the process may gain once it has settled: less than those pictures together."""


def test_a_picture_has_the_size_asked_for_and_says_how_it_was_made(container: Container) -> None:
    order = {**SMALL, "negativePrompt": "fog", "width": 128, "guidance": 3.5, "seed": 11}
    answer = container.invoke(**order)
    assert answer.picture.size == (128, 64)
    assert answer.parameters.items() >= order.items()


def test_the_same_seed_makes_the_same_bytes_and_another_others(container: Container) -> None:
    first, again, other = (container.invoke(**SMALL, seed=s).body for s in (5, 5, 6))
    assert first == again
    assert first != other


def test_a_picture_tells_a_seed_that_makes_it_again(container: Container) -> None:
    answer = container.invoke(**SMALL)
    again = container.invoke(**SMALL, seed=answer.parameters["seed"])
    assert again.picture.tobytes() == answer.picture.tobytes()


def test_what_is_null_is_left_to_the_pipeline(container: Container) -> None:
    order = {**SMALL, "negativePrompt": None, "guidance": None, "seed": None}
    assert container.invoke(**order).picture.size == (64, 64)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prompt": None}, "INVALID_INPUT"),
        ({"prompt": ""}, "INVALID_INPUT"),
        ({"prompt": " \n"}, "INVALID_INPUT"),
        ({"prompt": "x" * 4001}, "INVALID_INPUT"),
        ({"prompt": 7}, "INVALID_INPUT"),
        ({"negativePrompt": []}, "INVALID_INPUT"),
        ({"negative_prompt": "fog"}, "INVALID_INPUT"),
        ({"width": "64"}, "INVALID_INPUT"),
        ({"width": 64.5}, "INVALID_INPUT"),
        ({"guidance": -1}, "INVALID_INPUT"),
        ({"guidance": float("nan")}, "INVALID_INPUT"),
        ({"guidance": 1e9}, "INVALID_INPUT"),
        ({"seed": -1}, "INVALID_INPUT"),
        ({"seed": 2**53}, "INVALID_INPUT"),
        ({"seed": True}, "INVALID_INPUT"),
        ({"width": 0}, "SIZE_REFUSED"),
        ({"width": 65}, "SIZE_REFUSED"),
        ({"height": 2056}, "SIZE_REFUSED"),
        ({"height": -64}, "SIZE_REFUSED"),
        ({"steps": 0}, "STEPS_REFUSED"),
        ({"steps": 101}, "STEPS_REFUSED"),
        ({"steps": 2**70}, "STEPS_REFUSED"),
    ],
)
def test_a_wrong_field_is_refused(container: Container, change: dict[str, Any], code: str) -> None:
    assert container.invoke(**{**SMALL, **change}).error == (400, code)


def test_a_refusal_names_the_field_and_repeats_nothing(container: Container) -> None:
    told = json.loads(container.invoke(**SMALL, canary="x").body)["error"]
    assert "canary" not in told
    told = json.loads(container.invoke(**{**SMALL, "guidance": "canary"}).body)["error"]
    assert told.startswith("guidance: ")
    assert "canary" not in told


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"prompt": "\\ud800"}', b"null trailing"]
)
def test_what_is_no_json_is_refused(container: Container, body: bytes) -> None:
    assert container.ask("POST", "/invocations", body, JSON).error == (400, "BAD_JSON")


@pytest.mark.parametrize("body", [b"null", b"[]", b'"prompt"', b"7"])
def test_json_that_is_no_order_is_refused(container: Container, body: bytes) -> None:
    assert container.ask("POST", "/invocations", body, JSON).error == (400, "INVALID_INPUT")


def test_the_longest_body_is_read_and_a_longer_one_refused(container: Container) -> None:
    order = json.dumps(SMALL).encode()
    longest = order.ljust(BODY_BYTES)
    assert container.ask("POST", "/invocations", longest, JSON).picture.size == (64, 64)
    refused = container.ask("POST", "/invocations", longest + b" ", JSON)
    assert refused.error == (413, "PAYLOAD_TOO_LARGE")


def test_only_json_is_read(container: Container) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        body, headers = json.dumps(SMALL).encode(), {"Content-Type": kind}
        answer = container.ask("POST", "/invocations", body, headers)
        assert answer.error == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_other_addresses_and_methods_are_refused(container: Container) -> None:
    assert container.ask("GET", "/").error == (404, "NOT_FOUND")
    assert container.ask("GET", "/invocations").error == (405, "METHOD_NOT_ALLOWED")
    assert container.ask("DELETE", "/ping").error == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.timeout(400)
def test_a_hundred_pictures_leave_no_memory_behind(
    container: Container, record_figure: RecordFigure
) -> None:
    sizes = []
    for seed in range(REQUESTS):
        assert container.invoke(**{**SMALL, "width": 256, "height": 256}, seed=seed).status == 200
        sizes.append(container.resident_bytes())
    grown = max(sizes[-10:]) - max(sizes[:SETTLED])
    record_figure("own model memory", requests=REQUESTS, grown=grown, resident=sizes[-1])
    assert grown < GROWTH_LIMIT
