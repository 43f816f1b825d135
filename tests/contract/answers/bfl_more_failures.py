"""Documented answers of bfl: more failures."""

from tests.contract.case import Answer, Replay

OWN_TICKET = Answer(
    200,
    {
        "id": "t1",
        "polling_url": "{origin}/v1/get_result?id=t1",
        "cost": 3.0,
        "input_mp": 0.0,
        "output_mp": 1.0,
    },
)

REPLAYS = (
    Replay(
        "submission answered 404",
        "flux-2-pro",
        (Answer(404, {"detail": "Not Found"}),),
        code="MODEL_RETIRED",
        billed="no",
    ),
    Replay(
        "submission answered 429",
        "flux-2-pro",
        (Answer(429, {"detail": "Too many active tasks"}),),
        code="RATE_LIMITED",
        billed="no",
    ),
    Replay("200 with an empty object", "flux-2-pro", (Answer(200, {}),), code="BAD_RESPONSE"),
    Replay("200 with a list", "flux-2-pro", (Answer(200, []),), code="BAD_RESPONSE"),
    Replay("200 with null", "flux-2-pro", (Answer(200),), code="BAD_RESPONSE"),
    Replay("200 with a string", "flux-2-pro", (Answer(200, "fine"),), code="BAD_RESPONSE"),
    Replay("200 with a number", "flux-2-pro", (Answer(200, 7),), code="BAD_RESPONSE"),
    Replay(
        "200 with data of another type",
        "flux-2-pro",
        (
            Answer(
                200,
                {"data": "x", "candidates": "x", "images": "x", "output": "x", "polling_url": 7},
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "200 with empty data",
        "flux-2-pro",
        (
            Answer(
                200,
                {
                    "created": 1,
                    "data": [],
                    "candidates": [],
                    "images": [],
                    "output": {"choices": []},
                },
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "200 with data of nothing",
        "flux-2-pro",
        (
            Answer(
                200,
                {
                    "created": 1,
                    "data": [{}],
                    "candidates": [{}],
                    "images": [None],
                    "output": {"choices": [{}]},
                },
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "200 with data of wrong things",
        "flux-2-pro",
        (
            Answer(
                200,
                {
                    "created": 1,
                    "data": [{"b64_json": 7, "url": 7}],
                    "candidates": [{"content": {"parts": [{"inlineData": {"data": 7}}]}}],
                    "images": [7],
                    "output": {"choices": [{"message": {"content": [{"image": 7}]}}]},
                },
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "200 with base64 that is none",
        "flux-2-pro",
        (
            Answer(
                200,
                {
                    "created": 1,
                    "data": [{"b64_json": "%%%"}],
                    "candidates": [
                        {
                            "content": {
                                "parts": [{"inlineData": {"mimeType": "image/png", "data": "%%%"}}]
                            }
                        }
                    ],
                    "images": ["%%%"],
                },
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "200 with an error in a 200",
        "flux-2-pro",
        (Answer(200, {"error": {"message": "no"}}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        "302 to somewhere",
        "flux-2-pro",
        (Answer(302, {}, headers={"Location": "{origin}/elsewhere"}),),
        code="BAD_REQUEST",
        requests=1,
    ),
    Replay(
        "307 to somewhere",
        "flux-2-pro",
        (Answer(307, {}, headers={"Location": "{origin}/elsewhere"}),),
        code="BAD_REQUEST",
        requests=1,
    ),
    Replay(
        'poll "Content Moderated"',
        "flux-2-pro",
        (
            OWN_TICKET,
            Answer(
                200,
                {
                    "id": "t1",
                    "status": "Content Moderated",
                    "result": None,
                    "progress": None,
                    "details": {"Moderation Reasons": ["Safety Filter"]},
                    "preview": None,
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
)
