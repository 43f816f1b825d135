"""What each service refuses in a request that is otherwise as an adapter sends it."""

from typing import Any

import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.asking import asked

CONFIG = "generationConfig"
SIZES_THAT_GPT_IMAGE_REFUSES = (
    "256x256", "1000x1000", "1024x300", "4096x2160", "3840x3840", "big", "1024", "0x0",
)  # fmt: skip
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    *[("openai", "gpt-image-2.6-flare", {"size": size}, "size")
      for size in SIZES_THAT_GPT_IMAGE_REFUSES],
    *[("openai", "gpt-image-2.6-flare", {name: "url"}, name)
      for name in ("response_format", "style", "seed", "negative_prompt", "steps")],
    ("openai", "gpt-image-1.5", {"size": "1536x864"}, "size"),
    ("openai", "gpt-image-2", {"quality": "max"}, "quality"),
    ("openai", "gpt-image-2", {"quality": "hd"}, "quality"),
    ("openai", "gpt-image-2", {"n": "1"}, "n"),
    ("google", "gemini-3-pro-image", {CONFIG: {"imageConfig": {"aspectRatio": "7:3"}}},
     "aspect_ratio"),
    *[("google", "gemini-3-pro-image", {CONFIG: {name: "1"}}, name)
      for name in ("negativePrompt", "guidanceScale", "numberOfImages")],
    ("google", "gemini-3-pro-image", {CONFIG: {"responseModalities": ["TEXT"]}}, "IMAGE"),
    *[("bedrock", "stability.stable-image-core-v1:1", fields, next(iter(fields)))
      for fields in ({"aspect_ratio": "4:3"}, {"seed": -1}, {"seed": 4_294_967_295},
                     {"steps": 30}, {"cfg_scale": 5}, {"output_format": "bmp"})],
    *[("stability", "core", fields, next(iter(fields)))
      for fields in ({"aspect_ratio": "4:3"}, {"seed": "many"}, {"seed": 4_294_967_295},
                     {"steps": 30}, {"width": 1024}, {"cfg_scale": 5})],
    ("stability", "sd3.5-flash", {"cfg_scale": 11}, "cfg_scale"),
    ("stability", "sd3.5-flash", {"output_format": "webp"}, "output_format"),
    *[("bfl", "flux-3-image", {name: 512}, name)
      for name in ("seed", "width", "output_format", "guidance", "steps", "negative_prompt")],
    ("bfl", "flux-3-image", {"aspect_ratio": "7:3"}, "aspect_ratio"),
    ("bfl", "flux-2-pro", {"width": 1000}, "width"),
    ("bfl", "flux-2-pro", {"width": 2064, "height": 2048}, "megapixels"),
    ("bfl", "flux-2-pro", {"steps": 10}, "steps"),
    ("bfl", "flux-2-flex", {"steps": 51}, "steps"),
    ("bfl", "flux-2-flex", {"guidance": 1.0}, "guidance"),
    ("bfl", "flux-pro-1.1", {"width": 1472}, "width"),
    ("bfl", "flux-pro-1.1-ultra", {"width": 1024}, "width"),
    ("bfl", "flux-dev", {"guidance": 9.0}, "guidance"),
    ("recraft", "recraftv4_1", {"size": "21:9"}, "size"),
    ("recraft", "recraftv4_1", {"style": "digital_illustration"}, "style"),
    ("recraft", "recraftv4_1", {"negative_prompt": "dogs"}, "negative_prompt"),
    ("recraft", "recraftv4_1", {"random_seed": -1}, "random_seed"),
    ("recraft", "recraftv3", {"prompt": "a" * 1001}, "prompt"),
    *[("qwen", "qwen-image-3.0", {"parameters": fields}, next(iter(fields)))
      for fields in ({"size": "1024x1024"}, {"size": "4096*4096"}, {"size": "100*100"},
                     {"seed": 2**31}, {"steps": 20}, {"watermark": "no"})],
    *[("generic", "hunyuan-image-3", {"size": size}, "size")
      for size in ("1:1", "9999x9999", "0x10", "1024*1024")],
    *[("generic", "hunyuan-image-3", {name: "1"}, name)
      for name in ("quality", "seed", "steps", "aspect_ratio")],
]  # fmt: skip
GONE = [
    *[("openai", model) for model in ("dall-e-3", "gpt-image-1", "gpt-4o")],
    *[("google", model) for model in ("gemini-2.5-flash-image", "imagen-4.0-generate-001")],
    *[("bedrock", model) for model in ("amazon.nova-canvas-v1%3A0", "anthropic.claude-3-haiku")],
]


@pytest.mark.parametrize(("provider", "model", "fields", "named"), REFUSED)
def test_what_the_model_does_not_take_is_refused_by_name(
    simulators: Simulators, provider: str, model: str, fields: dict[str, Any], named: str
) -> None:
    answer = asked(provider, model).with_fields(**fields).send(simulators)

    assert answer.status_code in (400, 422), answer.text
    assert named in answer.text


@pytest.mark.parametrize(("provider", "model"), GONE)
def test_a_model_that_is_gone_is_not_found(
    simulators: Simulators, provider: str, model: str
) -> None:
    assert asked(provider).with_model(model).send(simulators).status_code == 404


def test_bedrock_serves_its_picture_models_in_one_region(simulators: Simulators) -> None:
    request = asked("bedrock")
    elsewhere = request.headers["authorization"].replace("us-west-2", "us-east-1")
    moved = {**request.headers, "authorization": elsewhere}

    answer = requests.post(
        f"{simulators.base_urls['bedrock']}{request.path.removeprefix('/bedrock')}",
        request.body,
        headers=moved,
        timeout=10,
    )

    assert (answer.status_code, answer.headers["x-amzn-ErrorType"]) == (400, "ValidationException")


def test_a_gateway_takes_the_name_of_any_model(simulators: Simulators) -> None:
    assert asked("generic").with_model("anything/at-all").send(simulators).ok


@pytest.mark.parametrize(
    ("provider", "path", "body"),
    [
        ("openai", "/chat/completions", {"model": "gpt-3.5-turbo", "messages": []}),
        ("openai", "/chat/completions", {"model": "gpt-6-luna", "messages": [], "stream": True}),
        ("generic", "/chat/completions", {"model": "llama-4", "messages": [{"role": "user"}]}),
        ("google", "/v1/models/gemini-3.8-flash:generateContent", {"contents": []}),
    ],
)
def test_a_text_call_is_as_strict(
    simulators: Simulators, provider: str, path: str, body: dict[str, Any]
) -> None:
    answer = requests.post(
        simulators.base_urls[provider] + path,
        json=body,
        headers={"Authorization": "Bearer a-key", "x-goog-api-key": "a-key"},
        timeout=10,
    )

    assert answer.status_code in (400, 404)
