"""Chat Completions and Responses, the two text protocols of OpenAI and its compatibles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from devstack.simulators.openai_errors import openai_error
from devstack.simulators.provider import Provider
from devstack.simulators.studio import Order
from devstack.simulators.texts import Reply, reply_to
from devstack.simulators.wire import WireError

TEXT_REFUSAL = openai_error(
    400, "Your prompt was flagged by our usage policies.", code="content_policy_violation"
)
SYSTEM_ROLES = ("system", "developer")


class _TextPart(BaseModel):
    model_config = ConfigDict(strict=True)
    type: Literal["text", "input_text"]
    text: str


class _Message(BaseModel):
    """A message; its content is text, or parts of text."""

    model_config = ConfigDict(extra="forbid", strict=True)
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[_TextPart]
    type: Literal["message"] = "message"

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, str):
            return self.content
        return " ".join(part.text for part in self.content)


class _TextBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    model: str
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    stream: Literal[False] = False
    store: bool | None = None
    safety_identifier: str | None = None


class _ChatBody(_TextBody):
    messages: list[_Message] = Field(min_length=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    n: Literal[1] = 1
    seed: int | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high"] | None = None


class _ResponsesBody(_TextBody):
    input: str | list[_Message]
    instructions: str | None = None
    max_output_tokens: int | None = Field(default=None, ge=16)
    reasoning: dict[str, Any] | None = None
    text: dict[str, Any] | None = None


class OpenAIText:
    """The text routes of one provider that speaks OpenAI's protocol."""

    def __init__(self, provider: Provider, check_model: Callable[[str], None]) -> None:
        self._provider = provider
        self._failures = {**provider.failures, "refuse": TEXT_REFUSAL}
        self._check_model = check_model

    def routes(self) -> Sequence[web.RouteDef]:
        """Both protocols, under the provider's base path."""
        base = self._provider.base_path
        return [
            web.post(f"{base}/chat/completions", self._chat),
            web.post(f"{base}/responses", self._responses),
        ]

    async def _chat(self, request: web.Request) -> web.Response:
        self._provider.check_key(request)
        body = await self._provider.read_json(request, _ChatBody)
        reply = await self._reply(body.model, *_split(body.messages))
        return web.json_response(_chat_completion(body.model, reply, self._provider.studio.now()))

    async def _responses(self, request: web.Request) -> web.Response:
        self._provider.check_key(request)
        body = await self._provider.read_json(request, _ResponsesBody)
        system, user = ("", body.input) if isinstance(body.input, str) else _split(body.input)
        reply = await self._reply(body.model, f"{body.instructions or ''} {system}", user)
        return web.json_response(_response(body.model, reply, self._provider.studio.now()))

    async def _reply(self, model: str, system: str, user: str) -> Reply:
        self._check_model(model)
        if not user.strip():
            raise WireError(openai_error(400, "There is no user message.", param="messages"))
        order = Order(self._provider.id, model, user, kind="text")
        await self._provider.studio.work(order, self._failures)
        return reply_to(system, user)


def _split(messages: Sequence[_Message]) -> tuple[str, str]:
    """The instructions, and the last thing the user said."""
    system = " ".join(message.text for message in messages if message.role in SYSTEM_ROLES)
    user = [message.text for message in messages if message.role == "user"]
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


def _response(model: str, reply: Reply, created: int) -> dict[str, object]:
    content = {"type": "output_text", "text": reply.text, "annotations": []}
    message = {
        "type": "message",
        "id": "msg_simulated",
        "status": "completed",
        "role": "assistant",
        "content": [content],
    }
    return {
        "id": "resp_simulated",
        "object": "response",
        "created_at": created,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": model,
        "output": [message],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": reply.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": reply.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.input_tokens + reply.output_tokens,
        },
    }
