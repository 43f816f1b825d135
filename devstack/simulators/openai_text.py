"""Chat Completions, the text protocol of OpenAI and its compatibles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field

from devstack.simulators.backend import Order
from devstack.simulators.openai_errors import openai_error
from devstack.simulators.simulator import Simulator
from devstack.simulators.texts import Reply, picture_in, reply_to
from devstack.simulators.wire import Strict, WireError

TEXT_REFUSAL = openai_error(
    400, "Your prompt was flagged by our usage policies.", code="content_policy_violation"
)


class _TextPart(Strict):
    type: Literal["text"]
    text: str


class _ImageAddress(Strict):
    url: str = Field(pattern=r"^data:image/(png|jpeg|webp|gif);base64,")
    detail: Literal["auto", "low", "high"] = "auto"


class _ImagePart(Strict):
    type: Literal["image_url"]
    image_url: _ImageAddress


class _Message(Strict):
    role: Literal["system", "user"]
    content: str | list[_TextPart | _ImagePart]

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, str):
            return self.content
        return " ".join(part.text for part in self.content if isinstance(part, _TextPart))

    @property
    def picture(self) -> bytes:
        """The picture that it shows; raises the refusal of one that is none."""
        shown = [part for part in self.content if isinstance(part, _ImagePart)]
        if not shown:
            return b""
        picture = picture_in(shown[0].image_url.url.partition(",")[2])
        if not picture:
            raise WireError(openai_error(400, "You uploaded an unsupported image."))
        return picture


class _ChatBody(Strict):
    model: str
    messages: list[_Message] = Field(min_length=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high"] | None = None


class OpenAIText:
    """The text route of one provider that speaks OpenAI's protocol."""

    def __init__(self, provider: Simulator, check_model: Callable[[str], None]) -> None:
        self._provider = provider
        self._failures = {**provider.fault_answers, "refuse": TEXT_REFUSAL}
        self._check_model = check_model

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the one route, under the provider's base path."""
        return [web.post(f"{self._provider.base_path}/chat/completions", self._chat)]

    async def _chat(self, request: web.Request) -> web.Response:
        self._provider.check_key(request)
        body = await self._provider.read_json(request, _ChatBody)
        user = [message for message in body.messages if message.role == "user"]
        system = " ".join(each.text for each in body.messages if each.role == "system")
        picture = user[-1].picture if user else b""
        reply = await self._reply(body.model, system, user[-1].text if user else "", picture)
        return web.json_response(_chat_completion(body.model, reply, self._provider.backend.now()))

    async def _reply(self, model: str, system: str, user: str, picture: bytes) -> Reply:
        self._check_model(model)
        if not user.strip():
            raise WireError(openai_error(400, "There is no user message.", param="messages"))
        order = Order(self._provider.id, model, user, kind="text")
        await self._provider.backend.work(order, self._failures)
        return reply_to(system, user, picture)


def _chat_completion(model: str, reply: Reply, created: int) -> dict[str, object]:
    message = {"role": "assistant", "content": reply.text, "refusal": None}
    return {
        "id": "chatcmpl-simulated",
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": reply.input_tokens,
            "completion_tokens": reply.output_tokens,
            "total_tokens": reply.input_tokens + reply.output_tokens,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    }
