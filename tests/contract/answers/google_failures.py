"""Documented answers of google: failures."""

from tests.contract.case import Answer, Replay

REPLAYS = (
    Replay(
        "prompt blocked: SAFETY",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "promptFeedback": {"blockReason": "SAFETY"},
                    "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8},
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "prompt blocked: PROHIBITED_CONTENT",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                    "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8},
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "prompt blocked: IMAGE_SAFETY",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "promptFeedback": {"blockReason": "IMAGE_SAFETY"},
                    "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8},
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "prompt blocked: OTHER",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "promptFeedback": {"blockReason": "OTHER"},
                    "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8},
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "candidate ended: SAFETY",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "SAFETY"}]}),),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "candidate ended: IMAGE_SAFETY",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "IMAGE_SAFETY"}]}),),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "candidate ended: IMAGE_PROHIBITED_CONTENT",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "IMAGE_PROHIBITED_CONTENT"}]}),),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "candidate ended: IMAGE_RECITATION",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "IMAGE_RECITATION"}]}),),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "candidate ended: NO_IMAGE",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "NO_IMAGE"}]}),),
        code="BAD_RESPONSE",
        billed="unknown",
    ),
    Replay(
        "candidate ended: IMAGE_OTHER",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": [{"finishReason": "IMAGE_OTHER"}]}),),
        code="BAD_RESPONSE",
        billed="unknown",
    ),
    Replay(
        "words in place of a picture",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "candidates": [
                        {
                            "content": {
                                "role": "model",
                                "parts": [{"text": "I cannot draw that."}],
                            },
                            "finishReason": "STOP",
                        }
                    ]
                },
            ),
        ),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "ended by length",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "candidates": [
                        {
                            "content": {"role": "model", "parts": [{"text": "A"}]},
                            "finishReason": "MAX_TOKENS",
                        }
                    ]
                },
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "no candidate at all",
        "gemini-nano-banana-2.1",
        (Answer(200, {"candidates": []}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        "bad key",
        "gemini-nano-banana-2.1",
        (
            Answer(
                400,
                {
                    "error": {
                        "code": 400,
                        "message": "API key not valid. Please pass a valid API key.",
                        "status": "INVALID_ARGUMENT",
                        "details": [
                            {
                                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                                "reason": "API_KEY_INVALID",
                                "domain": "googleapis.com",
                            }
                        ],
                    }
                },
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "bad request",
        "gemini-nano-banana-2.1",
        (
            Answer(
                400,
                {
                    "error": {
                        "code": 400,
                        "message": "Invalid value.",
                        "status": "INVALID_ARGUMENT",
                        "details": [],
                    }
                },
            ),
        ),
        code="BAD_REQUEST",
    ),
    Replay(
        "rate limit with RetryInfo",
        "gemini-nano-banana-2.1",
        (
            Answer(
                429,
                {
                    "error": {
                        "code": 429,
                        "message": (
                            "You exceeded your current quota, please check your plan and "
                            "billing details."
                        ),
                        "status": "RESOURCE_EXHAUSTED",
                        "details": [
                            {"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
                            {
                                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                                "retryDelay": "34s",
                            },
                        ],
                    }
                },
            ),
        ),
        code="RATE_LIMITED",
        retry_after=34.0,
    ),
    Replay(
        "prepaid credits gone",
        "gemini-nano-banana-2.1",
        (
            Answer(
                429,
                {
                    "error": {
                        "code": 429,
                        "message": "Your prepayment credits are depleted.",
                        "status": "RESOURCE_EXHAUSTED",
                        "details": [],
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "payment required",
        "gemini-nano-banana-2.1",
        (
            Answer(
                402,
                {
                    "error": {
                        "code": 402,
                        "message": "Your prepayment credits are depleted.",
                        "status": "FAILED_PRECONDITION",
                        "details": [],
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "403 PERMISSION_DENIED",
        "gemini-nano-banana-2.1",
        (
            Answer(
                403,
                {
                    "error": {
                        "code": 403,
                        "message": "A message.",
                        "status": "PERMISSION_DENIED",
                        "details": [],
                    }
                },
            ),
        ),
        code="BAD_KEY",
    ),
    Replay(
        "404 NOT_FOUND",
        "gemini-nano-banana-2.1",
        (
            Answer(
                404,
                {
                    "error": {
                        "code": 404,
                        "message": "A message.",
                        "status": "NOT_FOUND",
                        "details": [],
                    }
                },
            ),
        ),
        code="MODEL_RETIRED",
    ),
)
