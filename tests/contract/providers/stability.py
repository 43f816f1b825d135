"""What stability promises and documents."""

from tests.contract.answers import more_pictures, more_wordings, other_wordings
from tests.contract.case import Answer, ModelCase, ProviderTests, Replay

SENDS = {"prompt": "a lamp", "aspect_ratio": "1:1", "output_format": "png"}
CASES = (
    ModelCase("stability", "ultra", sends=SENDS),
    ModelCase("stability", "sd3.5-large-turbo", sends={"model": "sd3.5-large-turbo", **SENDS}),
)
REPLAYS = (
    Replay(
        "picture as bytes",
        "sd3.5-large",
        (
            Answer(
                200,
                picture=True,
                headers={"Content-Type": "image/png", "finish-reason": "SUCCESS", "seed": "7"},
            ),
        ),
        seed=7,
    ),
    Replay(
        "blurred picture",
        "sd3.5-large",
        (
            Answer(
                200,
                picture=True,
                headers={
                    "Content-Type": "image/png",
                    "finish-reason": "CONTENT_FILTERED",
                    "seed": "7",
                },
            ),
        ),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "400 bad_request",
        "sd3.5-large",
        (Answer(400, {"id": "1", "name": "bad_request", "errors": ["A message."]}),),
        code="BAD_REQUEST",
    ),
    Replay(
        "401 unauthorized",
        "sd3.5-large",
        (Answer(401, {"id": "1", "name": "unauthorized", "errors": ["A message."]}),),
        code="BAD_KEY",
    ),
    Replay(
        "402 payment_required",
        "sd3.5-large",
        (Answer(402, {"id": "1", "name": "payment_required", "errors": ["A message."]}),),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "403 payment_required",
        "sd3.5-large",
        (Answer(403, {"id": "1", "name": "payment_required", "errors": ["A message."]}),),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "403 content_moderation",
        "sd3.5-large",
        (Answer(403, {"id": "1", "name": "content_moderation", "errors": ["A message."]}),),
        code="REFUSED",
    ),
    Replay(
        "403 forbidden",
        "sd3.5-large",
        (Answer(403, {"id": "1", "name": "forbidden", "errors": ["A message."]}),),
        code="BAD_KEY",
    ),
    Replay(
        "404 not_found",
        "sd3.5-large",
        (Answer(404, {"id": "1", "name": "not_found", "errors": ["A message."]}),),
        code="MODEL_RETIRED",
    ),
    Replay(
        "413 payload_too_large",
        "sd3.5-large",
        (Answer(413, {"id": "1", "name": "payload_too_large", "errors": ["A message."]}),),
        code="BAD_REQUEST",
    ),
    Replay(
        "422 invalid_language",
        "sd3.5-large",
        (Answer(422, {"id": "1", "name": "invalid_language", "errors": ["A message."]}),),
        code="BAD_REQUEST",
    ),
    Replay(
        "500 internal_error",
        "sd3.5-large",
        (Answer(500, {"id": "1", "name": "internal_error", "errors": ["A message."]}),),
        code="UNAVAILABLE",
    ),
    Replay(
        "lock-out without a hint",
        "sd3.5-large",
        (Answer(429, {"id": "1", "name": "rate_limit_exceeded", "errors": ["A message."]}),),
        code="RATE_LIMITED",
        retry_after=60.0,
    ),
    Replay(
        "lock-out with a hint",
        "sd3.5-large",
        (
            Answer(
                429,
                {"id": "1", "name": "rate_limit_exceeded", "errors": ["A message."]},
                headers={"Retry-After": "20"},
            ),
        ),
        code="RATE_LIMITED",
        retry_after=20.0,
    ),
    Replay(
        "429 insufficient_balance (v1 name)",
        "sd3.5-large",
        (
            Answer(
                429,
                {
                    "id": "a",
                    "name": "insufficient_balance",
                    "message": (
                        "Your organization does not have enough balance to request this action."
                    ),
                },
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
)
SIBLINGS = (*other_wordings.STABILITY, *more_wordings.STABILITY, *more_pictures.STABILITY)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS))
