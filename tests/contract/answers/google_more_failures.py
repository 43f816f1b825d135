"""Documented answers of google: more failures."""

from tests.contract.case import Answer, Replay

REPLAYS = (
    Replay(
        "503 UNAVAILABLE",
        "gemini-nano-banana-2.1",
        (
            Answer(
                503,
                {
                    "error": {
                        "code": 503,
                        "message": "A message.",
                        "status": "UNAVAILABLE",
                        "details": [],
                    }
                },
            ),
        ),
        code="UNAVAILABLE",
    ),
    Replay(
        "504 DEADLINE_EXCEEDED",
        "gemini-nano-banana-2.1",
        (
            Answer(
                504,
                {
                    "error": {
                        "code": 504,
                        "message": "A message.",
                        "status": "DEADLINE_EXCEEDED",
                        "details": [],
                    }
                },
            ),
        ),
        code="TIMEOUT",
    ),
    Replay(
        "200: finishReason MALFORMED_FUNCTION_CALL, no content",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL", "index": 0}]}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        "200: finishReason MISSING_THOUGHT_SIGNATURE, no content",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "MISSING_THOUGHT_SIGNATURE", "index": 0}]}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        '400 "API key not valid" without details',
        "gemini-nano-banana-2.1",
        (
            Answer(
                400,
                {
                    "error": {
                        "code": 400,
                        "message": "API key not valid. Please pass a valid API key.",
                        "status": "INVALID_ARGUMENT",
                    }
                },
            ),
        ),
        code="BAD_KEY",
    ),
    Replay(
        '429 RESOURCE_EXHAUSTED "Your project has exceeded its monthly spending cap"',
        "gemini-nano-banana-2.1",
        (
            Answer(
                429,
                {
                    "error": {
                        "code": 429,
                        "message": (
                            "Your project has exceeded its monthly spending cap. Please go "
                            "to AI Studio at https://ai.studio/spend to manage your "
                            "project spend cap."
                        ),
                        "status": "RESOURCE_EXHAUSTED",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        requests=1,
    ),
    Replay(
        '429 free tier "limit: 0", RetryInfo 49.776915487s',
        "gemini-nano-banana-2.1",
        (
            Answer(
                429,
                {
                    "error": {
                        "code": 429,
                        "message": (
                            "You exceeded your current quota, please check your plan and "
                            "billing details. \n* Quota exceeded for metric: "
                            "generativelanguage.googleapis.com/generate_content_free_tier_r"
                            "equests, limit: 0, model: "
                            "gemini-2.5-flash-preview-image\nPlease retry in 49.776915487s."
                        ),
                        "status": "RESOURCE_EXHAUSTED",
                        "details": [
                            {
                                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                                "violations": [
                                    {
                                        "quotaMetric": (
                                            "generativelanguage.googleapis.com/"
                                            "generate_content_free_tier_requests"
                                        ),
                                        "quotaId": (
                                            "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
                                        ),
                                    }
                                ],
                            },
                            {
                                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                                "retryDelay": "49.776915487s",
                            },
                        ],
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "499 CANCELLED",
        "gemini-nano-banana-2.1",
        (
            Answer(
                499,
                {
                    "error": {
                        "code": 499,
                        "message": "The operation was cancelled.",
                        "status": "CANCELLED",
                    }
                },
            ),
        ),
        code="UNAVAILABLE|TIMEOUT|INTERRUPTED",
    ),
)
