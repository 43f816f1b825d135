"""Push is best effort: it reaches who is there, forgets who is gone, and fails nobody."""

import threading
import time
from dataclasses import dataclass, field
from math import inf

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.events.publisher import Publisher
from chalicelib.jobs.store import MAX_SUBSCRIBERS
from chalicelib.providers.base import CallContext, ImageRequest, Picture
from tests.figures import RecordFigure
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Gone, Painter, Studio, draws

FULL = ClientError({"Error": {"Code": "LimitExceededException", "Message": ""}}, "Post")
TOO_LARGE = ClientError({"Error": {"Code": "PayloadTooLargeException", "Message": ""}}, "Post")


@dataclass
class Gateway:
    """Connections by the problems they have, used up one post at a time."""

    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)
    together: threading.Barrier | None = None

    class exceptions:  # noqa: N801  As boto3 spells it.
        GoneException = Gone

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        if self.together:
            self.together.wait(timeout=10)
        if self.troubles.get(ConnectionId):
            raise self.troubles[ConnectionId].pop(0)
        self.received.append(ConnectionId)


def publisher(gateway: Gateway, pauses: list[float]) -> Publisher:
    return Publisher(gateway, pauses.append, lambda: 0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("troubles", "delivery", "pauses"),
    [
        ([], "sent", 0),
        ([Gone()], "gone", 0),
        ([FULL], "sent", 1),
        ([FULL, FULL], "dropped", 1),
        ([FULL, Gone()], "gone", 1),
        ([TOO_LARGE, TOO_LARGE], "dropped", 1),
        ([ReadTimeoutError(endpoint_url="x")] * 2, "dropped", 1),
    ],
)
def test_one_message(troubles: list[Exception], delivery: str, pauses: int) -> None:
    waited: list[float] = []
    gateway = Gateway({"c": list(troubles)})
    assert publisher(gateway, waited).send("c", b"{}") == delivery
    assert waited == [0.1] * pauses


def test_each_connection_has_its_own_fate() -> None:
    gateway = Gateway({"gone": [Gone()], "full": [FULL, FULL]})
    fates = publisher(gateway, []).broadcast({"here", "gone", "full"}, b"{}")
    assert fates == {"here": "sent", "gone": "gone", "full": "dropped"}
    assert gateway.received == ["here"]


def test_nobody_listening_is_no_matter() -> None:
    assert publisher(Gateway(), []).broadcast(frozenset(), b"{}") == {}


def test_connections_are_told_at_the_same_time() -> None:
    gateway = Gateway(together=threading.Barrier(8))
    fates = publisher(gateway, []).broadcast({f"c{n}" for n in range(8)}, b"{}")
    assert set(fates.values()) == {"sent"}


def crowded(cloud: Cloud, dead: int) -> tuple[Studio, str]:
    """A job with five hundred listeners, so many of them dead."""
    at = Studio(cloud, {1: Painter(draws)})
    job = at.submit()
    names = [f"dead {n}" if n < dead else f"alive {n}" for n in range(MAX_SUBSCRIBERS)]
    cloud.dynamodb.update_item(
        TableName="pixel-prompt",
        Key={"pk": {"S": f"JOB#{job.id}"}, "sk": {"S": "JOB"}},
        UpdateExpression="ADD subscribers :all",
        ExpressionAttributeValues={":all": {"SS": names}},
    )
    return at, job.id


def test_the_dead_are_forgotten_after_one_push(cloud: Cloud, record_figure: RecordFigure) -> None:
    at, job_id = crowded(cloud, dead=450)
    job = at.store.get(job_id, at.clock())
    began = time.perf_counter()
    at.lifecycle.events.broadcast(job)
    seconds = time.perf_counter() - began
    left = at.store.get(job_id, at.clock()).subscribers
    record_figure("R9", dead=450, left=len(left), push_seconds=round(seconds, 3))
    assert len(left) == 50
    assert not any(name.startswith("dead") for name in left)
    assert len(at.sockets.posts) == 50


def test_a_push_that_fails_fails_no_slot(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = at.submit()
    at.store.subscribe(job.id, "dead", at.clock())
    at.sockets.trouble = ReadTimeoutError(endpoint_url="x")
    assert at.work(job).status == "completed"
    at.sockets.trouble = None
    assert at.work(at.submit()).status == "completed"


def test_a_listener_that_cannot_be_forgotten_fails_no_slot(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = at.submit()
    at.store.subscribe(job.id, "dead", at.clock())
    seen = at.current(job)
    with cloud.failing("dynamodb.UpdateItem", times=1000) as failed:
        at.lifecycle.events.broadcast(seen)
    assert failed
    assert at.work(job).status == "completed"


ALLOWED_S, ATTEMPTS = 0.2, 5


def test_a_crowd_holds_up_no_job(cloud: Cloud, record_figure: RecordFigure) -> None:
    """From the worker's start to the last recorded result; a post takes 20 ms."""

    def draw_for_a_second(request: ImageRequest, context: CallContext) -> Picture:
        time.sleep(1)
        return draws(request, context)

    def took(dead: int | None) -> float:
        at, job_id = crowded(cloud, dead) if dead else alone(cloud)
        at.painters[1].draw = draw_for_a_second
        at.sockets.answer = lambda: time.sleep(0.02)
        began = at.clock()
        ended = at.work(at.store.get(job_id, at.clock()))
        return (ended.updated_at - began) / 1000

    # A busy machine only adds: a crowd that held jobs up would do so every time.
    extra = inf
    for _ in range(ATTEMPTS):
        extra = min(extra, took(450) - took(None))
        if extra <= ALLOWED_S:
            break
    record_figure("R9", listeners=500, extra_seconds_per_job=round(extra, 3))
    assert extra <= ALLOWED_S, "one per cent of a job of twenty seconds"


def alone(cloud: Cloud) -> tuple[Studio, str]:
    at = Studio(cloud, {1: Painter(draws)})
    return at, at.submit().id
