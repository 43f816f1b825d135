"""OpenAI: images by generation, and text by chat completion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field
from pydantic_core import ErrorDetails

from devstack.simulators.openai_errors import (
    MISSING_KEY,
    OPENAI_FAILURES,
    model_not_found,
    openai_error,
    openai_invalid,
)
from devstack.simulators.openai_text import OpenAIText
from devstack.simulators.simulator import Simulator
from devstack.simulators.texts import tokens_of
from devstack.simulators.wire import Answer, Strict, WireError, bearer_key

FREE_SIZE_MODELS = frozenset(
    {"gpt-image-2", "gpt-image-2-2026-04-21"}
    | {
        f"gpt-image-2.5-{name}{date}"
        for name in ("sunburst", "flare")
        for date in ("", "-2026-09-08")
    }
    | {"gpt-image-2.6-sunburst", "gpt-image-2.6-flare"}
)
FIXED_SIZE_MODELS = frozenset({"gpt-image-1-mini", "gpt-image-1.5", "chatgpt-image-latest"})
FIXED_SIZES = frozenset({"auto", "1024x1024", "1536x1024", "1024x1536"})
TEXT_MODELS = re.compile(
    r"gpt-6(\.1)?-(luna|sol)|gpt-5\.6-(luna|terra|sol)|gpt-5(-mini|-nano)?|gpt-4o(-mini)?"
    r"|gpt-4\.1(-mini)?"
)
MIN_PIXELS = 655_360
MAX_PIXELS = 3840 * 2160
MAX_EDGE = 3840

#: Output tokens of one 1024x1024 picture by model family and quality.
_OUTPUT_TOKENS = {
    "gpt-image-2": {"low": 196, "medium": 1756, "high": 7024},
    "gpt-image-2.5": {"low": 196, "medium": 439, "high": 1756, "xhigh": 3122, "max": 7024},
    "gpt-image-2.6": {"low": 686, "medium": 1536, "high": 1756, "xhigh": 3122, "max": 7024},
}


class _ImageBody(Strict):
    model: str
    prompt: str = Field(min_length=1, max_length=32_000)
    n: Literal[1] = 1
    size: str = "auto"
    quality: Literal["auto", "low", "medium", "high", "xhigh", "max"] = "auto"


class OpenAI(Simulator):
    """`/v1` of api.openai.com."""

    id = "openai"
    base_path = "/openai/v1"
    style = "poster"
    fault_answers = OPENAI_FAILURES

    def routes(self) -> Sequence[web.RouteDef]:
        """Images and text."""
        return [
            web.post(f"{self.base_path}/images/generations", self._generate),
            *OpenAIText(self, _check_text_model).routes(),
        ]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for a body, in the error envelope."""
        return openai_invalid(problems)

    def check_key(self, request: web.Request) -> None:
        """Require the key in a Bearer header."""
        self.require_key(bearer_key(request), MISSING_KEY)

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        body = await self.read_json(request, _ImageBody)
        _check_image_model(body)
        width, height = _pixels(body)
        faults = await self.work(body.model, body.prompt)
        spec = self.spec(body.model, body.prompt, width, height)
        picture = await self.backend.picture_base64(spec, faults)
        quality = "medium" if body.quality == "auto" else body.quality
        return web.json_response(
            {
                "created": self.backend.now(),
                "background": "opaque",
                "output_format": "png",
                "quality": quality,
                "size": f"{width}x{height}",
                "data": [{"b64_json": picture}],
                "usage": _usage(body, quality, width * height),
            }
        )


def _check_text_model(model: str) -> None:
    if not TEXT_MODELS.fullmatch(model):
        raise WireError(model_not_found(model))


def _check_image_model(body: _ImageBody) -> None:
    if body.model not in FREE_SIZE_MODELS | FIXED_SIZE_MODELS:
        raise WireError(model_not_found(body.model))
    if body.quality not in ("auto", *_token_table(body.model)):
        raise WireError(_bad_value("quality", f"'{body.quality}' is not supported by this model"))


def _pixels(body: _ImageBody) -> tuple[int, int]:
    """Return the size to draw; raise the 400 for one that the model cannot make."""
    if body.size == "auto":
        return 1024, 1024
    matched = re.fullmatch(r"([1-9]\d{1,4})x([1-9]\d{1,4})", body.size)
    if matched is None or (body.model in FIXED_SIZE_MODELS and body.size not in FIXED_SIZES):
        raise WireError(_bad_value("size", f"'{body.size}' is not a size this model makes"))
    width, height = int(matched[1]), int(matched[2])
    if not _is_free_size(width, height):
        raise WireError(_bad_value("size", f"'{body.size}' is outside this model's limits"))
    return width, height


def _is_free_size(width: int, height: int) -> bool:
    return (
        width % 16 == height % 16 == 0
        and max(width, height) <= min(MAX_EDGE, 3 * min(width, height))
        and MIN_PIXELS <= width * height <= MAX_PIXELS
    )


def _bad_value(param: str, problem: str) -> Answer:
    return openai_error(
        400, f"Invalid value for '{param}': {problem}.", code="invalid_value", param=param
    )


def _token_table(model: str) -> dict[str, int]:
    family = model[: len("gpt-image-2.5")]
    return _OUTPUT_TOKENS.get(family, _OUTPUT_TOKENS["gpt-image-2"])


def _usage(body: _ImageBody, quality: str, pixels: int) -> dict[str, object]:
    text = tokens_of(body.prompt)
    image = round(_token_table(body.model)[quality] * pixels / (1024 * 1024))
    return {
        "input_tokens": text,
        "input_tokens_details": {"text_tokens": text, "image_tokens": 0},
        "output_tokens": image,
        "output_tokens_details": {"image_tokens": image, "text_tokens": 0},
        "total_tokens": text + image,
    }
