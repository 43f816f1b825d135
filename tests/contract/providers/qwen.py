"""What qwen promises and documents."""

from tests.contract.answers import more_pictures, other_wordings
from tests.contract.case import Answer, ModelCase, ProviderTests, Replay

SENDS = {
    "model": "qwen-image-3.0",
    "input": {"messages": [{"role": "user", "content": [{"text": "a lamp"}]}]},
    "parameters": {"size": "1024*1024", "n": 1, "prompt_extend": False, "watermark": False},
}
CASES = (ModelCase("qwen", "qwen-image-3.0", sends=SENDS),)
REPLAYS = (
    Replay(
        "picture's address",
        "qwen-image-2.0",
        (
            Answer(
                200,
                {
                    "output": {
                        "choices": [
                            {
                                "finish_reason": "stop",
                                "message": {
                                    "role": "assistant",
                                    "content": [{"image": "{origin}/x.png?Expires=1"}],
                                },
                            }
                        ]
                    },
                    "usage": {"image_count": 1, "width": 1024, "height": 1024},
                    "request_id": "r1",
                },
            ),
            Answer(200, picture=True, headers={"Content-Type": "image/png"}),
        ),
    ),
    Replay(
        "a picture's address elsewhere",
        "qwen-image-2.0",
        (
            Answer(
                200,
                {
                    "output": {
                        "choices": [
                            {"message": {"content": [{"image": "http://169.254.169.254/latest"}]}}
                        ]
                    }
                },
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "401 InvalidApiKey",
        "qwen-image-2.0",
        (Answer(401, {"code": "InvalidApiKey", "message": "A message.", "request_id": "r1"}),),
        code="BAD_KEY",
    ),
    Replay(
        "400 InvalidApiKey",
        "qwen-image-2.0",
        (Answer(400, {"code": "InvalidApiKey", "message": "A message.", "request_id": "r1"}),),
        code="BAD_KEY",
    ),
    Replay(
        "429 Throttling.RateQuota",
        "qwen-image-2.0",
        (
            Answer(
                429, {"code": "Throttling.RateQuota", "message": "A message.", "request_id": "r1"}
            ),
        ),
        code="RATE_LIMITED",
    ),
    Replay(
        "429 Throttling.AllocationQuota",
        "qwen-image-2.0",
        (
            Answer(
                429,
                {"code": "Throttling.AllocationQuota", "message": "A message.", "request_id": "r1"},
            ),
        ),
        code="RATE_LIMITED",
    ),
    Replay(
        "400 DataInspectionFailed",
        "qwen-image-2.0",
        (
            Answer(
                400, {"code": "DataInspectionFailed", "message": "A message.", "request_id": "r1"}
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        "400 Arrearage",
        "qwen-image-2.0",
        (Answer(400, {"code": "Arrearage", "message": "A message.", "request_id": "r1"}),),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "400 InvalidParameter",
        "qwen-image-2.0",
        (Answer(400, {"code": "InvalidParameter", "message": "A message.", "request_id": "r1"}),),
        code="BAD_REQUEST",
    ),
    Replay(
        "404 ModelNotFound",
        "qwen-image-2.0",
        (Answer(404, {"code": "ModelNotFound", "message": "A message.", "request_id": "r1"}),),
        code="MODEL_RETIRED",
    ),
    Replay(
        "500 InternalError",
        "qwen-image-2.0",
        (Answer(500, {"code": "InternalError", "message": "A message.", "request_id": "r1"}),),
        code="UNAVAILABLE",
    ),
    Replay(
        '200 {"code":"DataInspectionFailed"} without output',
        "qwen-image-3.0",
        (
            Answer(
                200,
                {
                    "code": "DataInspectionFailed",
                    "message": "Output data may contain inappropriate content.",
                    "request_id": "r",
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        "400 IPInfringementSuspect",
        "qwen-image-3.0",
        (
            Answer(
                400,
                {
                    "code": "IPInfringementSuspect",
                    "message": "Input data is suspected of being involved in IP infringement.",
                    "request_id": "r1",
                },
            ),
        ),
        code="REFUSED",
    ),
    Replay(
        "403 AllocationQuota.FreeTierOnly",
        "qwen-image-3.0",
        (
            Answer(
                403,
                {
                    "code": "AllocationQuota.FreeTierOnly",
                    "message": (
                        "The free tier of the model has been exhausted. If you wish to "
                        "continue access the model on a paid basis, please disable the "
                        '"use free tier only" mode in the management console.'
                    ),
                    "request_id": "r1",
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        contains="credit",
    ),
    Replay(
        "429 PostpaidBillOverdue",
        "qwen-image-3.0",
        (
            Answer(
                429,
                {
                    "code": "PostpaidBillOverdue",
                    "message": "The bill is overdue.",
                    "request_id": "r1",
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        requests=1,
    ),
    Replay(
        '429 Throttling.AllocationQuota "Free allocated quota exceeded."',
        "qwen-image-3.0",
        (
            Answer(
                429,
                {
                    "code": "Throttling.AllocationQuota",
                    "message": "Free allocated quota exceeded.",
                    "request_id": "r1",
                },
            ),
        ),
        code="OUT_OF_CREDIT",
        requests=1,
    ),
    Replay(
        '400 InvalidParameter "Model not exist."',
        "qwen-image-3.0",
        (
            Answer(
                400, {"code": "InvalidParameter", "message": "Model not exist.", "request_id": "r1"}
            ),
        ),
        code="MODEL_RETIRED",
    ),
)
SIBLINGS = (*other_wordings.QWEN, *more_pictures.QWEN)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS))
