"""Google Gemini: generateContent for pictures and for text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from aiohttp import web
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Order
from devstack.simulators.simulator import Simulator
from devstack.simulators.texts import picture_in, reply_to, tokens_of
from devstack.simulators.wire import Answer, Strict, WireError, field_of

SIZES_AT_1K: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "2:3": (848, 1264),
    "3:2": (1264, 848),
    "3:4": (896, 1200),
    "4:3": (1200, 896),
    "9:16": (768, 1376),
    "16:9": (1376, 768),
}
_TIMES_1K = {"1K": 1, "2K": 2, "4K": 4}
_TOKENS_OF_1K = {"1K": 1.0, "2K": 1.0, "4K": 1.79}
_ONLY_1K = ("gemini-3.1-flash-lite-image",)
#: Output tokens of one picture of 1K by model.
_IMAGE_TOKENS: Mapping[str, int] = {
    "gemini-nano-banana-2.1": 1120,
    "gemini-3-pro-image": 1120,
    "gemini-3.1-flash-lite-image": 1120,
}
TEXT_MODELS = re.compile(r"gemini-(3\.8-flash|3\.[57]-flash|3\.[15]-flash-lite|2\.5-(pro|flash))")
THOUGHT_TOKENS = 64
MAX_PROMPT = 100_000


class _Camel(Strict):
    """A message whose fields Google reads by camel-case and snake-case names alike."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class _InlineData(_Camel):
    mime_type: Literal["image/png", "image/jpeg", "image/webp", "image/gif"]
    data: str


class _Part(_Camel):
    text: str = ""
    inline_data: _InlineData | None = None


class _Content(_Camel):
    parts: list[_Part] = Field(min_length=1)
    role: Literal["user", "model", "system"] = "user"

    @property
    def text(self) -> str:
        """The text of the content."""
        return " ".join(part.text for part in self.parts if part.text)

    @property
    def picture(self) -> bytes:
        """The picture that it shows; raises the refusal of one that is none."""
        shown = [part.inline_data.data for part in self.parts if part.inline_data]
        if not shown:
            return b""
        # Google's client writes base64 as addresses do.
        picture = picture_in(shown[0].replace("-", "+").replace("_", "/"))
        if not picture:
            raise _bad_argument("Unable to process input image.")
        return picture


class _ImageConfig(_Camel):
    aspect_ratio: str = "1:1"
    image_size: Literal["1K", "2K", "4K"] = "1K"


class _GenerationConfig(_Camel):
    response_modalities: list[Literal["TEXT", "IMAGE"]] | None = None
    image_config: _ImageConfig = _ImageConfig()
    seed: int | None = Field(default=None, ge=-(2**31), lt=2**31)
    max_output_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    thinking_config: dict[str, Any] | None = None


class _Body(_Camel):
    contents: list[_Content] = Field(min_length=1)
    generation_config: _GenerationConfig = _GenerationConfig()
    system_instruction: _Content | None = None

    @property
    def prompt(self) -> str:
        """The user's last message."""
        return next((turn.text for turn in reversed(self.contents) if turn.role == "user"), "")

    @property
    def picture(self) -> bytes:
        """What is shown with it."""
        return next((turn.picture for turn in reversed(self.contents) if turn.role == "user"), b"")


def _error(status: int, name: str, message: str, *details: dict[str, object]) -> Answer:
    error = {"code": status, "message": message, "status": name, "details": list(details)}
    return Answer(status, {"error": error})


class Google(Simulator):
    """`/v1` and `/v1beta` of generativelanguage.googleapis.com."""

    id = "google"
    base_path = "/google"
    style = "bloom"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "refuse": Answer(
            200,
            {
                "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8},
            },
        ),
        "rate_limit": _error(
            429,
            "RESOURCE_EXHAUSTED",
            "You exceeded your requests per minute. Please retry in 1s.",
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"},
        ),
        "server_error": _error(503, "UNAVAILABLE", "The model is overloaded. Try again later."),
        "no_credit": _error(
            429,
            "RESOURCE_EXHAUSTED",
            "Your prepayment credits are depleted. Add credits to your billing account.",
        ),
        "retired": _error(
            404,
            "NOT_FOUND",
            "The model is not found for API version v1, or is not supported for generateContent.",
        ),
        "bad_key": _error(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
            },
        ),
    }

    def routes(self) -> Sequence[web.RouteDef]:
        """One call, under both versions of the API."""
        path = "/{version:v1|v1beta}/models/{model:[^/:]+}:generateContent"
        return [web.post(self.base_path + path, self._generate)]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for the first invalid field of a body."""
        problem = problems[0]
        name = field_of(problem)
        message = f"Invalid value at '{name}': {problem['msg']}."
        if problem["type"] == "extra_forbidden":
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
        return _error(400, "INVALID_ARGUMENT", message)

    def check_key(self, request: web.Request) -> None:
        """Require the key in `x-goog-api-key` or `key`."""
        key = request.headers.get("x-goog-api-key") or request.query.get("key")
        message = "Method doesn't allow unregistered callers. Please use an API key."
        self.require_key(key, _error(403, "PERMISSION_DENIED", message))

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        model = request.match_info["model"]
        if model not in _IMAGE_TOKENS and not TEXT_MODELS.fullmatch(model):
            raise WireError(self.fault_answers["retired"])
        body = await self.read_json(request, _Body)
        if not 1 <= len(body.prompt.strip()) <= MAX_PROMPT:
            raise _bad_argument(f"The prompt must have 1 to {MAX_PROMPT} characters.")
        answer = self._image if model in _IMAGE_TOKENS else self._text
        return web.json_response(await answer(model, body))

    async def _image(self, model: str, body: _Body) -> dict[str, object]:
        config = body.generation_config
        width, height = _pixels(model, config)
        faults = await self.work(model, body.prompt)
        picture = await self.backend.picture_base64(
            self.spec(model, body.prompt, width, height, seed=config.seed or 0), faults
        )
        parts: list[dict[str, object]] = [
            {"text": "Planning the composition.", "thought": True},
            {"inlineData": {"mimeType": "image/png", "data": picture}, "thoughtSignature": "AAAA"},
        ]
        tokens = round(_IMAGE_TOKENS[model] * _TOKENS_OF_1K[config.image_config.image_size])
        return _answer(model, parts, tokens_of(body.prompt), tokens, "IMAGE")

    async def _text(self, model: str, body: _Body) -> dict[str, object]:
        if "IMAGE" in (body.generation_config.response_modalities or []):
            raise _bad_argument("This model does not support the modality IMAGE.")
        await self.backend.work(Order(self.id, model, body.prompt, kind="text"), self.fault_answers)
        system = body.system_instruction.text if body.system_instruction else ""
        reply = reply_to(system, body.prompt, body.picture)
        return _answer(
            model, [{"text": reply.text}], reply.input_tokens, reply.output_tokens, "TEXT"
        )


def _pixels(model: str, config: _GenerationConfig) -> tuple[int, int]:
    """Return the size for a ratio, or raise the refusal of one the model does not have."""
    if config.response_modalities is not None and "IMAGE" not in config.response_modalities:
        raise _bad_argument("This model answers with images: ask for the modality IMAGE.")
    ratio = config.image_config.aspect_ratio
    if ratio not in SIZES_AT_1K:
        raise _bad_argument(f"aspect_ratio must be one of {', '.join(SIZES_AT_1K)}.")
    size = config.image_config.image_size
    if size != "1K" and model in _ONLY_1K:
        raise _bad_argument(f"image_size {size} is not supported by this model.")
    width, height = SIZES_AT_1K[ratio]
    return width * _TIMES_1K[size], height * _TIMES_1K[size]


def _answer(
    model: str, parts: list[dict[str, object]], prompt_tokens: int, tokens: int, modality: str
) -> dict[str, object]:
    content = {"role": "model", "parts": parts}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {
            "promptTokenCount": prompt_tokens,
            "candidatesTokenCount": tokens,
            "thoughtsTokenCount": THOUGHT_TOKENS,
            "totalTokenCount": prompt_tokens + tokens + THOUGHT_TOKENS,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt_tokens}],
            "candidatesTokensDetails": [{"modality": modality, "tokenCount": tokens}],
        },
        "modelVersion": model,
        "responseId": "simulated",
    }


def _bad_argument(message: str) -> WireError:
    return WireError(_error(400, "INVALID_ARGUMENT", message))
