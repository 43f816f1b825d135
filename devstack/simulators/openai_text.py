"""Chat Completions, the text protocol of OpenAI and its compatibles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field

from devstack.simulators.backend import Order
from devstack.simulators.openai_errors import openai_error
from devstack.simulators.simulator import Simulator
from devstack.simulators.texts import Reply, reply_to
from devstack.simulators.wire import Strict, WireError

TEXT_REFUSAL = openai_error(
    400, "Your prompt was flagged by our usage policies.", code="content_policy_violation"
)


class _Message(Strict):
    role: Literal["system", "user"]
    content: str


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
        reply = await self._reply(body.model, *_split(body.messages))
        return web.json_response(_chat_completion(body.model, reply, self._provider.backend.now()))

    async def _reply(self, model: str, system: str, user: str) -> Reply:
        self._check_model(model)
        if not user.strip():
            raise WireError(openai_error(400, "There is no user message.", param="messages"))
        order = Order(self._provider.id, model, user, kind="text")
        await self._provider.backend.work(order, self._failures)
        return reply_to(system, user)


def _split(messages: Sequence[_Message]) -> tuple[str, str]:
    """Return the instructions and the user's last message."""
    system = " ".join(message.content for message in messages if message.role == "system")
    user = [message.content for message in messages if message.role == "user"]
    return system, user[-1] if user else ""


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
