from typing import Any

import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.doors import Door, collect, door_to


@pytest.fixture
def door(simulators: Simulators) -> Door:
    return door_to(simulators, "qwen")


def test_several_pictures_are_several_links_and_are_counted(door: Door) -> None:
    body = door.ask("a cat", n=2, seed=7, size="512*512", negative_prompt="dogs").json()

    links = [part["image"] for part in body["output"]["choices"][0]["message"]["content"]]
    assert len({collect(link) for link in links}) == 2
    assert body["usage"] == {"image_count": 2, "width": 512, "height": 512}
    assert body["request_id"]


def test_images_may_come_before_the_text(simulators: Simulators, door: Door) -> None:
    content = [{"image": "https://example.com/cat.png"}, {"text": "add a hat"}]
    url, request = door.request("")
    request["json"]["input"]["messages"][0]["content"] = content

    answer = requests.post(url, headers=door.headers("a-key"), timeout=10, **request)
    assert answer.ok


@pytest.mark.parametrize(
    "fields",
    [
        {"size": "1024x1024"},
        {"size": "4096*4096"},
        {"size": "100*100"},
        {"n": 7},
        {"seed": -1},
        {"seed": 2**31},
        {"steps": 20},
        {"watermark": "no"},
    ],
)
def test_a_parameter_the_model_does_not_take_is_refused(door: Door, fields: dict[str, Any]) -> None:
    answer = door.ask("a cat", **fields)

    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameter")
    assert next(iter(fields)) in answer.json()["message"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refuse", "DataInspectionFailed"),
        ("rate_limit", "Throttling.RateQuota"),
        ("no_credit", "Arrearage"),
        ("bad_key", "InvalidApiKey"),
        ("retired", "ModelNotFound"),
        ("server_error", "InternalError"),
    ],
)
def test_faults_are_told_apart_by_code(door: Door, fault: str, code: str) -> None:
    assert door.ask(f"a cat [[qwen:{fault}]]").json()["code"] == code


def test_a_link_that_was_never_given_has_expired(door: Door) -> None:
    body = door.ask("a cat", size="512*512").json()
    link = body["output"]["choices"][0]["message"]["content"][0]["image"]

    assert requests.get(f"{link}x", timeout=10).status_code == 404
