"""What goes on after a failure: pictures, seats, and calls that may have been billed."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.accounts.members import KNOWN_FOR_MS
from chalicelib.batches.runs.order import Order
from chalicelib.callers import Caller
from chalicelib.providers.errors import ProviderDown
from tests.unit.accounts.people import Cognito
from tests.unit.accounts.pool import ANN
from tests.unit.batches.deaths import killed
from tests.unit.batches.factory import DEFINITION, LAMBDA_MS, NOBODY, Factory
from tests.unit.cloud import BUCKET, Cloud


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    return Factory(cloud, rows=1, pictures=1)


def test_a_picture_is_stored_once_the_bucket_answers_again(factory: Factory) -> None:
    failures = iter(range(3))

    def fail(**_: Any) -> None:
        if next(failures, None) is not None:
            raise ClientError({"Error": {"Code": "InternalError", "Message": ""}}, "PutObject")

    factory.cloud.s3.meta.events.register("before-call.s3.PutObject", fail)
    ended = factory.run(factory.make())
    assert (ended.state, ended.pictures) == ("completed", 1)
    assert set(factory.bill.calls.values()) == {1}


def test_a_picture_that_was_stored_when_its_worker_died_is_in_the_row(factory: Factory) -> None:
    batch = factory.make()
    factory.start(batch)
    with killed(factory, "after-call.s3.PutObject"):
        factory.work()
    folder = f"group-images/batch-{batch.id}/"
    listed = factory.cloud.s3.list_objects_v2(Bucket=BUCKET, Prefix=folder)
    assert listed["KeyCount"] == 1
    assert factory.current(batch).pictures == 0
    ended = factory.finish(batch)
    assert (ended.state, ended.pictures) == ("completed", 1)
    assert set(factory.bill.calls.values()) == {1}


def test_a_row_that_goes_on_asks_for_nothing_again_that_may_have_been_billed(
    cloud: Cloud,
) -> None:
    factory = Factory(cloud, rows=1, pictures=2)
    lost = ProviderDown("The connection broke.", billed="unknown")

    def lose(_: str) -> None:
        raise lost

    factory.models.artists[1].before = lose
    batch = factory.make()
    factory.start(batch)
    with killed(factory, "before-call.dynamodb.TransactWriteItems"):
        factory.work()
    ended = factory.finish(batch)
    assert (ended.state, ended.failed) == ("completed_with_failures", 1)
    assert set(factory.bill.calls.values()) == {1}


def test_a_batch_that_loses_its_seat_while_it_is_resumed_waits_for_another(
    factory: Factory,
) -> None:
    batch = factory.make()
    factory.start(batch)
    other = factory.another().batches
    stands = other._store.get(batch.id)
    other._store.rest(stands, "paused", "BAD_KEY", "The key is wrong.", factory.clock())
    moments = iter([other])

    def meanwhile(**_: Any) -> None:
        for somebody in moments:
            somebody.flow.advance(somebody._store.get(batch.id))

    events = factory.cloud.dynamodb.meta.events
    events.register("before-call.dynamodb.UpdateItem", meanwhile)
    resumed = factory.service.resume(batch.id, NOBODY)
    events.unregister("before-call.dynamodb.UpdateItem", meanwhile)
    assert (resumed.state, resumed.seated) == ("running", True)
    assert other._store.seated() == [batch.id]
    factory.work()
    assert factory.current(batch).state == "completed"


def test_a_message_too_many_begins_no_row(cloud: Cloud) -> None:
    factory = Factory(cloud, rows=2, pictures=1)
    batch, seen = factory.make(concurrency=1), []

    def write(prompt: str) -> str:
        factory.department.worker.work(batch.id, LAMBDA_MS)
        seen.append(factory.current(batch).running)
        return prompt

    factory.models.authors[1].write = write
    assert factory.run(batch).state == "completed"
    assert seen == [1, 1]


@pytest.mark.parametrize(("refused", "offered"), [(3, 8), (24, 0)])
def test_rows_that_the_queue_refused_are_offered_again(
    cloud: Cloud, refused: int, offered: int
) -> None:
    factory = Factory(cloud, rows=8, pictures=1)
    factory.queue.refusing = refused
    batch = factory.make(concurrency=8)
    factory.start(batch)
    assert len(factory.queue.messages) == offered
    ended = factory.finish(batch)
    assert (ended.state, ended.done) == ("completed", 8)


def test_seats_go_round_among_people_of_one_priority(cloud: Cloud) -> None:
    factory = Factory(cloud, rows=1, pictures=1, most_running=2)
    ann, bea = Caller(user_id="ann"), Caller(user_id="bea")
    wanted = [(ann, "a1"), (ann, "a2"), (ann, "a3"), (bea, "b1"), (ann, "a4")]
    started = {}
    for who, name in wanted:
        version = factory.department.templates.make(DEFINITION, who)
        order = Order(version.template_id, "lamps", budget=10_000_000)
        factory.now += 10
        batch = factory.service.make(order, who, None, "")
        factory.service.start(batch.id, who)
        started[batch.id] = name
    seen = []
    for _ in range(4):
        seen.append({started[batch_id] for batch_id in factory.department._store.seated()})
        factory.work(most=1)
    assert seen == [{"a1", "a2"}, {"a2", "b1"}, {"b1", "a3"}, {"a3", "a4"}]


def test_a_batch_rests_whose_owner_was_removed_from_the_pool(cloud: Cloud) -> None:
    people = Cognito()
    factory = Factory(cloud, rows=3, pictures=1, people=people)
    ann = Caller(user_id=ANN)
    version = factory.department.templates.make(DEFINITION, ann)
    order = Order(version.template_id, "lamps", budget=10_000_000, concurrency=1)
    batch = factory.service.make(order, ann, None, "")
    factory.service.start(batch.id, ann)
    factory.department.worker.work(factory.queue.messages.pop(), 1)
    people.emails.pop(ANN)
    factory.now += KNOWN_FOR_MS
    factory.work()
    rests = factory.service.get(batch.id, ann)
    assert (rests.state, rests.done, rests.running) == ("paused", 1, 0)
    assert [each.code for each in rests.troubles] == ["OWNER_OFF"]
