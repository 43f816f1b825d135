"""Documented answers of openai: failures."""

from tests.contract.case import Answer, Replay

REPLAYS = (
    Replay(
        "401 invalid_api_key",
        "gpt-image-2.5-flare",
        (
            Answer(
                401,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "invalid_api_key",
                    }
                },
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "403 unverified organisation",
        "gpt-image-2.5-flare",
        (
            Answer(
                403,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": None,
                    }
                },
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "429 insufficient_quota",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "insufficient_quota",
                        "param": None,
                        "code": "insufficient_quota",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "429 credit_balance_exhausted",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "insufficient_quota",
                        "param": None,
                        "code": "credit_balance_exhausted",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "429 organization_spend_limit_exceeded",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "insufficient_quota",
                        "param": None,
                        "code": "organization_spend_limit_exceeded",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "429 project_spend_limit_exceeded",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "insufficient_quota",
                        "param": None,
                        "code": "project_spend_limit_exceeded",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "429 organization_usage_limit_exceeded",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "insufficient_quota",
                        "param": None,
                        "code": "organization_usage_limit_exceeded",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "400 billing_hard_limit_reached",
        "gpt-image-2.5-flare",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": "A message.",
                        "type": "image_generation_user_error",
                        "param": None,
                        "code": "billing_hard_limit_reached",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "429 rate_limit_exceeded",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "rate_limit_exceeded",
                        "param": None,
                        "code": "rate_limit_exceeded",
                    }
                },
            ),
        ),
        code="RATE_LIMITED",
        billed="no",
    ),
    Replay(
        "429 slow_down",
        "gpt-image-2.5-flare",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "A message.",
                        "type": "rate_limit_exceeded",
                        "param": None,
                        "code": "slow_down",
                    }
                },
            ),
        ),
        code="RATE_LIMITED",
        billed="no",
    ),
    Replay(
        "400 content_policy_violation",
        "gpt-image-2.5-flare",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": "A message.",
                        "type": "image_generation_user_error",
                        "param": None,
                        "code": "content_policy_violation",
                    }
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "404 model_not_found",
        "gpt-image-2.5-flare",
        (
            Answer(
                404,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "model_not_found",
                    }
                },
            ),
        ),
        code="MODEL_RETIRED",
        billed="no",
    ),
    Replay(
        "400 model_not_found",
        "gpt-image-2.5-flare",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "model_not_found",
                    }
                },
            ),
        ),
        code="MODEL_RETIRED",
        billed="no",
    ),
    Replay(
        "400 invalid_value",
        "gpt-image-2.5-flare",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": "A message.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "invalid_value",
                    }
                },
            ),
        ),
        code="BAD_REQUEST",
        billed="no",
    ),
    Replay(
        "500 server_error",
        "gpt-image-2.5-flare",
        (
            Answer(
                500,
                {
                    "error": {
                        "message": "A message.",
                        "type": "server_error",
                        "param": None,
                        "code": "server_error",
                    }
                },
            ),
        ),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        "503 server_is_overloaded",
        "gpt-image-2.5-flare",
        (
            Answer(
                503,
                {
                    "error": {
                        "message": "A message.",
                        "type": "server_error",
                        "param": None,
                        "code": "server_is_overloaded",
                    }
                },
            ),
        ),
        code="UNAVAILABLE",
        billed="no",
    ),
    Replay(
        "moderation of the prompt",
        "gpt-image-2.5-flare",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": "A message.",
                        "type": "image_generation_user_error",
                        "param": None,
                        "code": "moderation_blocked",
                        "moderation_details": {
                            "moderation_stage": "input",
                            "categories": ["violence"],
                        },
                    }
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "moderation of the picture",
        "gpt-image-2.5-flare",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": "A message.",
                        "type": "image_generation_user_error",
                        "param": None,
                        "code": "moderation_blocked",
                        "moderation_details": {
                            "moderation_stage": "output",
                            "categories": ["violence"],
                        },
                    }
                },
            ),
        ),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "rate limit in milliseconds",
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
                headers={"retry-after-ms": "2500", "Retry-After": "3"},
            ),
        ),
        code="RATE_LIMITED",
        retry_after=2.5,
    ),
)
