"""Recraft: the OpenAI request form with its own models, sizes, credits and errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from aiohttp import web
from pydantic import Field
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Order
from devstack.simulators.simulator import Simulator
from devstack.simulators.wire import Answer, Strict, WireError, bearer_key, field_of

_V4_SIZES: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "3:2": (1280, 832),
    "2:3": (832, 1280),
    "4:3": (1216, 896),
    "3:4": (896, 1216),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
}
_V3_SIZES: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "3:2": (1536, 1024),
    "2:3": (1024, 1536),
    "4:3": (1365, 1024),
    "3:4": (1024, 1365),
    "16:9": (1820, 1024),
    "9:16": (1024, 1820),
}
#: Credits of one picture, 1000 to the dollar.
_CREDITS: Mapping[str, int] = {
    "recraftv4_1": 35,
    "recraftv4_1_utility": 35,
    "recraftv4_1_pro": 210,
    "recraftv4_1_utility_pro": 210,
    "recraftv4": 40,
    "recraftv4_pro": 250,
    "recraftv3": 40,
    "recraftv2": 22,
}
_OLD_MODELS = ("recraftv2", "recraftv3")
OLD_PROMPT_MAX = 1000


class _ImageBody(Strict):
    prompt: str = Field(min_length=1, max_length=10_000)
    model: str = "recraftv4_1"
    n: Literal[1] = 1
    size: str = "1:1"
    response_format: Literal["b64_json"]
    random_seed: int | None = Field(default=None, ge=0, le=4_294_967_295)
    negative_prompt: str | None = None


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, {"code": code, "message": message}, headers or {})


class Recraft(Simulator):
    """`/v1` of external.api.recraft.ai."""

    id = "recraft"
    base_path = "/recraft/v1"
    style = "engraving"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "refuse": _error(400, "prompt_moderation", "The prompt was rejected by moderation."),
        "rate_limit": _error(
            429, "rate_limit_exceeded", "Too many requests.", {"Retry-After": "1"}
        ),
        "server_error": _error(500, "internal_error", "Internal server error."),
        "no_credit": _error(402, "insufficient_units", "Insufficient units: top up the balance."),
        "retired": _error(404, "model_not_found", "This model is no longer available."),
        "bad_key": _error(401, "unauthorized", "Invalid API token."),
    }

    def routes(self) -> Sequence[web.RouteDef]:
        """Image generation."""
        return [web.post(f"{self.base_path}/images/generations", self._generate)]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for the first invalid field of a body."""
        problem = problems[0]
        return _error(400, "invalid_request", f"{field_of(problem) or 'body'}: {problem['msg']}")

    def check_key(self, request: web.Request) -> None:
        """Require the key in a Bearer header."""
        self.require_key(
            bearer_key(request), _error(401, "unauthorized", "Missing the Authorization header.")
        )

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        body = await self.read_json(request, _ImageBody)
        _check_model(body)
        size = _pixels(body)
        faults = await self.backend.work(
            Order(self.id, body.model, body.prompt), self.fault_answers
        )
        spec = self.spec(body.model, body.prompt, *size, seed=body.random_seed or 0)
        picture = await self.backend.picture_base64(spec, faults)
        answer = {
            "created": self.backend.now(),
            "credits": _CREDITS[body.model],
            "data": [{"image_id": self.backend.new_id(), "b64_json": picture}],
        }
        return web.json_response(answer, headers={"X-Recraft-Requestid": self.backend.new_id()})


def _check_model(body: _ImageBody) -> None:
    if body.model not in _CREDITS:
        raise WireError(_error(404, "model_not_found", f"Unknown model {body.model!r}."))
    if body.model.startswith(_OLD_MODELS):
        if len(body.prompt) > OLD_PROMPT_MAX:
            raise _bad_field("prompt", f"at most {OLD_PROMPT_MAX} characters for {body.model}")
        return
    if body.negative_prompt is not None:
        raise _bad_field("negative_prompt", f"not supported by {body.model}")


def _pixels(body: _ImageBody) -> tuple[int, int]:
    """Return the size for a ratio, as far as the model has it."""
    sizes = _sizes_of(body.model)
    if body.size not in sizes:
        raise _bad_field("size", f"{body.size} is not a size of {body.model}")
    return sizes[body.size]


def _sizes_of(model: str) -> Mapping[str, tuple[int, int]]:
    if model.startswith(_OLD_MODELS):
        return _V3_SIZES
    if "_pro" not in model:
        return _V4_SIZES
    return {ratio: (2 * width, 2 * height) for ratio, (width, height) in _V4_SIZES.items()}


def _bad_field(name: str, problem: str) -> WireError:
    return WireError(_error(400, "invalid_request", f"{name}: {problem}"))
