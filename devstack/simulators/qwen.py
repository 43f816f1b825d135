"""Qwen on Alibaba's Model Studio: multimodal generation that answers with links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from aiohttp import web
from pydantic import Field
from pydantic_core import ErrorDetails

from devstack.simulators.simulator import Simulator
from devstack.simulators.wire import Answer, Strict, WireError, bearer_key, field_of

MODELS = frozenset({"qwen-image-3.0", "qwen-image-3.0-pro", "qwen-image-2.0", "qwen-image-2.0-pro"})
PATH = "/api/v1/services/aigc/multimodal-generation/generation"
MIN_PIXELS = 512 * 512
MAX_PIXELS = 2048 * 2048
MAX_PROMPT = 10_000


class _Content(Strict):
    text: str


class _Message(Strict):
    role: Literal["user"]
    content: list[_Content] = Field(min_length=1, max_length=1)


class _Input(Strict):
    messages: list[_Message] = Field(min_length=1, max_length=1)


class _Parameters(Strict):
    size: str = Field(default="1024*1024", pattern=r"^[1-9]\d{2,3}\*[1-9]\d{2,3}$")
    n: Literal[1] = 1
    seed: int = Field(default=0, ge=0, le=2_147_483_647)
    negative_prompt: str = Field(default="", max_length=500)
    prompt_extend: bool = True
    watermark: bool = False


class _Body(Strict):
    model: str
    input: _Input
    parameters: _Parameters = _Parameters()


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"code": code, "message": message, "request_id": "simulated"})


class Qwen(Simulator):
    """The multimodal generation call of dashscope-intl.aliyuncs.com."""

    id = "qwen"
    base_path = "/qwen"
    style = "relief"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "refuse": _error(
            400, "DataInspectionFailed", "Input data may contain inappropriate content."
        ),
        "rate_limit": _error(429, "Throttling.RateQuota", "Requests rate limit exceeded."),
        "server_error": _error(500, "InternalError", "An internal error has occurred."),
        "no_credit": _error(
            400, "Arrearage", "Access denied, please make sure your account is in good standing."
        ),
        "retired": _error(404, "ModelNotFound", "Model not exist."),
        "bad_key": _error(401, "InvalidApiKey", "Invalid API-key provided."),
    }

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the one route."""
        return [web.post(self.base_path + PATH, self._generate)]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for the first invalid field of a body."""
        problem = problems[0]
        return _error(400, "InvalidParameter", f"{field_of(problem)}: {problem['msg']}")

    def check_key(self, request: web.Request) -> None:
        """Require the key in a Bearer header."""
        self.require_key(bearer_key(request), _error(401, "InvalidApiKey", "No API-key provided."))

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        body = await self.read_json(request, _Body)
        if body.model not in MODELS:
            raise WireError(self.fault_answers["retired"])
        prompt = body.input.messages[0].content[0].text
        if not 1 <= len(prompt.strip()) <= MAX_PROMPT:
            raise _bad_parameter(f"The text must have 1 to {MAX_PROMPT} characters.")
        size = _pixels(body.parameters.size)
        faults = await self.work(body.model, prompt)
        spec = self.spec(body.model, prompt, *size, seed=body.parameters.seed)
        url = await self.backend.picture_url(spec, faults)
        return web.json_response(self._answer(url, size))

    def _answer(self, url: str, size: tuple[int, int]) -> dict[str, object]:
        message = {"role": "assistant", "content": [{"image": url}]}
        return {
            "output": {"choices": [{"finish_reason": "stop", "message": message}]},
            "usage": {"image_count": 1, "width": size[0], "height": size[1]},
            "request_id": self.backend.new_id(),
        }


def _pixels(size: str) -> tuple[int, int]:
    width, height = (int(edge) for edge in size.split("*"))
    if not MIN_PIXELS <= width * height <= MAX_PIXELS:
        raise _bad_parameter("size: the pixels must be between 512*512 and 2048*2048.")
    return width, height


def _bad_parameter(message: str) -> WireError:
    return WireError(_error(400, "InvalidParameter", message))
