"""S1 and the caps of a connection: whatever comes over a socket, the product stands."""

from __future__ import annotations

import contextlib
import random

import pytest
from websockets.exceptions import ConnectionClosed

from chalicelib.events.pace import MESSAGES
from tests.api.visitor import Json, Socket, Visitor
from tests.figures import RecordFigure
from tests.security.frames import CLOSED, TEXT, Client, Frame, attack, figures
from tests.support.product import Product

FRAMES, SEED = 500, 5309
PING = {"action": "ping"}


@pytest.fixture
def visitor(product: Product) -> Visitor:
    return Visitor(product.url)


def test_bad_frames_get_typed_errors_or_a_closed_connection(
    product: Product, record_figure: RecordFigure
) -> None:
    findings = attack(product.url, FRAMES, SEED)
    measured = figures(product, findings)
    record_figure("S1 frames", **measured)
    assert findings.wrong == []
    assert measured["tracebacks"] == 0
    assert measured["frames"] == FRAMES
    assert {"BAD_JSON", "INVALID_INPUT", "NOT_FOUND", "closed"} <= set(findings.answers)


def test_a_flood_gets_an_error_and_is_cut(visitor: Visitor) -> None:
    with visitor.socket() as socket:
        answers = _ping_until_cut(socket)
    assert answers[-1]["code"] == "RATE_LIMITED"
    assert all(answer == {"type": "pong"} for answer in answers[:-1])
    assert MESSAGES <= len(answers) - 1 < MESSAGES * 2


def test_who_was_cut_may_come_back(visitor: Visitor) -> None:
    with visitor.socket() as socket:
        _ping_until_cut(socket)
    with visitor.socket() as socket:
        assert socket.ask(PING) == {"type": "pong"}


def test_a_frame_above_the_gateways_limit_closes_the_connection(product: Product) -> None:
    client = Client(product.url, random.Random(SEED))
    assert client.send(Frame(TEXT, b"x" * 40_000)) == CLOSED
    client.close()


def _ping_until_cut(socket: Socket) -> list[Json]:
    answers: list[Json] = []
    with contextlib.suppress(ConnectionClosed):
        while len(answers) < MESSAGES * 3:
            answers.append(socket.ask(PING))
    return answers
