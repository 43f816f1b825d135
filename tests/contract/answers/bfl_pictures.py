"""Documented answers of bfl: pictures."""

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
READY = Answer(
    200, {"id": "t1", "status": "Ready", "result": {"sample": "{origin}/delivery/t1?sig=x"}}
)
JPEG = Answer(200, picture=True, headers={"Content-Type": "image/jpeg"})
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
PNG_FILE = Answer(200, picture=True, headers={"Content-Type": "image/png"})

REPLAYS = (
    Replay(
        "pending, generating, ready",
        "flux-2-pro",
        (
            TICKET,
            Answer(200, {"id": "t1", "status": "Pending", "result": None}),
            Answer(200, {"id": "t1", "status": "Generating", "result": None}),
            READY,
            JPEG,
        ),
        cost=0.03,
    ),
    Replay(
        "reasoning first",
        "flux-2-pro",
        (
            TICKET,
            Answer(200, {"id": "t1", "status": "Reasoning", "result": None}),
            READY,
            JPEG,
        ),
        cost=0.03,
    ),
    Replay(
        "a poll of 503 that has a status",
        "flux-2-pro",
        (
            TICKET,
            Answer(503, {"id": "t1", "status": "Pending", "result": None}),
            Answer(422, {"id": "t1", "status": "Pending", "result": None}),
            READY,
            JPEG,
        ),
        cost=0.03,
    ),
    Replay(
        "a poll of 500 without one",
        "flux-2-pro",
        (
            TICKET,
            Answer(500, {"detail": "oops"}),
            READY,
            JPEG,
        ),
        cost=0.03,
    ),
    Replay(
        "a poll of 429",
        "flux-2-pro",
        (
            TICKET,
            Answer(429, {"detail": "slow down"}),
            READY,
            JPEG,
        ),
        cost=0.03,
    ),
    Replay(
        "cost not told",
        "flux-2-pro",
        (
            Answer(200, {"id": "t1", "polling_url": "{origin}/p"}),
            READY,
            JPEG,
        ),
    ),
    Replay(
        "cost beyond all numbers",
        "flux-2-pro",
        (
            Answer(200, {"id": "t1", "polling_url": "{origin}/p", "cost": float("inf")}),
            READY,
            JPEG,
        ),
    ),
    Replay(
        "no seed asked, Ready with result.seed 42",
        "flux-2-pro",
        (
            OWN_TICKET,
            Answer(
                200,
                {
                    "id": "t1",
                    "status": "Ready",
                    "result": {
                        "sample": "{origin}/delivery/t1/sample.jpeg?sig=x",
                        "prompt": "p",
                        "seed": 42,
                        "start_time": 1.0,
                        "end_time": 2.0,
                        "duration": 1.0,
                    },
                    "progress": None,
                    "details": None,
                    "preview": None,
                },
            ),
            PNG_FILE,
        ),
        seed=42,
        cost=0.03,
        revised_prompt="p",
        seedless=True,
    ),
    Replay(
        "Ready with result.prompt rewritten by the service",
        "flux-2-pro",
        (
            OWN_TICKET,
            Answer(
                200,
                {
                    "id": "t1",
                    "status": "Ready",
                    "result": {
                        "sample": "{origin}/delivery/t1",
                        "prompt": "a calm sea at dawn, long exposure",
                        "seed": 7,
                    },
                    "progress": None,
                    "details": None,
                    "preview": None,
                },
            ),
            PNG_FILE,
        ),
        cost=0.03,
        revised_prompt="a calm sea at dawn, long exposure",
    ),
    Replay(
        'submit without cost, Ready with "cost": 4.0',
        "flux-2-pro",
        (
            Answer(200, {"id": "t1", "polling_url": "{origin}/p?id=t1"}),
            Answer(
                200,
                {
                    "id": "t1",
                    "status": "Ready",
                    "result": {"sample": "{origin}/delivery/t1"},
                    "progress": None,
                    "details": None,
                    "preview": None,
                    "cost": 4.0,
                },
            ),
            PNG_FILE,
        ),
        cost=0.04,
    ),
)
