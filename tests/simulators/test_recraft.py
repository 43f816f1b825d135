from typing import Any
from xml.etree import ElementTree

import openai
import pytest

from devstack.simulators import Simulators
from tests.simulators.doors import Door, collect, door_to


@pytest.fixture
def door(simulators: Simulators) -> Door:
    return door_to(simulators, "recraft")


def test_the_openai_sdk_gets_links_and_the_credits(simulators: Simulators) -> None:
    base_url = simulators.base_urls["recraft"]
    with openai.OpenAI(api_key="a-key", base_url=base_url, max_retries=0, timeout=10) as client:
        answer = client.images.generate(
            model="recraftv4_1",
            prompt="a cat",
            size="1024x1024",
            n=2,
            extra_body={"random_seed": 7, "image_format": "webp"},
        )

    assert answer.data
    assert answer.model_extra
    assert answer.model_extra["credits"] == 70
    assert len({collect(str(picture.url)) for picture in answer.data}) == 2


def test_every_answer_has_a_request_id(door: Door) -> None:
    assert door.ask("a cat").headers["X-Recraft-Requestid"]


@pytest.mark.parametrize(
    ("model", "credits"),
    [
        ("recraftv4_1", 35),
        ("recraftv4_1_pro", 210),
        ("recraftv4", 40),
        ("recraftv3", 40),
        ("recraftv2", 22),
        ("recraftv3_vector", 80),
    ],
)
def test_a_picture_costs_the_credits_of_its_model(door: Door, model: str, credits: int) -> None:  # noqa: A002  the provider's word
    assert door.ask("a cat", model=model).json()["credits"] == credits


def test_a_vector_model_answers_with_svg(door: Door) -> None:
    picture = door.picture(door.ask("a cat", model="recraftv4_1_vector"))

    assert ElementTree.fromstring(picture).tag.endswith("svg")


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("recraftv4_1", "16:9"),
        ("recraftv4_1", "1344x768"),
        ("recraftv4_1_pro", "2688x1536"),
        ("recraftv3", "1820x1024"),
    ],
)
def test_a_size_is_a_ratio_or_pixels_of_the_models_list(door: Door, model: str, size: str) -> None:
    assert door.ask("a cat", model=model, size=size).ok


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("recraftv4_1", {"size": "1820x1024"}),
        ("recraftv3", {"size": "1344x768"}),
        ("recraftv4_1", {"size": "21:9"}),
        ("recraftv4_1", {"size": "1000x1000"}),
        ("recraftv4_1", {"style": "digital_illustration"}),
        ("recraftv4_1", {"negative_prompt": "dogs"}),
        ("recraftv4_1", {"n": 7}),
        ("recraftv4_1", {"random_seed": -1}),
        ("recraftv4_1", {"image_format": "jpeg"}),
        ("recraftv3", {"prompt": "a" * 1001}),
        ("recraftv4_1", {"prompt": "a" * 10_001}),
    ],
)
def test_a_field_the_model_does_not_take_is_named(
    door: Door, model: str, fields: dict[str, Any]
) -> None:
    answer = door.ask(**{"prompt": "a cat", "model": model, **fields})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert next(iter(fields)) in answer.json()["message"]


def test_the_older_models_take_a_style_and_a_negative_prompt(door: Door) -> None:
    assert door.ask("a cat", model="recraftv3", style="any", negative_prompt="dogs").ok


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refuse", "prompt_moderation"),
        ("rate_limit", "rate_limit_exceeded"),
        ("no_credit", "insufficient_units"),
        ("bad_key", "unauthorized"),
        ("retired", "model_not_found"),
    ],
)
def test_faults_are_told_apart_by_code(door: Door, fault: str, code: str) -> None:
    assert door.ask(f"a cat [[recraft:{fault}]]").json()["code"] == code
