"""The contract's WebSocket section."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus

from tests.api.visitor import Visitor

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_a_ping_is_answered(visitor: Visitor) -> None:
    with visitor.socket() as socket:
        assert socket.ask({"action": "ping"}) == {"type": "pong"}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "BAD_JSON"),
        ("", "BAD_JSON"),
        ("[]", "INVALID_INPUT"),
        ("1", "INVALID_INPUT"),
        ('{"action":"fly"}', "INVALID_INPUT"),
        ('{"action":"subscribe"}', "INVALID_INPUT"),
        ('{"action":"subscribe","jobId":7}', "INVALID_INPUT"),
        ('{"action":"ping","more":1}', "INVALID_INPUT"),
        (f'{{"action":"subscribe","jobId":"{UNKNOWN}"}}', "NOT_FOUND"),
        ('{"action":"subscribe","jobId":"x"}', "NOT_FOUND"),
        ('{"action":"ping","pad":"' + "x" * 5000 + '"}', "INVALID_INPUT"),
    ],
)
def test_a_wrong_message_is_answered_and_the_socket_lives(
    visitor: Visitor, message: str, code: str
) -> None:
    with visitor.socket() as socket:
        answer = socket.ask(message)
        assert (answer["type"], answer["code"]) == ("error", code)
        assert answer["error"].endswith(".")
        assert socket.ask({"action": "ping"}) == {"type": "pong"}


def test_a_subscription_is_answered_with_the_job_as_it_is(visitor: Visitor) -> None:
    job = visitor.wait_drawn(visitor.generate("done already", models=[1])["jobId"])
    with visitor.socket() as socket:
        answer = socket.ask({"action": "subscribe", "jobId": job["jobId"]})
    assert answer == {"type": "job", "job": job}


def test_who_has_unsubscribed_hears_nothing_more(visitor: Visitor) -> None:
    job = visitor.generate("[[*:slow=1]] leave", models=[1, 4])
    with visitor.socket() as socket:
        socket.ask({"action": "subscribe", "jobId": job["jobId"]})
        socket.send({"action": "unsubscribe", "jobId": job["jobId"]})
        visitor.wait(job["jobId"])
        socket.send({"action": "ping"})
        heard = [socket.receive()]
        while heard[-1] != {"type": "pong"}:
            heard.append(socket.receive())
    ended = [m for m in heard if m["type"] == "job" and m["job"]["status"] == "completed"]
    assert not ended


def test_a_page_of_another_origin_is_refused(visitor: Visitor) -> None:
    with pytest.raises(InvalidStatus) as refusal, visitor.socket(origin="https://evil.example"):
        pass
    assert refusal.value.response.status_code == 403


def test_the_products_own_page_is_let_in(visitor: Visitor) -> None:
    with visitor.socket(origin=visitor.url) as socket:
        assert socket.ask({"action": "ping"}) == {"type": "pong"}
