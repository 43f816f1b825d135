"""The daily ceiling: what a request, a text and a job's attempts reserve and settle."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.callers import Caller
from chalicelib.errors import RateLimited
from chalicelib.jobs import items
from chalicelib.jobs.model import Job, Lease, LeaseRequest, SlotResult
from chalicelib.jobs.reservations import UNUSED_AFTER_MS, JobReservations
from chalicelib.providers.base import UNKNOWN_COST, Capabilities, Cost
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.prices import Price
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import Balance, day_end, micros
from chalicelib.spend.service import Spending
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples
from tests.unit.jobs.studio import PRICE, WISH, Painter, Studio, codes, draws, raises
from tests.unit.spend.books import Books

LIMIT = 1_000_000
ESTIMATE = micros(PRICE.amount or 0)
DEAREST = 250_000
"""Of the whole price table: recraftv4_pro."""


def money(books: Books, limit: int = LIMIT) -> JobReservations:
    """Three models, of which the second has no price."""
    models = {
        1: CatalogModel("openai", "m1", Capabilities(), Price(0.04, "estimated", "2026-11-01")),
        2: CatalogModel("openai", "m2", Capabilities(), Price(None, "unknown", "2026-11-01")),
    }
    slots = [Slot(i, f"Model {i}", model, 30.0, simulated=True) for i, model in models.items()]
    return JobReservations(Spending(books.ledger, limit, lambda: books.now), slots, books._id)


def left(money: JobReservations) -> int:
    today = money.spending.today()
    assert today
    return micros(today.left)


def test_an_unpriced_model_counts_as_the_dearest_of_the_whole_table(books: Books) -> None:
    at = money(books)
    at.reserve(samples.JOB_ID, [1, 2])
    assert left(at) == LIMIT - 40_000 - DEAREST


def test_a_ceiling_of_a_cent_is_too_low_for_a_model_without_a_price(books: Books) -> None:
    at = money(books, limit=10_000)
    with pytest.raises(RateLimited):
        at.reserve(samples.JOB_ID, [2])
    assert left(at) == 10_000


def test_a_day_without_room_refuses_and_reserves_nothing(books: Books) -> None:
    at = money(books, limit=DEAREST)
    with pytest.raises(RateLimited) as refusal:
        at.reserve(samples.JOB_ID, [1, 2])
    assert refusal.value.scope == "spend"
    assert 0 < refusal.value.retry_after <= 86_400
    assert left(at) == DEAREST
    at.reserve(samples.JOB_ID, [2])
    with pytest.raises(RateLimited):
        at.reserve("another", [1])
    assert left(at) == 0


def test_a_new_day_has_its_own_money(books: Books) -> None:
    at = money(books, limit=40_000)
    at.reserve("yesterday's", [1])
    books.now += 86_400_000
    at.reserve("today's", [1])
    assert left(at) == 0


def test_what_a_day_took_is_kept_for_forty_days_after_it(books: Books) -> None:
    at = money(books)
    at.reserve(samples.JOB_ID, [1])
    kept = {item["expires"]["N"] for item in books.cloud.dynamodb.scan(TableName=TABLE)["Items"]}
    assert kept == {str((day_end(books.now) + 40 * 86_400_000) // 1000)}


def test_what_was_interrupted_is_ended_by_the_daily_look(books: Books) -> None:
    at = money(books)
    assert at.spending.finish_pending() == 0
    day = at.spending.reserve("a", {"a": 7})
    assert day
    books.cloud.dynamodb.delete_item(
        TableName=TABLE, Key={"pk": {"S": f"SPEND#{day.budgets[0]}"}, "sk": {"S": "a"}}
    )
    books.now += 86_400_000
    assert at.spending.finish_pending() == 1
    assert books.ledger.balance(day.budgets[0]) == Balance(LIMIT, LIMIT)


def job_with(studio: Studio) -> Job:
    return studio.work(studio.submit())


def today(cloud: Cloud, studio: Studio) -> tuple[int, int, int]:
    """What is used, of which spent, and reserved."""
    items = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    (day,) = [item["sk"]["S"] for item in items if item["pk"]["S"] == "SPEND"]
    balance = studio.services.ground.ledger.balance(day)
    assert balance
    return balance.limit - balance.left, balance.spent, balance.reserved


def test_a_finished_job_leaves_nothing_reserved(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws), 2: Painter(draws)}, spend_limit=LIMIT)
    job_with(studio)
    assert today(cloud, studio) == (2 * ESTIMATE, 2 * ESTIMATE, 0)


def test_a_retry_reserves_and_settles_its_own_attempt(cloud: Cloud) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("out of order")

    studio = Studio(cloud, {1: Painter(fails)}, spend_limit=LIMIT)  # type: ignore[arg-type]
    job = job_with(studio)
    assert today(cloud, studio) == (ESTIMATE, ESTIMATE, 0)
    studio.painters[1].draw = draws
    studio.service.retry(job.id, [1], Caller("203.0.113.9"))
    assert today(cloud, studio) == (2 * ESTIMATE, ESTIMATE, ESTIMATE)
    studio.work(job)
    assert today(cloud, studio) == (2 * ESTIMATE, 2 * ESTIMATE, 0)


def test_a_retry_beside_models_that_still_draw_leaves_nothing_reserved_for_before(
    cloud: Cloud,
) -> None:
    studio = Studio(cloud, {1: Painter(draws), 2: Painter(draws)}, spend_limit=LIMIT)
    job, now = studio.submit(), studio.clock()
    lease = Lease("w1", now, now + samples.MINUTE)
    studio.store.lease(job.id, [LeaseRequest(1, lease), LeaseRequest(2, lease)], now)
    studio.store.record(job.id, [SlotResult(1, "w1", samples.failure())], now)
    studio.service.retry(job.id, [1], Caller("203.0.113.9"))
    assert today(cloud, studio) == (2 * ESTIMATE, 0, 2 * ESTIMATE)


def test_a_refused_job_is_never_made(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws)}, spend_limit=ESTIMATE - 1)
    with pytest.raises(RateLimited):
        studio.submit()
    assert not studio.functions.invoked


def test_what_a_dead_worker_began_counts_as_spent(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws)}, spend_limit=LIMIT)
    job = studio.submit()
    unknown = replace(samples.failure(), cost=UNKNOWN_COST)
    free = replace(samples.failure(), cost=Cost(0.0, "exact"))
    for outcome in (unknown, free):
        studio.money.settle(replace(job, outcomes={1: outcome}))
        assert today(cloud, studio) == (ESTIMATE, ESTIMATE, 0)


def test_of_two_requests_with_one_job_only_one_keeps_its_money(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws)}, spend_limit=LIMIT)
    first = studio.submit()
    late = replace(studio.service, new_id=lambda: first.id)
    assert late.submit(WISH, Caller("203.0.113.9"), None).reserved == first.reserved
    assert today(cloud, studio) == (ESTIMATE, 0, ESTIMATE)


def test_money_for_a_job_that_never_came_to_be_is_given_back(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws)}, spend_limit=LIMIT)
    studio.submit()
    studio.money.reserve(samples.JOB_ID, [1])
    assert studio.jobs.unused_money.release() == 0
    studio.ahead_ms += UNUSED_AFTER_MS
    assert studio.jobs.unused_money.release() == 1
    assert today(cloud, studio) == (ESTIMATE, 0, ESTIMATE)


def test_a_job_of_the_former_ledger_can_be_retried_and_settled(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(raises(TimeoutError()))}, spend_limit=LIMIT)
    job = studio.submit()
    former = {"M": {"1": {"S": '{"day":"2026-11-18","micros":40000}'}}}
    cloud.dynamodb.update_item(
        TableName=TABLE,
        Key=items.key(job.id),
        UpdateExpression="SET holds = :former",
        ExpressionAttributeValues={":former": former},
    )
    assert codes(studio.work(job)) == ["INTERRUPTED"]
    studio.service.retry(job.id, [1], Caller("203.0.113.9"))
    studio.work(job)
    assert today(cloud, studio) == (2 * ESTIMATE, ESTIMATE, ESTIMATE)


@given(dollars=st.floats(0, 1000, allow_nan=False))
def test_money_is_rounded_up_to_the_micro_dollar(dollars: float) -> None:
    assert dollars * 1_000_000 - 0.001 <= micros(dollars) <= dollars * 1_000_000 + 1.001
