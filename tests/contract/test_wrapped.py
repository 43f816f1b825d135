"""A picture inside of an answer is taken whatever its base64 is wrapped in, whoever answers."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

import pytest

from chalicelib.config import PROVIDER_IDS
from tests.contract.case import REPLAYS, Answer, ModelCase, Replay
from tests.contract.driving import driver_at
from tests.contract.servers import PNG, replay_server
from tests.figures import RecordFigure

MARK = "{png}"
PLAIN = b64encode(PNG).decode()
WRAPPINGS: dict[str, Callable[[], str]] = {
    "a data url": lambda: f"data:image/png;base64,{PLAIN}",
    "a data url with line breaks": lambda: f"data:image/png;base64,\n{_lines(PLAIN)}",
    "line breaks": lambda: _lines(PLAIN),
    "no padding": lambda: PLAIN.rstrip("="),
    "the alphabet of addresses": lambda: urlsafe_b64encode(PNG).decode().rstrip("="),
}


def _lines(text: str) -> str:
    return "\r\n".join(text[begin : begin + 76] for begin in range(0, len(text), 76)) + "\r\n"


def _inline(replay: Replay) -> bool:
    told = json.dumps([answer.body for answer in replay.answers])
    return MARK in told and f"base64,{MARK}" not in told and not (replay.code or replay.of_text)


INLINE = [(provider, replay) for provider, replay in REPLAYS if _inline(replay)]


def _wrapped(answer: Answer, wrapping: str) -> Answer:
    inside = json.dumps(WRAPPINGS[wrapping]())[1:-1]
    return Answer(
        answer.status,
        json.loads(json.dumps(answer.body).replace(MARK, inside)),
        answer.headers,
        answer.raw,
        answer.picture,
    )


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize(
    ("provider", "replay"),
    INLINE,
    ids=[f"{provider}: {replay.name}" for provider, replay in INLINE],
)
def test_a_picture_in_an_answer_is_taken_in_every_wrapping(
    provider: str, replay: Replay, wrapping: str
) -> None:
    answers = [_wrapped(answer, wrapping) for answer in replay.answers]
    with replay_server(answers) as server:
        driver = driver_at(ModelCase(provider, replay.model_id), server.origin)
        picture = driver.draw("a calm sea", seed=None if replay.seedless else 7)

    assert picture.data == PNG
    assert (picture.cost is not None) == (replay.cost is not None)


def test_every_provider_that_sends_pictures_inside_its_answers_is_tried(
    record_figure: RecordFigure,
) -> None:
    record_figure(
        "cases: wrapped pictures", kinds=len(WRAPPINGS), cases=len(WRAPPINGS) * len(INLINE)
    )
    assert set("+/=") & set(PLAIN), "a picture whose base64 shows the differences"
    assert set(PROVIDER_IDS) - {provider for provider, _ in INLINE} == {"bfl", "qwen", "sagemaker"}
