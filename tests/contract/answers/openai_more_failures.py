"""Documented answers of openai: more failures."""

from tests.contract.case import Answer, Replay

REPLAYS = (
    Replay(
        "rate limit in seconds",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "rate_limit_exceeded",
                    }
                },
                headers={"Retry-After": "40"},
            ),
        ),
        code="RATE_LIMITED",
        retry_after=40.0,
    ),
    Replay(
        "rate limit until a date",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "rate_limit_exceeded",
                    }
                },
                headers={"Retry-After": "Sat, 21 Nov 2026 10:00:00 GMT"},
            ),
        ),
        code="RATE_LIMITED",
    ),
    Replay(
        "a gateway's error page in JSON",
        "gpt-image-2.5-flare",
        (Answer(502, "Bad gateway"),),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        '404 "Invalid URL (POST /images/generations)"',
        "gpt-image-2.6-flare",
        (
            Answer(
                404,
                {
                    "error": {
                        "message": "Invalid URL (POST /images/generations)",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": None,
                    }
                },
            ),
        ),
        code="BAD_REQUEST|UNAVAILABLE",
    ),
    Replay(
        "text 200 finish_reason content_filter, content null",
        "gpt-6-luna",
        (
            Answer(
                200,
                {
                    "id": "c",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "m",
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": None},
                            "finish_reason": "content_filter",
                        }
                    ],
                    "usage": {"prompt_tokens": 30, "completion_tokens": 12, "total_tokens": 42},
                },
            ),
        ),
        code="REFUSED",
        of_text=True,
    ),
    Replay(
        "text 200 finish_reason content_filter, content cut short",
        "gpt-6-luna",
        (
            Answer(
                200,
                {
                    "id": "c",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "m",
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": "A lamp by"},
                            "finish_reason": "content_filter",
                        }
                    ],
                    "usage": {"prompt_tokens": 30, "completion_tokens": 12, "total_tokens": 42},
                },
            ),
        ),
        code="REFUSED",
        of_text=True,
    ),
    Replay(
        'text 400 invalid_prompt "flagged as potentially violating our usage policy"',
        "gpt-6-luna",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": (
                            "Invalid prompt: your prompt was flagged as potentially "
                            "violating our usage policy. Please try again with a different "
                            "prompt."
                        ),
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "invalid_prompt",
                    }
                },
            ),
        ),
        code="REFUSED",
        of_text=True,
    ),
)
