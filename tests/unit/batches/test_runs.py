"""A batch from its plan to its end."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from chalicelib.accounts.profiles import KNOWN_FOR_MS, Profile
from chalicelib.batches.runs.model import Axes
from chalicelib.batches.runs.order import Order
from chalicelib.batches.runs.store import UnknownBatch
from chalicelib.callers import Caller
from chalicelib.errors import InvalidInput
from chalicelib.providers.errors import BadKey, RateLimited, Refused, TimedOut
from tests.unit.batches.factory import DEFINITION, NOBODY, PRICE_MICROS, TEXT_COST, Factory
from tests.unit.cloud import BUCKET, TABLE, Cloud

PICTURES = "name: P\nsteps:\n  - {id: picture, kind: image, prompt: '{{ name }}'}\n"
SCHEMA = """
name: Moods
steps:
  - id: mood
    tier: cheap
    prompt: say
    schema: {type: object, required: [mood], properties: {mood: {type: string}}}
  - {id: picture, kind: image, prompt: "{{ steps.mood.output.mood }}"}
"""


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    return Factory(cloud)


def test_every_row_is_made_once_and_paid_once(factory: Factory) -> None:
    batch = factory.make()
    assert (batch.state, batch.plan.rows, batch.plan.calls, batch.plan.pictures) == (
        "planned",
        4,
        12,
        8,
    )
    assert factory.bill.calls == {}
    ended = factory.run(batch)
    assert ended.state == "completed"
    assert (ended.done, ended.failed, ended.running, ended.handed) == (4, 0, 0, 4)
    assert ended.pictures == 8
    assert (ended.tokens_in, ended.tokens_out) == (40, 20)
    assert set(factory.bill.calls.values()) == {1}
    assert len(factory.bill.calls) == 12
    spent = 4 * TEXT_COST + 8 * PRICE_MICROS
    assert factory.bill.micros == spent
    balance = factory.department._money.balance(batch.id)
    assert (balance.spent, balance.reserved, balance.unknown) == (spent, 0, 0)
    assert sum(each.micros for each in ended.spent_by) == spent
    assert ended.seated is False
    rows, after = factory.department.reader.page(ended, None, 0, 10)
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert {cell.state for row in rows for cell in row.cells.values()} == {"done"}
    assert after == 0


def test_nothing_is_spent_before_the_start(factory: Factory) -> None:
    batch = factory.make()
    factory.sweep()
    factory.work()
    assert factory.current(batch).state == "planned"
    assert not factory.bill.calls
    assert NOBODY.user_id == ""


def failing(problem: Exception) -> Callable[[str], None]:
    def fail(_: str) -> None:
        raise problem

    return fail


def test_a_bad_key_pauses_the_batch_and_no_row_fails_for_it(factory: Factory) -> None:
    artist = factory.models.artists[2]
    artist.before = failing(BadKey("OpenAI did not accept the key."))
    batch = factory.run(factory.make(concurrency=1))
    assert (batch.state, batch.failed, batch.running) == ("paused", 0, 0)
    assert [(t.code, t.count) for t in batch.troubles] == [("BAD_KEY", 1)]
    artist.before = lambda _: None
    factory.service.resume(batch.id, NOBODY)
    factory.work()
    ended = factory.current(batch)
    assert (ended.state, ended.done) == ("completed", 4)
    made = {who: n for who, n in factory.bill.calls.items() if who[0] != 2}
    assert set(made.values()) == {1}, "what had been made is not made again"


def test_failures_in_a_row_stop_the_batch_and_are_made_again_when_asked(factory: Factory) -> None:
    artist = factory.models.artists[1]
    artist.before = failing(Refused("The prompt was refused."))
    batch = factory.run(factory.make(concurrency=1, stop_after=2))
    assert (batch.state, batch.failed, batch.handed) == ("stopped", 2, 2)
    assert [(t.code, t.count) for t in batch.troubles] == [("REFUSED", 2)]
    artist.before = lambda _: None
    factory.service.retry(batch.id, None, NOBODY)
    factory.work()
    ended = factory.current(batch)
    assert (ended.state, ended.done, ended.failed) == ("completed", 4, 0)
    first = factory.service.row(ended, 1)
    assert sorted(cell.attempt for cell in first.cells.values()) == [1, 1, 2]
    factory.check_money(batch)


def test_what_may_have_been_billed_is_told_as_unknown(factory: Factory) -> None:
    factory.models.artists[1].before = failing(TimedOut("No answer came."))
    batch = factory.run(factory.make(concurrency=1))
    assert (batch.state, batch.failed) == ("completed_with_failures", 4)
    balance = factory.department._money.balance(batch.id)
    assert (balance.reserved, balance.unknown) == (0, 4 * PRICE_MICROS)
    assert balance.spent == 4 * TEXT_COST + 8 * PRICE_MICROS


def test_a_busy_provider_is_asked_again_later(factory: Factory) -> None:
    waits = iter([True] * 6)

    def busy(_: str) -> None:
        if next(waits, False):
            raise RateLimited("Too many calls.", retry_after=1)

    factory.models.artists[1].before = busy
    batch = factory.run(factory.make(concurrency=1))
    assert batch.state == "running"
    ended = factory.finish(batch)
    assert (ended.state, ended.done, ended.failed) == ("completed", 4, 0)
    assert factory.bill.micros == 4 * TEXT_COST + 8 * PRICE_MICROS


def test_at_its_limit_a_batch_waits_for_more(factory: Factory) -> None:
    row = 2 * PRICE_MICROS + TEXT_COST
    batch = factory.run(factory.make(budget=2 * row + 1000, concurrency=1))
    assert (batch.state, batch.done) == ("out_of_budget", 2)
    with pytest.raises(InvalidInput):
        factory.service.change_budget(batch.id, row, NOBODY)
    factory.service.change_budget(batch.id, 4 * row + 1000, NOBODY)
    factory.work()
    assert factory.current(batch).state == "completed"
    assert set(factory.bill.calls.values()) == {1}


def test_the_day_has_a_limit_too(cloud: Cloud) -> None:
    factory = Factory(cloud, daily_limit=0.1)
    batch = factory.run(factory.make(concurrency=1))
    assert (batch.state, batch.done) == ("out_of_budget", 1)
    assert batch.troubles[0].code == "RATE_LIMITED"
    factory.now += 86_400_000
    factory.service.resume(batch.id, NOBODY)
    factory.work()
    assert factory.current(batch).done == 2


def test_batches_take_seats_in_their_order_within_their_priority(cloud: Cloud) -> None:
    factory = Factory(cloud, most_running=1)
    batches = [factory.make(priority=p) for p in ("low", "normal", "normal", "high")]
    for batch in batches:
        factory.now += 10
        factory.start(batch)
    order: list[str] = []
    for _ in batches:
        states = {batch.id: factory.current(batch).state for batch in batches}
        [running] = [each for each, state in states.items() if state == "running"]
        order.append(running)
        factory.work(most=2)
    low, first, second, high = (batch.id for batch in batches)
    assert order == [low, high, first, second]
    assert {factory.current(batch).state for batch in batches} == {"completed"}


def test_a_pilot_rests_after_its_rows_and_goes_on(factory: Factory) -> None:
    batch = factory.run(factory.make(pilot_rows=1))
    assert (batch.state, batch.done, batch.handed) == ("pilot_done", 1, 1)
    factory.service.resume(batch.id, NOBODY)
    factory.work()
    assert factory.current(batch).state == "completed"


def test_a_cancelled_batch_begins_nothing_more(factory: Factory) -> None:
    batch = factory.make(concurrency=1)
    factory.start(batch)
    factory.department.worker.work(factory.queue.messages.pop(), 1)
    assert factory.service.cancel(batch.id, NOBODY).state == "cancelled"
    factory.work()
    ended = factory.finish(batch)
    assert (ended.state, ended.done, ended.handed) == ("cancelled", 1, 1)


def test_axes_draw_every_combination(factory: Factory) -> None:
    axes = Axes(seeds=(1, 2), aspect_ratios=("1:1", "3:2"))
    batch = factory.run(factory.make(PICTURES, axes=axes, last=1))
    assert batch.pictures == 8
    cells = factory.service.row(batch, 1).cells.values()
    assert {cell.image.seed for cell in cells if cell.image} == {1, 2}


def test_an_answer_that_does_not_fit_its_schema_fails_and_is_paid(factory: Factory) -> None:
    answers = iter(['{"mood": 3}', '```json\n{"mood": "calm"}\n```', "no", '{"mood": "x"}'])
    factory.models.authors[1].write = lambda _: next(answers)
    batch = factory.run(factory.make(SCHEMA, concurrency=1, stop_after=9))
    assert (batch.done, batch.failed) == (2, 2)
    assert factory.bill.micros == 4 * TEXT_COST + 2 * 2 * PRICE_MICROS
    assert (-1, "say") in factory.bill.calls
    assert factory.bill.calls[1, "calm"] == 1


def test_listeners_hear_at_most_twice_a_second(factory: Factory) -> None:
    batch = factory.make(concurrency=1)
    factory.department.events.subscribe(batch, "ann")
    factory.run(batch)
    times = [at for at, _, _ in factory.sockets.posts]
    assert all(later - at >= 500 for at, later in pairwise(times))
    assert factory.sockets.posts[-1][2]["batch"]["state"] == "completed"


def test_a_deleted_batch_leaves_nothing_but_its_money(factory: Factory, cloud: Cloud) -> None:
    batch = factory.run(factory.make())
    factory.service.delete(batch.id, NOBODY)
    with pytest.raises(UnknownBatch):
        factory.current(batch)
    items = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    assert not [i for i in items if batch.id in i["pk"]["S"] and i["pk"]["S"] != "SPEND"]
    assert "Contents" not in cloud.s3.list_objects_v2(Bucket=BUCKET)


def test_a_batch_whose_owner_was_switched_off_rests_until_they_are_on_again(
    factory: Factory,
) -> None:
    ann, profiles = Caller(user_id="ann"), factory.services.ground.profiles
    version = factory.department.templates.make(DEFINITION, ann)
    order = Order(version.template_id, "lamps", budget=10_000_000, concurrency=1)
    batch = factory.service.make(order, ann, None, "")

    def switched(*, on: bool) -> None:
        profiles.put("ann", Profile(enabled=on))
        factory.now += KNOWN_FOR_MS

    factory.models.artists[1].after = lambda _: switched(on=False)
    factory.service.start(batch.id, ann)
    factory.work()
    factory.sweep()
    factory.work()
    rests = factory.service.get(batch.id, ann)
    assert (rests.state, rests.done, rests.failed, rests.seated) == ("paused", 1, 0, False)
    assert [(each.code, each.count) for each in rests.troubles] == [("OWNER_OFF", 1)]
    assert factory.bill.micros == TEXT_COST + 2 * PRICE_MICROS
    factory.models.artists[1].after = lambda _: None
    switched(on=True)
    factory.service.resume(batch.id, ann)
    factory.work()
    assert factory.service.get(batch.id, ann).state == "completed"
    factory.check_money(batch)


def test_a_batch_that_is_deleted_while_somebody_tells_of_it_does_not_come_back(
    factory: Factory,
) -> None:
    batch, events = factory.make(), factory.department.events
    factory.service.delete(batch.id, NOBODY)
    events.subscribe(batch, "heard of it just before")
    events.tell(batch)
    assert factory.sockets.posts == []
    with pytest.raises(UnknownBatch):
        factory.department.service.store.set_quota(batch, 2, factory.clock())
    with pytest.raises(UnknownBatch):
        factory.service.get(batch.id, NOBODY)
