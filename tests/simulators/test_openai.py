from collections.abc import Iterator
from typing import Any

import openai
import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.doors import door_to


@pytest.fixture(scope="module")
def client(simulators: Simulators) -> Iterator[openai.OpenAI]:
    base_url = simulators.base_urls["openai"]
    with openai.OpenAI(api_key="a-key", base_url=base_url, max_retries=0, timeout=10) as client:
        yield client


def _refusal(simulators: Simulators, prompt: str = "a cat", **fields: Any) -> dict[str, Any]:
    answer = door_to(simulators, "openai").ask(prompt, **fields)
    assert answer.status_code in (400, 404), answer.text
    error: dict[str, Any] = answer.json()["error"]
    return error


def test_the_sdk_gets_base64_and_the_tokens_of_the_quality(client: openai.OpenAI) -> None:
    tokens = {}
    for quality in ("low", "medium", "high", "xhigh", "max"):
        answer = client.images.generate(
            model="gpt-image-2.5-flare", prompt="a cat", size="1024x1024", quality=quality
        )
        assert answer.data
        assert answer.data[0].b64_json
        assert answer.data[0].url is None
        assert answer.usage
        tokens[quality] = answer.usage.output_tokens

    assert tokens == {"low": 196, "medium": 439, "high": 1756, "xhigh": 3122, "max": 7024}


def test_tokens_follow_the_number_of_pictures_and_their_area(client: openai.OpenAI) -> None:
    answer = client.images.generate(
        model="gpt-image-2.5-flare", prompt="a cat", size="1536x1024", n=2, quality="high"
    )

    assert answer.data
    assert answer.usage
    assert len({picture.b64_json for picture in answer.data}) == 2
    assert answer.usage.output_tokens == 2 * round(1756 * 1.5)


@pytest.mark.parametrize("model", ["dall-e-2", "dall-e-3", "gpt-image-1", "gpt-4o", "nothing"])
def test_a_model_that_draws_no_more_is_not_found(simulators: Simulators, model: str) -> None:
    assert _refusal(simulators, model=model)["code"] == "model_not_found"


@pytest.mark.parametrize("name", ["response_format", "style", "seed", "negative_prompt", "steps"])
def test_a_parameter_that_gpt_image_models_do_not_have_is_named(
    simulators: Simulators, name: str
) -> None:
    error = _refusal(simulators, **{name: "url"})

    assert (error["code"], error["param"]) == ("unknown_parameter", name)


@pytest.mark.parametrize(
    "size",
    ["256x256", "512x512", "1000x1000", "1024x300", "4096x2160", "3840x3840", "big", "1024", "0x0"],
)
def test_a_size_outside_the_models_limits_is_refused(simulators: Simulators, size: str) -> None:
    assert _refusal(simulators, size=size)["param"] == "size"


@pytest.mark.parametrize("size", ["auto", "1024x1024", "1536x864", "1440x480"])
def test_a_size_within_the_limits_is_drawn(simulators: Simulators, size: str) -> None:
    assert door_to(simulators, "openai").ask("a cat", size=size).ok


def test_an_older_model_has_three_sizes_only(simulators: Simulators) -> None:
    assert _refusal(simulators, model="gpt-image-1.5", size="1536x864")["param"] == "size"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quality", "hd"),
        ("quality", "standard"),
        ("n", 0),
        ("n", 11),
        ("n", "1"),
        ("output_format", "bmp"),
        ("background", "blue"),
        ("stream", True),
        ("prompt", 7),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(
    simulators: Simulators, name: str, value: Any
) -> None:
    fields = {"prompt": "a cat", name: value}

    assert _refusal(simulators, **fields)["param"] == name


def test_a_quality_that_came_later_is_refused_by_the_older_model(simulators: Simulators) -> None:
    assert _refusal(simulators, model="gpt-image-2", quality="max")["param"] == "quality"


def test_a_transparent_jpeg_is_refused(simulators: Simulators) -> None:
    error = _refusal(simulators, background="transparent", output_format="jpeg")

    assert error["param"] == "background"


@pytest.mark.parametrize("images", [b"one", [b"one", b"two"]])
def test_an_edit_takes_one_image_or_several(client: openai.OpenAI, images: Any) -> None:
    answer = client.images.edit(model="gpt-image-2", prompt="add a hat", image=images)

    count = len(images) if isinstance(images, list) else 1
    assert answer.data
    assert answer.usage
    assert answer.usage.input_tokens_details.image_tokens == 1024 * count


def test_an_edit_without_an_image_is_refused(simulators: Simulators) -> None:
    answer = requests.post(
        f"{simulators.base_urls['openai']}/images/edits",
        headers={"Authorization": "Bearer a-key"},
        files={"prompt": (None, "add a hat"), "model": (None, "gpt-image-2")},
        timeout=10,
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "image"


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ("refuse", openai.BadRequestError, "moderation_blocked"),
        ("rate_limit", openai.RateLimitError, "rate_limit_exceeded"),
        ("no_credit", openai.RateLimitError, "insufficient_quota"),
        ("bad_key", openai.AuthenticationError, "invalid_api_key"),
        ("retired", openai.NotFoundError, "model_not_found"),
        ("server_error", openai.InternalServerError, "server_error"),
    ],
)
def test_the_sdk_tells_the_faults_apart(
    client: openai.OpenAI, fault: str, error: type[openai.APIStatusError], code: str
) -> None:
    with pytest.raises(error) as caught:
        client.images.generate(model="gpt-image-2", prompt=f"a cat [[openai:{fault}]]")

    assert caught.value.code == code


def test_a_rate_limit_says_when_to_come_back(simulators: Simulators) -> None:
    answer = door_to(simulators, "openai").ask("a cat [[openai:rate_limit]]")

    assert int(answer.headers["Retry-After"]) == 1


def test_both_text_protocols_enhance_with_usage(client: openai.OpenAI) -> None:
    chat = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "a cat on a roof"},
        ],
        max_completion_tokens=200,
    )
    response = client.responses.create(
        model="gpt-6-luna", instructions="Be kind.", input="a cat on a roof"
    )

    assert chat.choices[0].message.content == response.output_text
    assert response.output_text.startswith("a cat on a roof")
    assert chat.usage
    assert response.usage
    assert chat.usage.completion_tokens == response.usage.output_tokens > 0


def test_text_calls_are_billed_as_text(
    simulators: Simulators, client: openai.OpenAI, prompt: str
) -> None:
    client.responses.create(model="gpt-6-luna", input=prompt)

    assert simulators.calls.count("openai", prompt) == 0
    assert simulators.calls.count("openai", prompt, kind="text") == 1


@pytest.mark.parametrize("model", ["gpt-image-2", "gpt-3.5-turbo", "gpt-4-turbo", "nothing"])
def test_a_model_that_writes_no_text_is_not_found(client: openai.OpenAI, model: str) -> None:
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model=model, input="a cat")


def test_text_is_refused_and_garbled_by_marks(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError):
        client.responses.create(model="gpt-6-luna", input="a cat [[openai:refuse]]")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        client.responses.create(model="gpt-6-luna", input="a cat [[openai:garbage]]")
