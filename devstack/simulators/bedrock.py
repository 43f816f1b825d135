"""AWS Bedrock: InvokeModel for the Stability models, Converse for text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from aiohttp import web
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Order
from devstack.simulators.simulator import Simulator
from devstack.simulators.sizes import STABILITY_SIZES, StabilityRatio
from devstack.simulators.texts import Reply, picture_in, reply_to
from devstack.simulators.wire import Answer, Strict, WireError, field_of

IMAGE_REGION = "us-west-2"
BLIND_MODELS = re.compile(r"llama3-1|mistral-7b|nova-micro")
LARGEST_SHOWN = 3_750_000
TEXT_MODELS = re.compile(
    r"(us|global)\.amazon\.nova-2-lite-v1:0|amazon\.nova-(micro|lite|pro)-v1:0"
    r"|(us|global)\.anthropic\.claude-(haiku|sonnet|opus)-(4-5|5-5)[\w.:-]*"
    r"|(us\.)?meta\.llama3-1-(8b|70b)-instruct-v1:0"
    r"|mistral\.(ministral-3-8b-instruct|mistral-7b-instruct-v0:2|mistral-large-3-675b-instruct)"
)
RETIRED_MODELS = re.compile(
    r"amazon\.(nova-canvas|nova-premier|titan-image-generator-v1).*|anthropic\.claude-3.*"
)
_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/bedrock/")


class _ImageBody(Strict):
    prompt: str = Field(min_length=1, max_length=10_000)
    aspect_ratio: StabilityRatio | None = None
    seed: int = Field(default=0, ge=0, le=4_294_967_294)
    negative_prompt: str | None = Field(default=None, max_length=10_000)
    output_format: Literal["png", "jpeg"] = "png"


_IMAGE_MODELS = frozenset(
    {
        "stability.sd3-5-large-v1:0",
        "stability.stable-image-core-v1:1",
        "stability.stable-image-ultra-v1:1",
    }
)


class _TextBlock(Strict):
    text: str


class _Source(Strict):
    bytes: str


class _Image(Strict):
    format: Literal["png", "jpeg", "webp", "gif"]
    source: _Source


class _ImageBlock(Strict):
    image: _Image


class _Message(Strict):
    role: Literal["user", "assistant"]
    content: list[_TextBlock | _ImageBlock] = Field(min_length=1)


class _Camel(Strict):
    model_config = ConfigDict(alias_generator=to_camel)


class _InferenceConfig(_Camel):
    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=1)


class _ConverseBody(_Camel):
    messages: list[_Message] = Field(min_length=1)
    system: list[_TextBlock] = Field(default_factory=list)
    inference_config: _InferenceConfig | None = None


def _error(status: int, name: str, message: str) -> Answer:
    return Answer(status, {"message": message}, {"x-amzn-ErrorType": name})


class Bedrock(Simulator):
    """bedrock-runtime; signatures are not verified, but there must be one with an access key."""

    id = "bedrock"
    base_path = "/bedrock"
    style = "watercolour"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "refuse": Answer(200, {"seeds": [0], "finish_reasons": ["Filter reason: prompt"]}),
        "rate_limit": _error(429, "ThrottlingException", "Too many requests, please wait."),
        "server_error": _error(500, "InternalServerException", "An internal error occurred."),
        "retired": _error(
            404,
            "ResourceNotFoundException",
            "This model version has reached the end of its life.",
        ),
        "bad_key": _error(
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
    }

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the two routes; the colon of a model id arrives as `%3A`."""
        path = f"{self.base_path}/model/{{model:[^/]+}}"
        return [
            web.post(f"{path}/invoke", self._invoke),
            web.post(f"{path}/converse", self._converse),
        ]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for a body, naming every invalid field."""
        listed = "; ".join(f"{field_of(problem)}: {problem['msg']}" for problem in problems)
        return _error(400, "ValidationException", f"Malformed input request: {listed}")

    def check_key(self, request: web.Request) -> None:
        """Require the access key in a SigV4 header."""
        signed = _CREDENTIAL.match(request.headers.get("Authorization", ""))
        self.require_key(
            signed[1] if signed else None,
            _error(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        )

    async def _invoke(self, request: web.Request) -> web.Response:
        self.check_key(request)
        model = _known_model(request)
        if model not in _IMAGE_MODELS or _region(request) != IMAGE_REGION:
            raise _unknown_model()
        body = await self.read_json(request, _ImageBody)
        width, height = STABILITY_SIZES[body.aspect_ratio or "1:1"]
        order = Order(self.id, model, body.prompt)
        faults = await self.backend.work(order, self.fault_answers)
        seed = body.seed or order.number
        spec = self.spec(model, body.prompt, width, height, seed, body.output_format)
        picture = await self.backend.picture_base64(spec, faults)
        return web.json_response({"seeds": [seed], "finish_reasons": [None], "images": [picture]})

    async def _converse(self, request: web.Request) -> web.Response:
        self.check_key(request)
        model = _known_model(request)
        if not TEXT_MODELS.fullmatch(model):
            raise _unknown_model()
        body = await self.read_json(request, _ConverseBody)
        content = body.messages[-1].content
        user = _text_of([block for block in content if isinstance(block, _TextBlock)])
        picture = _shown(model, [block for block in content if isinstance(block, _ImageBlock)])
        await self.backend.work(Order(self.id, model, user, kind="text"), _CONVERSE_FAILURES)
        reply = reply_to(_text_of(body.system), user, picture)
        return web.json_response(_conversation(reply, "end_turn"))


def _conversation(reply: Reply, stop_reason: str) -> dict[str, object]:
    message = {"role": "assistant", "content": [{"text": reply.text}]}
    return {
        "output": {"message": message},
        "stopReason": stop_reason,
        "usage": {
            "inputTokens": reply.input_tokens,
            "outputTokens": reply.output_tokens,
            "totalTokens": reply.input_tokens + reply.output_tokens,
        },
        "metrics": {"latencyMs": 420},
    }


_CONVERSE_FAILURES: Mapping[str, Answer] = {
    **Bedrock.fault_answers,
    "refuse": Answer(
        200, _conversation(Reply("Your request was filtered.", 8, 6), "content_filtered")
    ),
}


def _known_model(request: web.Request) -> str:
    """Return the path's model; raise the answer for a retired one."""
    model = request.match_info["model"]
    if RETIRED_MODELS.fullmatch(model):
        raise WireError(Bedrock.fault_answers["retired"])
    return model


def _region(request: web.Request) -> str | None:
    signed = _CREDENTIAL.match(request.headers.get("Authorization", ""))
    return signed[2] if signed else None


def _unknown_model() -> WireError:
    message = "The provided model identifier is invalid."
    return WireError(_error(400, "ValidationException", message))


def _shown(model: str, blocks: Sequence[_ImageBlock]) -> bytes:
    """Return the picture that a model is shown; raise the refusal of what it cannot see."""
    if not blocks:
        return b""
    if BLIND_MODELS.search(model):
        raise WireError(
            _error(400, "ValidationException", "This model doesn't support the image content block")
        )
    picture = picture_in(blocks[0].image.source.bytes)
    if not picture or len(picture) > LARGEST_SHOWN:
        raise WireError(_error(400, "ValidationException", "Could not process image"))
    return picture


def _text_of(blocks: Sequence[_TextBlock]) -> str:
    return " ".join(block.text for block in blocks)
