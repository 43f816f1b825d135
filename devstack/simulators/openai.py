"""OpenAI: images by generation and edit, and the text protocols."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field
from pydantic_core import ErrorDetails

from devstack.simulators.drawing import Commission
from devstack.simulators.openai_errors import (
    MISSING_KEY,
    OPENAI_FAILURES,
    model_not_found,
    openai_error,
    openai_invalid,
)
from devstack.simulators.openai_text import OpenAIText
from devstack.simulators.provider import Provider
from devstack.simulators.studio import Order
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
IMAGE_INPUT_TOKENS = 1024

#: Output tokens of one 1024x1024 picture by model family and quality.
_OUTPUT_TOKENS = {
    "gpt-image-2": {"low": 196, "medium": 1756, "high": 7024},
    "gpt-image-2.5": {"low": 196, "medium": 439, "high": 1756, "xhigh": 3122, "max": 7024},
    "gpt-image-2.6": {"low": 686, "medium": 1536, "high": 1756, "xhigh": 3122, "max": 7024},
}


class _ImageBody(Strict):
    model: str
    prompt: str = Field(min_length=1, max_length=32_000)
    n: int = Field(default=1, ge=1, le=10)
    size: str = "auto"
    quality: Literal["auto", "low", "medium", "high", "xhigh", "max"] = "auto"
    background: Literal["auto", "transparent", "opaque"] = "auto"
    output_format: Literal["png", "webp", "jpeg"] = "png"
    output_compression: int = Field(default=100, ge=0, le=100)
    moderation: Literal["auto", "low"] = "auto"
    safety_identifier: str | None = None
    user: str | None = None
    stream: Literal[False] = False


class OpenAI(Provider):
    """`/v1` of api.openai.com."""

    id = "openai"
    base_path = "/openai/v1"
    failures = OPENAI_FAILURES

    def routes(self) -> Sequence[web.RouteDef]:
        """Images, edits and text."""
        return [
            web.post(f"{self.base_path}/images/generations", self._generate),
            web.post(f"{self.base_path}/images/edits", self._edit),
            *OpenAIText(self, _check_text_model).routes(),
        ]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """The refusal of a body, in the error envelope."""
        return openai_invalid(problems)

    def check_key(self, request: web.Request) -> None:
        """Takes any key in a Bearer header that is not marked invalid."""
        self.require_key(bearer_key(request), MISSING_KEY)

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        body = await self.read_json(request, _ImageBody)
        return web.json_response(await self._images(body, input_images=0))

    async def _edit(self, request: web.Request) -> web.Response:
        """Takes a single `image`, or `image[]` up to 16 times."""
        self.check_key(request)
        not_a_form = openai_error(400, "Send this request as multipart/form-data.")
        form = await self.read_form(request, not_a_form)
        files = ("image", "image[]", "mask")
        images = len(form.getall("image[]", [])) + len(form.getall("image", []))
        if not 1 <= images <= 16:
            raise WireError(openai_error(400, "Send 1 to 16 images.", param="image"))
        fields = {name: value for name, value in form.items() if name not in files}
        body = self.parse_form(fields, _ImageBody)
        return web.json_response(await self._images(body, images))

    async def _images(self, body: _ImageBody, input_images: int) -> dict[str, object]:
        _check_image_model(body)
        width, height = _pixels(body)
        order = Order(self.id, body.model, body.prompt)
        faults = await self.studio.work(order, self.failures)
        drawn = [
            await self.studio.picture_base64(
                Commission(
                    self.id, body.model, body.prompt, width, height, copy, body.output_format
                ),
                faults,
            )
            for copy in range(body.n)
        ]
        quality = _quality(body)
        return {
            "created": self.studio.now(),
            "background": "opaque" if body.background == "auto" else body.background,
            "output_format": body.output_format,
            "quality": quality,
            "size": f"{width}x{height}",
            "data": [{"b64_json": picture} for picture in drawn],
            "usage": _usage(body, quality, width * height, input_images),
        }


def _check_text_model(model: str) -> None:
    if not TEXT_MODELS.fullmatch(model):
        raise WireError(model_not_found(model))


def _check_image_model(body: _ImageBody) -> None:
    if body.model not in FREE_SIZE_MODELS | FIXED_SIZE_MODELS:
        raise WireError(model_not_found(body.model))
    if body.background == "transparent" and body.output_format == "jpeg":
        raise WireError(_bad_value("background", "a transparent background needs png or webp"))
    if body.quality not in ("auto", *_token_table(body.model)):
        raise WireError(_bad_value("quality", f"'{body.quality}' is not supported by this model"))


def _pixels(body: _ImageBody) -> tuple[int, int]:
    """The size to draw, or the refusal of one the model cannot make."""
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


def _quality(body: _ImageBody) -> str:
    return "medium" if body.quality == "auto" else body.quality


def _usage(body: _ImageBody, quality: str, pixels: int, input_images: int) -> dict[str, object]:
    text, image = tokens_of(body.prompt), IMAGE_INPUT_TOKENS * input_images
    output = body.n * round(_token_table(body.model)[quality] * pixels / (1024 * 1024))
    return {
        "input_tokens": text + image,
        "input_tokens_details": {"text_tokens": text, "image_tokens": image},
        "output_tokens": output,
        "output_tokens_details": {"image_tokens": output, "text_tokens": 0},
        "total_tokens": text + image + output,
    }
