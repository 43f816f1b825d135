"""Documented answers of bfl: failures."""

from tests.contract.case import Answer, Replay

TICKET = Answer(
    200,
    {
        "id": "t1",
        "polling_url": "{origin}/elsewhere/poll?id=t1",
        "cost": 3.0,
        "input_mp": 0.0,
        "output_mp": 1.0,
    },
)

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
        "prompt moderated",
        "flux-2-pro",
        (
            TICKET,
            Answer(
                200,
                {
                    "id": "t1",
                    "status": "Request Moderated",
                    "result": None,
                    "details": {"Moderation Reasons": ["Safety Filter"]},
                },
            ),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "picture moderated",
        "flux-2-pro",
        (
            TICKET,
            Answer(200, {"id": "t1", "status": "Content Moderated", "result": None}),
        ),
        code="REFUSED",
        billed="no",
    ),
    Replay(
        "error",
        "flux-2-pro",
        (
            TICKET,
            Answer(200, {"id": "t1", "status": "Error", "result": None}),
        ),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        "failed",
        "flux-2-pro",
        (
            TICKET,
            Answer(200, {"id": "t1", "status": "Failed", "result": None}),
        ),
        code="UNAVAILABLE",
        billed="unknown",
    ),
    Replay(
        "task not found",
        "flux-2-pro",
        (
            TICKET,
            Answer(404, {"id": "t1", "status": "Task not found", "result": None}),
        ),
        code="INTERRUPTED",
    ),
    Replay(
        "a poll that is not found",
        "flux-2-pro",
        (
            TICKET,
            Answer(404, {"detail": "A message."}),
        ),
        code="INTERRUPTED",
        billed="unknown",
    ),
    Replay(
        "a poll that is forbidden",
        "flux-2-pro",
        (
            TICKET,
            Answer(403, {"detail": "A message."}),
        ),
        code="BAD_KEY",
        billed="unknown",
    ),
    Replay(
        "a poll that is not understood",
        "flux-2-pro",
        (
            TICKET,
            Answer(422, {"detail": "A message."}),
        ),
        code="BAD_REQUEST",
        billed="unknown",
    ),
    Replay(
        "ready without a sample",
        "flux-2-pro",
        (
            TICKET,
            Answer(200, {"id": "t1", "status": "Ready", "result": {}}),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "a polling address elsewhere",
        "flux-2-pro",
        (Answer(200, {"id": "t1", "polling_url": "https://bfl.ai.evil.example/poll", "cost": 3}),),
        code="BAD_RESPONSE",
    ),
    Replay(
        "a sample elsewhere",
        "flux-2-pro",
        (
            TICKET,
            Answer(
                200,
                {"id": "t1", "status": "Ready", "result": {"sample": "https://evil.example/x.png"}},
            ),
        ),
        code="BAD_RESPONSE",
    ),
    Replay(
        "submission answered 403",
        "flux-2-pro",
        (Answer(403, {"detail": "Not authenticated"}),),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "submission answered 401",
        "flux-2-pro",
        (Answer(401, {"detail": "Not authenticated"}),),
        code="BAD_KEY",
        billed="no",
    ),
    Replay(
        "submission answered 402",
        "flux-2-pro",
        (Answer(402, {"detail": "Insufficient credits."}),),
        code="OUT_OF_CREDIT",
        billed="no",
    ),
    Replay(
        "submission answered 422",
        "flux-2-pro",
        (
            Answer(
                422,
                {
                    "detail": [
                        {
                            "type": "extra_forbidden",
                            "loc": ["body", "seed"],
                            "msg": "Extra inputs are not permitted",
                        }
                    ]
                },
            ),
        ),
        code="BAD_REQUEST",
        billed="no",
    ),
    Replay(
        "submission answered 400",
        "flux-2-pro",
        (Answer(400, {"detail": "Image too large"}),),
        code="BAD_REQUEST",
        billed="no",
    ),
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
