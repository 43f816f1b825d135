"""What bedrock promises and documents."""

from tests.contract.answers import more_pictures, other_wordings, texts
from tests.contract.case import Answer, ModelCase, ProviderTests, Replay

SENDS = {"prompt": "a lamp", "aspect_ratio": "1:1", "output_format": "png"}
CASES = (
    ModelCase("bedrock", "stability.sd3-5-large-v1:0", sends=SENDS),
    ModelCase("bedrock", "stability.stable-image-core-v1:1", sends=SENDS),
)
REPLAYS = (
    Replay(
        "picture",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"seeds": [4294967294], "finish_reasons": [None], "images": ["{png}"]}),),
        seed=4294967294,
    ),
    Replay(
        "Filter reason: prompt",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"seeds": [0], "finish_reasons": ["Filter reason: prompt"]}),),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "Filter reason: output image",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"seeds": [0], "finish_reasons": ["Filter reason: output image"]}),),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "Filter reason: input image",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"seeds": [0], "finish_reasons": ["Filter reason: input image"]}),),
        code="REFUSED",
        billed="unknown",
    ),
    Replay(
        "Inference error",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"seeds": [0], "finish_reasons": ["Inference error"]}),),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        "UnrecognizedClientException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                403,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "UnrecognizedClientException"},
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "InvalidSignatureException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                403,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "InvalidSignatureException"},
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "ExpiredTokenException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                403,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "ExpiredTokenException"},
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "AccessDeniedException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                403,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "AccessDeniedException"},
            ),
        ),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "ResourceNotFoundException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                404,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "ResourceNotFoundException"},
            ),
        ),
        code="MODEL_RETIRED",
        billed="no",
    ),
    Replay(
        "ThrottlingException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                429, {"message": "A message."}, headers={"x-amzn-ErrorType": "ThrottlingException"}
            ),
        ),
        code="RATE_LIMITED",
        billed="no",
    ),
    Replay(
        "ModelNotReadyException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                429,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "ModelNotReadyException"},
            ),
        ),
        code="UNAVAILABLE",
        billed="no",
    ),
    Replay(
        "ServiceQuotaExceededException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                400,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "ServiceQuotaExceededException"},
            ),
        ),
        code="RATE_LIMITED",
        billed="no",
    ),
    Replay(
        "ValidationException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                400, {"message": "A message."}, headers={"x-amzn-ErrorType": "ValidationException"}
            ),
        ),
        code="BAD_REQUEST",
        billed="no",
    ),
    Replay(
        "ModelTimeoutException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                408,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "ModelTimeoutException"},
            ),
        ),
        code="TIMEOUT",
        billed="unknown",
    ),
    Replay(
        "ModelErrorException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                424, {"message": "A message."}, headers={"x-amzn-ErrorType": "ModelErrorException"}
            ),
        ),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        "InternalServerException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                500,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "InternalServerException"},
            ),
        ),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        "ServiceUnavailableException",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                503,
                {"message": "A message."},
                headers={"x-amzn-ErrorType": "ServiceUnavailableException"},
            ),
        ),
        code="UNAVAILABLE",
        billed="no",
    ),
    Replay(
        "access refused to a legacy model",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                403,
                {"message": "Access denied. This Model is marked by provider as Legacy."},
                headers={"x-amzn-ErrorType": "AccessDeniedException"},
            ),
        ),
        code="MODEL_RETIRED",
    ),
    Replay(
        "an error whose code is no text",
        "stability.sd3-5-large-v1:0",
        (Answer(400, {"code": [], "message": {}}),),
        code="BAD_RESPONSE",
        billed="unknown",
    ),
    Replay(
        '200 {"status":"Request Moderated","details":{"Moderation Reasons":[…]}}',
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                200,
                {
                    "id": "i",
                    "status": "Request Moderated",
                    "result": None,
                    "progress": None,
                    "details": {"Moderation Reasons": ["Derivative Works Filter"]},
                    "preview": None,
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        "403 AccessDeniedException INVALID_PAYMENT_INSTRUMENT",
        "stability.sd3-5-large-v1:0",
        (
            Answer(
                403,
                {
                    "message": (
                        "Model access is denied due to INVALID_PAYMENT_INSTRUMENT: A "
                        "valid payment instrument must be provided. Your AWS "
                        "Marketplace subscription for this model cannot be completed "
                        "at this time."
                    )
                },
                headers={"x-amzn-ErrorType": "AccessDeniedException"},
            ),
        ),
        code="OUT_OF_CREDIT",
    ),
)
OWN_WAYS = {
    # Bedrock bills the AWS account and knows no empty one.
    "no_credit": "picture",
}
SIBLINGS = (*other_wordings.BEDROCK, *more_pictures.BEDROCK, *texts.BEDROCK)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS), OWN_WAYS)
