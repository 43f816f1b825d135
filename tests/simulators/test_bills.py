"""What a picture costs at each simulator that says so, and how text is counted."""

from typing import Any

import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.asking import asked


@pytest.mark.parametrize(
    ("model", "fields", "cents"),
    [
        ("flux-3-image", {}, 4.8),
        ("flux-2-pro", {"width": 1024, "height": 1024}, 3.0),
        ("flux-2-pro", {"width": 2048, "height": 2048}, 7.5),
        ("flux-2-max", {}, 7.0),
        ("flux-2-flex", {}, 5.0),
        ("flux-2-klein-4b", {}, 1.4),
        ("flux-2-klein-9b", {}, 1.5),
        ("flux-pro-1.1", {}, 4.0),
        ("flux-pro-1.1-ultra", {}, 6.0),
        ("flux-dev", {}, 2.5),
    ],
)
def test_a_flux_costs_by_its_megapixels(
    simulators: Simulators, model: str, fields: dict[str, Any], cents: float
) -> None:
    assert asked("bfl", model).with_fields(**fields).send(simulators).json()["cost"] == cents


@pytest.mark.parametrize(
    ("quality", "tokens"),
    [("low", 196), ("medium", 439), ("high", 1756), ("xhigh", 3122), ("max", 7024)],
)
def test_a_gpt_image_costs_by_its_quality_and_area(
    simulators: Simulators, quality: str, tokens: int
) -> None:
    request = asked("openai", "gpt-image-2.5-flare")
    square = request.with_fields(quality=quality, size="1024x1024").send(simulators).json()
    wide = request.with_fields(quality=quality, size="1536x1024").send(simulators).json()

    assert square["usage"]["output_tokens"] == tokens
    assert wide["usage"]["output_tokens"] == round(tokens * 1.5)


def test_a_gemini_costs_its_tokens_and_thoughts(simulators: Simulators) -> None:
    usage = asked("google").send(simulators).json()["usageMetadata"]

    assert (usage["candidatesTokenCount"], usage["thoughtsTokenCount"]) == (1120, 64)


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("recraftv4_1", 35),
        ("recraftv4_1_pro", 210),
        ("recraftv4", 40),
        ("recraftv3", 40),
        ("recraftv2", 22),
    ],
)
def test_a_recraft_costs_the_credits_of_its_model(
    simulators: Simulators, model: str, cost: int
) -> None:
    assert asked("recraft", model).send(simulators).json()["credits"] == cost


def test_a_text_is_counted_as_text(simulators: Simulators, prompt: str) -> None:
    answer = requests.post(
        f"{simulators.base_urls['openai']}/chat/completions",
        json={"model": "gpt-6-luna", "messages": [{"role": "user", "content": prompt}]},
        headers={"Authorization": "Bearer a-key"},
        timeout=10,
    )

    usage = answer.json()["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert simulators.calls.count("openai", prompt) == 0
    assert simulators.calls.count("openai", prompt, kind="text") == 1
