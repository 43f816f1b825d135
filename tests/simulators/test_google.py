import io
from collections.abc import Iterator
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from PIL import Image

from devstack.simulators import Simulators
from tests.simulators.doors import door_to

MODEL = "gemini-nano-banana-2.1"


@pytest.fixture(scope="module", params=["v1", "v1beta"])
def client(simulators: Simulators, request: pytest.FixtureRequest) -> Iterator[genai.Client]:
    options = types.HttpOptions(
        base_url=simulators.base_urls["google"], api_version=request.param, timeout=10_000
    )
    with genai.Client(api_key="a-key", http_options=options) as client:
        yield client


def _draw(client: genai.Client, prompt: str, **fields: Any) -> types.GenerateContentResponse:
    config = types.GenerateContentConfig(response_modalities=["IMAGE"], **fields)
    return client.models.generate_content(model=MODEL, contents=prompt, config=config)


def _refusal(simulators: Simulators, model: str = MODEL, **config: Any) -> str:
    answer = door_to(simulators, "google").ask("a cat", model=model, generationConfig=config)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["status"] == "INVALID_ARGUMENT"
    return str(error["message"])


def test_the_sdk_gets_a_thought_a_picture_and_the_tokens(client: genai.Client) -> None:
    answer = _draw(client, "a cat", image_config=types.ImageConfig(aspect_ratio="3:2"), seed=7)

    assert answer.candidates
    content = answer.candidates[0].content
    assert content
    assert content.parts
    thought, picture = content.parts
    assert thought.thought
    assert picture.inline_data
    assert picture.inline_data.data
    assert Image.open(io.BytesIO(picture.inline_data.data)).size == (1264, 848)
    assert answer.usage_metadata
    assert answer.usage_metadata.candidates_token_count == 1120


def test_2k_is_twice_the_edge_for_more_tokens(client: genai.Client) -> None:
    answer = _draw(client, "a cat", image_config=types.ImageConfig(image_size="2K"))

    assert answer.usage_metadata
    assert answer.usage_metadata.candidates_token_count == 1680


@pytest.mark.parametrize("key", ["mime_type", "mimeType"])
def test_an_image_to_edit_is_taken_under_both_names(simulators: Simulators, key: str) -> None:
    image = {"inlineData": {"data": "aGk=", key: "image/png"}}
    contents = [{"parts": [image, {"text": "add a hat"}]}]

    assert door_to(simulators, "google").ask("", contents=contents).ok


@pytest.mark.parametrize(
    "model",
    [
        "gemini-2.0-flash-exp-image-generation",
        "gemini-2.5-flash-image",
        "imagen-3.0-generate-002",
        "imagen-4.0-generate-001",
    ],
)
def test_a_retired_model_is_not_found(client: genai.Client, model: str) -> None:
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model=model, contents="a cat")

    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")


def test_a_ratio_or_size_that_does_not_exist_is_refused(simulators: Simulators) -> None:
    assert "aspect_ratio" in _refusal(simulators, imageConfig={"aspectRatio": "7:3"})
    assert "image_size" in _refusal(simulators, imageConfig={"imageSize": "512"})
    small = "gemini-3.1-flash-lite-image"
    assert "image_size" in _refusal(simulators, model=small, imageConfig={"imageSize": "2K"})


def test_fields_that_gemini_does_not_have_are_refused(simulators: Simulators) -> None:
    for name in ("negativePrompt", "guidanceScale", "numberOfImages"):
        assert name in _refusal(simulators, **{name: "1"})


def test_a_picture_model_must_be_asked_for_a_picture(simulators: Simulators) -> None:
    assert "IMAGE" in _refusal(simulators, responseModalities=["TEXT"])
    assert "IMAGE" in _refusal(
        simulators, model="gemini-3.8-flash", responseModalities=["TEXT", "IMAGE"]
    )


def test_a_refusal_is_a_success_without_candidates(client: genai.Client) -> None:
    answer = _draw(client, "a cat [[google:refuse]]")

    assert not answer.candidates
    assert answer.prompt_feedback
    assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT


def test_a_bad_key_is_told_by_its_reason(client: genai.Client) -> None:
    with pytest.raises(errors.ClientError) as caught:
        _draw(client, "a cat [[google:bad_key]]")

    assert caught.value.code == 400
    assert caught.value.details["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_a_rate_limit_and_an_empty_account_differ_by_their_details(client: genai.Client) -> None:
    with pytest.raises(errors.ClientError) as limited:
        _draw(client, "a cat [[google:rate_limit]]")
    with pytest.raises(errors.ClientError) as empty:
        _draw(client, "a cat [[google:no_credit]]")

    assert limited.value.code == empty.value.code == 429
    assert limited.value.details["error"]["details"][0]["retryDelay"] == "1s"
    assert "credits" in str(empty.value.message)


def test_an_overloaded_model_is_a_server_error(client: genai.Client) -> None:
    with pytest.raises(errors.ServerError) as caught:
        _draw(client, "a cat [[google:server_error]]")

    assert (caught.value.code, caught.value.status) == (503, "UNAVAILABLE")


def test_text_follows_the_system_instruction(client: genai.Client) -> None:
    judge = types.GenerateContentConfig(system_instruction="Answer ALLOW or BLOCK.")
    model = "gemini-3.8-flash"

    enhanced = client.models.generate_content(model=model, contents="a cat")
    judged = client.models.generate_content(
        model=model, contents="forbidden-by-judge", config=judge
    )

    assert str(enhanced.text).startswith("a cat,")
    assert judged.text == "BLOCK"
    assert enhanced.usage_metadata
    assert enhanced.usage_metadata.candidates_token_count
