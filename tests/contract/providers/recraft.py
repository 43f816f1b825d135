"""What recraft promises and documents."""

from tests.contract.answers import more_pictures, other_wordings
from tests.contract.case import Answer, ModelCase, ProviderTests, Replay

SENDS = {"prompt": "a lamp", "n": 1, "size": "1:1", "response_format": "b64_json"}
CASES = (
    ModelCase("recraft", "recraftv4_1", exact_cost=True, sends={"model": "recraftv4_1", **SENDS}),
    ModelCase("recraft", "recraftv3", exact_cost=True, sends={"model": "recraftv3", **SENDS}),
)
REPLAYS = (
    Replay(
        "picture with credits",
        "recraftv4_1",
        (
            Answer(
                200,
                {
                    "created": 1795000000,
                    "credits": 35,
                    "data": [
                        {"image_id": "i1", "b64_json": "{png}", "revised_prompt": "A calmer sea"}
                    ],
                },
                headers={"X-Recraft-Requestid": "r1"},
            ),
        ),
        cost=0.035,
        revised_prompt="A calmer sea",
    ),
    Replay(
        "credits of another type",
        "recraftv4_1",
        (
            Answer(
                200,
                {
                    "created": 1795000000,
                    "credits": "many",
                    "data": [{"image_id": "i1", "b64_json": "{png}"}],
                },
            ),
        ),
    ),
    Replay(
        "credits beyond all numbers",
        "recraftv4_1",
        (
            Answer(
                200,
                {
                    "created": 1795000000,
                    "credits": float("inf"),
                    "data": [{"image_id": "i1", "b64_json": "{png}"}],
                },
            ),
        ),
    ),
    Replay(
        "401 unauthorized",
        "recraftv4_1",
        (Answer(401, {"code": "unauthorized", "message": "A message."}),),
        code="BAD_KEY",
    ),
    Replay(
        "400 invalid_request",
        "recraftv4_1",
        (Answer(400, {"code": "invalid_request", "message": "A message."}),),
        code="BAD_REQUEST",
    ),
    Replay(
        "400 prompt_moderation",
        "recraftv4_1",
        (Answer(400, {"code": "prompt_moderation", "message": "A message."}),),
        code="REFUSED",
    ),
    Replay(
        "402 insufficient_units",
        "recraftv4_1",
        (Answer(402, {"code": "insufficient_units", "message": "A message."}),),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "400 insufficient_units",
        "recraftv4_1",
        (Answer(400, {"code": "insufficient_units", "message": "A message."}),),
        code="OUT_OF_CREDIT",
    ),
    Replay(
        "429 rate_limit_exceeded",
        "recraftv4_1",
        (Answer(429, {"code": "rate_limit_exceeded", "message": "A message."}),),
        code="RATE_LIMITED",
    ),
    Replay(
        "404 model_not_found",
        "recraftv4_1",
        (Answer(404, {"code": "model_not_found", "message": "A message."}),),
        code="MODEL_RETIRED",
    ),
    Replay(
        "500 internal_error",
        "recraftv4_1",
        (Answer(500, {"code": "internal_error", "message": "A message."}),),
        code="UNAVAILABLE",
    ),
    Replay(
        '400 {"code":"not_enough_credits"}',
        "recraftv4_1",
        (Answer(400, {"code": "not_enough_credits", "message": "Not enough credits"}),),
        code="OUT_OF_CREDIT",
    ),
)
SIBLINGS = (*other_wordings.RECRAFT, *more_pictures.RECRAFT)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS))
