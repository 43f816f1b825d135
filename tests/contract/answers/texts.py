"""What text models answer: the answer is found, a refusal is one, and thinking is neither."""

from typing import Any

from tests.contract.case import Answer, Replay

CHAT, GEMINI, NOVA = "some-chat-model", "gemini-3.8-flash", "us.amazon.nova-2-lite-v1:0"


def _chat(content: object, finish: str = "stop", **more: object) -> Answer:
    message = {"role": "assistant", "content": content, **more}
    return Answer(200, {"choices": [{"index": 0, "message": message, "finish_reason": finish}]})


def _gemini(finish: str | None, *parts: dict[str, Any]) -> Answer:
    return Answer(200, {"candidates": [{"content": {"parts": list(parts)},
                                        "finishReason": finish}]})  # fmt: skip


def _converse(stop: str, *blocks: dict[str, Any]) -> Answer:
    usage = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
    return Answer(
        200,
        {
            "output": {"message": {"role": "assistant", "content": list(blocks)}},
            "usage": usage,
            "metrics": {"latencyMs": 1},
            "stopReason": stop,
        },
    )


def _is(name: str, model_id: str, answer: Answer, text: str) -> Replay:
    return Replay(name, model_id, (answer,), text=text, of_text=True)


def _fails(name: str, model_id: str, answer: Answer, code: str) -> Replay:
    return Replay(name, model_id, (answer,), code=code, of_text=True)


THOUGHT = {"type": "thinking", "thinking": "hm"}
GENERIC = (
    _is("a string", CHAT, _chat("A lamp."), "A lamp."),
    _is("thinking in tags", CHAT, _chat("<think>hm</think>A lamp."), "A lamp."),
    _is("thinking that nobody opened", CHAT, _chat("hm</think>A lamp."), "A lamp."),
    _is(
        "thinking in a field of its own", CHAT, _chat("A lamp.", reasoning_content="hm"), "A lamp."
    ),
    _is(
        "parts of texts",
        CHAT,
        _chat([{"type": "text", "text": "A "}, THOUGHT, {"type": "text", "text": "lamp."}]),
        "A lamp.",
    ),
    _is(
        "reasoning in a part",
        CHAT,
        _chat([{"type": "reasoning", "text": "hm"}, {"type": "output_text", "text": "A lamp."}]),
        "A lamp.",
    ),
    _fails("only thinking in tags", CHAT, _chat("<think>hm"), "BAD_RESPONSE"),
    _fails("only thinking in parts", CHAT, _chat([THOUGHT]), "BAD_RESPONSE"),
    _fails("only thinking in a field", CHAT, _chat(None, reasoning_content="hm"), "BAD_RESPONSE"),
    *(
        _fails(f"ended by {end}", CHAT, _chat("A lamp by", end), "REFUSED")
        for end in ("content_filter", "content_filtered", "refusal", "SAFETY", "sensitive")
    ),
    _fails("a refusal beside a text", CHAT, _chat("", refusal="No."), "REFUSED"),
    _fails("no choices", CHAT, Answer(200, {"choices": []}), "BAD_RESPONSE"),
    _fails(
        "a refusal in place of choices",
        CHAT,
        Answer(200, {"error": {"code": 403, "message": "flagged by moderation"}}),
        "REFUSED",
    ),
    _fails(
        "a page",
        CHAT,
        Answer(200, raw="<html>", headers={"Content-Type": "text/html"}),
        "BAD_REQUEST",
    ),
)
GOOGLE = (
    _is(
        "thoughts first",
        GEMINI,
        _gemini("STOP", {"text": "hm", "thought": True}, {"text": "A lamp."}),
        "A lamp.",
    ),
    *(
        _fails(f"text ended by {end}", GEMINI, _gemini(end, {"text": "A lamp by"}), "REFUSED")
        for end in ("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION")
    ),
    _fails(
        "only thoughts", GEMINI, _gemini("STOP", {"text": "hm", "thought": True}), "BAD_RESPONSE"
    ),
    _fails(
        "a blocked prompt",
        GEMINI,
        Answer(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}),
        "REFUSED",
    ),
)
BEDROCK = (
    _is("reasoning first", NOVA,
        _converse("end_turn", {"reasoningContent": {"reasoningText": {"text": "hm"}}},
                  {"text": "A lamp."}), "A lamp."),
    *(_fails(f"stopped by {stop}", NOVA, _converse(stop, {"text": "A lamp by"}), "REFUSED")
      for stop in ("content_filtered", "guardrail_intervened", "refusal")),
    _fails("only reasoning", NOVA,
           _converse("end_turn", {"reasoningContent": {"reasoningText": {"text": "hm"}}}),
           "BAD_RESPONSE"),
)  # fmt: skip
