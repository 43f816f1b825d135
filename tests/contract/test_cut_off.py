"""A text that its model could not finish is told as such, by every text protocol."""

import time
from typing import Any

import pytest

from chalicelib.config import load
from chalicelib.providers.base import EndsAt
from chalicelib.providers.registry import Providers
from tests.clocks import now_ms
from tests.contract.case import Answer
from tests.contract.servers import replay_server


def _chat(reason: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": "ALLOW"}
    return {"choices": [{"message": message, "finish_reason": reason}]}


def _gemini(reason: str) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": [{"text": "ALLOW"}]}, "finishReason": reason}]}


def _converse(reason: str) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": "ALLOW"}]}},
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
        "stopReason": reason,
    }


def _settings(provider: str, base_url: str) -> dict[str, str]:
    return {
        "MODEL_COUNT": "1",
        "MODEL_1_NAME": "A model under test",
        "MODEL_1_PROVIDER": provider,
        "MODEL_1_KEY": "a-key",
        "MODEL_1_BASE_URL": base_url,
        "PROMPT_MODEL_ID": "some-chat-model" if provider == "generic" else "",
        "AWS_ID": "an-id",
        "AWS_SECRET": "a-secret",
    }


@pytest.mark.parametrize(
    ("provider", "body", "finished"),
    [
        ("openai", _chat("stop"), True),
        ("openai", _chat("length"), False),
        ("generic", _chat("length"), False),
        ("google", _gemini("STOP"), True),
        ("google", _gemini("MAX_TOKENS"), False),
        ("bedrock", _converse("end_turn"), True),
        ("bedrock", _converse("max_tokens"), False),
    ],
)
def test_a_text_says_whether_it_was_finished(
    provider: str, body: dict[str, Any], finished: bool
) -> None:
    with replay_server([Answer(200, body)]) as server:
        settings = load(_settings(provider, server.origin))
        model = Providers(settings, lambda secret: secret.reveal(), now_ms).text()
        assert model is not None
        deadline = EndsAt(time.monotonic() + 20, time.monotonic)
        completion = model.complete("Judge it.", "a kite", 200, deadline)

    assert completion.finished is finished
