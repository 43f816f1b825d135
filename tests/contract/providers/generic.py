"""What generic promises and documents."""

from tests.contract.answers import (
    gateway_accounts,
    gateway_models,
    gateway_refusals,
    more_pictures,
    more_wordings,
    texts,
)
from tests.contract.answers.wrapped import WRAPPED
from tests.contract.case import Answer, ModelCase, ProviderTests, Replay

SENDS = {"prompt": "a lamp", "n": 1, "size": "1024x1024"}
CASES = (
    ModelCase("generic", "hunyuan-image-3", sends={"model": "hunyuan-image-3", **SENDS}),
    ModelCase("generic", "answers-with-url", sends={"model": "answers-with-url", **SENDS}),
)
REPLAYS = (
    *WRAPPED,
    Replay(
        "base64",
        "hunyuan-image-3",
        (Answer(200, {"created": 1, "data": [{"b64_json": "{png}"}]}),),
    ),
    Replay(
        "data address",
        "hunyuan-image-3",
        (Answer(200, {"created": 1, "data": [{"url": "data:image/png;base64,{png}"}]}),),
    ),
    Replay(
        "web address",
        "hunyuan-image-3",
        (
            Answer(200, {"created": 1, "data": [{"url": "{origin}/x.png"}]}),
            Answer(200, picture=True, headers={"Content-Type": "image/png"}),
        ),
    ),
    Replay(
        "an SVG in a data address",
        "hunyuan-image-3",
        (Answer(200, {"created": 1, "data": [{"url": "data:text/html,<b>"}]}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        "metadata service",
        "hunyuan-image-3",
        (
            Answer(
                200, {"created": 1, "data": [{"url": "http://169.254.169.254/latest/meta-data"}]}
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "a file",
        "hunyuan-image-3",
        (Answer(200, {"created": 1, "data": [{"url": "file:///etc/passwd"}]}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        "401 with detail",
        "hunyuan-image-3",
        (Answer(401, {"detail": "Invalid token"}),),
        code="BAD_KEY",
    ),
    Replay(
        "402 with message",
        "hunyuan-image-3",
        (Answer(402, {"message": "Top up"}),),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "422 with details",
        "hunyuan-image-3",
        (Answer(422, {"detail": [{"loc": ["body", "n"], "msg": "no"}]}),),
        code="BAD_REQUEST",
    ),
    Replay("500 with a list", "hunyuan-image-3", (Answer(500, ["oops"]),), code="UNAVAILABLE"),
    Replay("409", "hunyuan-image-3", (Answer(409, {"message": "conflict"}),), code="BAD_REQUEST"),
    Replay(
        '200 b64_json "data:image/png;base64,…"',
        "some-image-model",
        (Answer(200, {"data": [{"b64_json": "data:image/png;base64,{png}"}]}),),
    ),
    Replay(
        "200 url null, respect_moderation false",
        "some-image-model",
        (
            Answer(
                200,
                {
                    "data": [{"url": None, "respect_moderation": False}],
                    "usage": {"cost_in_usd_ticks": 200000000},
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        '400 {"code":"400","error":"Argument not supported: size"}, then a picture without size',
        "some-image-model",
        (
            Answer(400, {"code": "400", "error": "Argument not supported: size"}),
            Answer(200, {"data": [{"b64_json": "{png}"}]}),
        ),
    ),
    Replay(
        (
            '400 {"code":"Client specified an invalid '
            'argument","error":"Incorrect API key provided: xa***"}'
        ),
        "some-image-model",
        (
            Answer(
                400,
                {
                    "code": "Client specified an invalid argument",
                    "error": (
                        "Incorrect API key provided: xa***. You can obtain an API key "
                        "from https://console.x.ai."
                    ),
                },
            ),
        ),
        code="BAD_KEY",
    ),
    Replay(
        (
            '403 {"code":"The caller does not have '
            'permission…","error":"…doesn\'t have any credits yet"}'
        ),
        "some-image-model",
        (
            Answer(
                403,
                {
                    "code": (
                        "The caller does not have permission to execute the specified operation"
                    ),
                    "error": (
                        "Your newly created team doesn't have any credits yet. You can "
                        "purchase credits on https://console.x.ai."
                    ),
                },
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "403 requires moderation, metadata.reasons, flagged_input",
        "some-image-model",
        (
            Answer(
                403,
                {
                    "error": {
                        "code": 403,
                        "message": (
                            "openai/gpt-image-2 requires moderation on OpenAI. Your input "
                            'was flagged for "violence". No credits were charged.'
                        ),
                        "metadata": {
                            "reasons": ["violence"],
                            "flagged_input": "…",
                            "provider_name": "OpenAI",
                            "model_slug": "openai/gpt-image-2",
                        },
                    }
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        '404 {"detail":"Not Found"}',
        "some-image-model",
        (Answer(404, {"detail": "Not Found"}),),
        code="BAD_REQUEST|UNAVAILABLE",
    ),
    Replay(
        "400 contentFilter",
        "some-image-model",
        (
            Answer(
                400,
                {
                    "created": 1698435368,
                    "error": {
                        "code": "contentFilter",
                        "message": "Your task failed as a result of our safety system.",
                    },
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        "429 type budget_exceeded",
        "some-image-model",
        (
            Answer(
                429,
                {
                    "error": {
                        "message": "Budget has been exceeded! Current cost: 5.0, Max budget: 1.0",
                        "type": "budget_exceeded",
                        "param": None,
                        "code": "429",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        requests=1,
    ),
    Replay(
        '403 {"code":30001,"message":"Sorry, your account balance is insufficient"}',
        "some-image-model",
        (
            Answer(
                403,
                {
                    "code": 30001,
                    "message": "Sorry, your account balance is insufficient",
                    "data": None,
                },
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "400 InputTextSensitiveContentDetected",
        "some-image-model",
        (
            Answer(
                400,
                {
                    "error": {
                        "code": "InputTextSensitiveContentDetected",
                        "message": (
                            "The request failed because the input text may contain "
                            "sensitive information."
                        ),
                        "param": "",
                        "type": "BadRequest",
                    }
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        "403 AccountOverdueError",
        "some-image-model",
        (
            Answer(
                403,
                {
                    "error": {
                        "code": "AccountOverdueError",
                        "message": (
                            "The request failed because your account has an overdue balance."
                        ),
                        "param": "",
                        "type": "Forbidden",
                    }
                },
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "text 200 content as a list [{thinking},{text}]",
        "some-chat-model",
        (
            Answer(
                200,
                {
                    "id": "m",
                    "choices": [
                        {
                            "index": 0,
                            "message": {
                                "role": "assistant",
                                "content": [
                                    {
                                        "type": "thinking",
                                        "thinking": [{"type": "text", "text": "hm"}],
                                    },
                                    {"type": "text", "text": "A lamp."},
                                ],
                            },
                            "finish_reason": "stop",
                        }
                    ],
                    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
                },
            ),
        ),
        text="A lamp.",
        of_text=True,
    ),
    Replay(
        "text 400 content_filter",
        "some-chat-model",
        (
            Answer(
                400,
                {
                    "error": {
                        "message": (
                            "The response was filtered due to the prompt triggering Azure "
                            "OpenAI's content management policy."
                        ),
                        "type": None,
                        "param": "prompt",
                        "code": "content_filter",
                        "status": 400,
                        "innererror": {"code": "ResponsibleAIPolicyViolation"},
                    }
                },
            ),
        ),
        code="REFUSED",
        of_text=True,
    ),
)
SIBLINGS = (
    *gateway_accounts.REPLAYS,
    *gateway_models.REPLAYS,
    *gateway_refusals.REPLAYS,
    *more_wordings.GENERIC,
    *more_pictures.GENERIC,
    *texts.GENERIC,
)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS))
