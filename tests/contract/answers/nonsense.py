"""Answers that no provider documents and each may get once: every model is held to all of them."""

from typing import Any

from tests.contract.case import Answer, Replay

BAD_PICTURES = {
    "data of another type": {
        "data": "x",
        "candidates": "x",
        "images": "x",
        "output": "x",
        "polling_url": 7,
    },
    "empty data": {
        "created": 1,
        "data": [],
        "candidates": [],
        "images": [],
        "output": {"choices": []},
    },
    "data of nothing": {
        "created": 1,
        "data": [{}],
        "candidates": [{}],
        "images": [None],
        "output": {"choices": [{}]},
    },
    "data of wrong things": {
        "created": 1,
        "data": [{"b64_json": 7, "url": 7}],
        "candidates": [{"content": {"parts": [{"inlineData": {"data": 7}}]}}],
        "images": [7],
        "output": {"choices": [{"message": {"content": [{"image": 7}]}}]},
    },
    "base64 that is none": {
        "created": 1,
        "data": [{"b64_json": "%%%"}],
        "candidates": [
            {"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": "%%%"}}]}}
        ],
        "images": ["%%%"],
    },
}
"""By name, a body that goes wrong at the place where each provider has its picture."""
BODIES: dict[str, Any] = {
    "an empty object": {},
    "a list": [],
    "null": None,
    "a string": "fine",
    "a number": 7,
    "an error": {"error": {"message": "no"}},
    **BAD_PICTURES,
}
REDIRECTS = (302, 307, 308)


def nonsense(model_id: str) -> tuple[Replay, ...]:
    """Each answer as one exchange with the model."""
    answers = {f"200 with {name}": Answer(200, body) for name, body in BODIES.items()}
    return (
        *(
            Replay(name, model_id, (answer,), code="BAD_RESPONSE")
            for name, answer in answers.items()
        ),
        *(
            Replay(
                f"{status} to somewhere",
                model_id,
                (Answer(status, {}, headers={"Location": "{origin}/elsewhere"}),),
                code="BAD_REQUEST",
                requests=1,
            )
            for status in REDIRECTS
        ),
    )
