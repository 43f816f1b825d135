"""The daily ceiling: exact under concurrency, repeats and lost answers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import RateLimited, Unavailable
from chalicelib.jobs.model import Job, Lease
from chalicelib.jobs.store import LeaseRequest, SlotResult
from chalicelib.providers.base import UNKNOWN_COST, Capabilities, Cost
from chalicelib.providers.catalog import CatalogModel, Price
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import Entry, Hold, held_for, micros
from chalicelib.spend.service import Spending
from chalicelib.spend.store import Ledger
from tests.figures import RecordFigure
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples
from tests.unit.jobs.studio import PRICE, Painter, Studio, draws

DAY = "2026-11-18"
LIMIT = 1_000_000
ESTIMATE = micros(PRICE.amount or 0)


def ledger(cloud: Cloud) -> Ledger:
    return Ledger(cloud.dynamodb, TABLE)


def spending(cloud: Cloud, limit: int = LIMIT) -> Spending:
    models = {
        1: CatalogModel("openai", "m1", Capabilities(), Price(0.04, "estimated", "2026-11-01")),
        2: CatalogModel("openai", "m2", Capabilities(), Price(None, "unknown", "2026-11-01")),
        3: CatalogModel("openai", "m3", Capabilities(), Price(0.211, "estimated", "2026-11-01")),
    }
    slots = [Slot(i, f"Model {i}", model, 30.0, simulated=True) for i, model in models.items()]
    return Spending(ledger(cloud), limit, slots, lambda: samples.NOW)


def balance(cloud: Cloud) -> tuple[int, int, int]:
    """What the day's item says: used, spent, and the sum of what is held."""
    key = {"pk": {"S": "SPEND"}, "sk": {"S": DAY}}
    item = cloud.dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    held = sum(int(v["N"]) for name, v in item.items() if name.startswith("hold#"))
    return int(item["used"]["N"]), int(item.get("spent", {"N": "0"})["N"]), held


def test_an_unpriced_model_is_held_as_the_dearest(cloud: Cloud) -> None:
    held = spending(cloud).reserve({"hold#a": 1, "hold#b": 2, "hold#c": 3})
    assert [hold.micros for hold in held.values()] == [40_000, 211_000, 211_000]
    assert balance(cloud) == (462_000, 0, 462_000)


def test_a_day_without_room_refuses_and_holds_nothing(cloud: Cloud) -> None:
    purse = spending(cloud, limit=250_000)
    with pytest.raises(RateLimited) as refusal:
        purse.reserve({"hold#a": 1, "hold#b": 3})
    assert refusal.value.scope == "spend"
    assert 0 < refusal.value.retry_after <= 86_400
    assert purse.budget() is not None
    purse.reserve({"hold#b": 3})
    with pytest.raises(RateLimited):
        purse.reserve({"hold#c": 1})
    assert balance(cloud) == (211_000, 0, 211_000)


def test_a_ledger_that_is_full_refuses_for_the_moment(cloud: Cloud) -> None:
    key = {"pk": {"S": "SPEND"}, "sk": {"S": DAY}}
    crowd = {"used": {"N": "0"}, "crowd": {"S": "x" * (405_000 - 40)}}
    cloud.dynamodb.put_item(TableName=TABLE, Item={**key, **crowd})
    with pytest.raises(Unavailable):
        spending(cloud).reserve({"hold#a": 1})
    with pytest.raises(ClientError):
        Ledger(cloud.dynamodb, "no table").reserve(DAY, {"hold#a": 1}, LIMIT, samples.NOW)


def test_nine_hundred_at_once_never_pass_the_limit(
    cloud: Cloud, record_figure: RecordFigure
) -> None:
    books = ledger(cloud)

    def reserve(n: int) -> bool:
        return books.reserve(DAY, {f"hold#{n}": 1_000 + n}, LIMIT, samples.NOW)

    with ThreadPoolExecutor(32) as pool:
        admitted = [1_000 + n for n, ok in enumerate(pool.map(reserve, range(900))) if ok]
    assert sum(admitted) <= LIMIT
    assert LIMIT - sum(admitted) < 2_000
    assert balance(cloud) == (sum(admitted), 0, sum(admitted))
    record_figure("R7", requests=900, overspend_micros=max(0, sum(admitted) - LIMIT))


def test_what_is_settled_twice_is_settled_once(cloud: Cloud) -> None:
    books = ledger(cloud)
    books.reserve(DAY, {"hold#a": 40_000, "hold#b": 50_000}, LIMIT, samples.NOW)
    first, second = Entry("hold#a", DAY, 40_000, 35_000), Entry("hold#b", DAY, 50_000, 60_000)
    books.settle(DAY, [first])
    books.settle(DAY, [first, second])
    books.settle(DAY, [first, second])
    assert balance(cloud) == (95_000, 95_000, 0)


def test_what_is_reserved_already_needs_no_room_of_its_own(cloud: Cloud) -> None:
    books = ledger(cloud)
    assert books.reserve(DAY, {"hold#a": 40_000}, LIMIT, samples.NOW)
    assert books.reserve(DAY, {"hold#a": 40_000, "hold#b": 50_000}, LIMIT, samples.NOW)
    assert balance(cloud) == (90_000, 0, 90_000)
    assert not books.reserve(DAY, {"hold#b": 50_000, "hold#c": LIMIT}, LIMIT, samples.NOW)
    assert balance(cloud) == (90_000, 0, 90_000)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_neither_holds_nor_settles_twice(cloud: Cloud, lost: int) -> None:
    books = ledger(cloud)
    with cloud.losing_answers("dynamodb.UpdateItem", lost):
        assert books.reserve(DAY, {"hold#a": 40_000}, LIMIT, samples.NOW)
    assert balance(cloud) == (40_000, 0, 40_000)
    with cloud.losing_answers("dynamodb.UpdateItem", lost):
        books.settle(DAY, [Entry("hold#a", DAY, 40_000, 10_000)])
    assert balance(cloud) == (10_000, 10_000, 0)


def job_with(studio: Studio) -> Job:
    return studio.work(studio.submit())


def today(cloud: Cloud, studio: Studio) -> tuple[int, int, int]:
    used = studio.services.ground.spending.budget()
    assert used is not None
    table = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    (item,) = [i for i in table if i["pk"]["S"] == "SPEND"]
    held = sum(int(v["N"]) for name, v in item.items() if name.startswith("hold#"))
    return int(item["used"]["N"]), int(item.get("spent", {"N": "0"})["N"]), held


def test_a_finished_job_leaves_nothing_held(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws), 2: Painter(draws)}, spend_limit=LIMIT)
    job_with(studio)
    assert today(cloud, studio) == (2 * ESTIMATE, 2 * ESTIMATE, 0)


def test_a_retry_holds_and_settles_its_own_attempt(cloud: Cloud) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("out of order")

    studio = Studio(cloud, {1: Painter(fails)}, spend_limit=LIMIT)  # type: ignore[arg-type]
    job = job_with(studio)
    assert today(cloud, studio) == (ESTIMATE, ESTIMATE, 0)
    studio.painters[1].draw = draws
    studio.service.retry(job.id, [1], "203.0.113.9")
    assert today(cloud, studio) == (2 * ESTIMATE, ESTIMATE, ESTIMATE)
    studio.work(job)
    assert today(cloud, studio) == (2 * ESTIMATE, 2 * ESTIMATE, 0)


def test_a_retry_beside_models_that_still_draw_leaves_nothing_held_for_before(
    cloud: Cloud,
) -> None:
    studio = Studio(cloud, {1: Painter(draws), 2: Painter(draws)}, spend_limit=LIMIT)
    job, now = studio.submit(), studio.clock()
    lease = Lease("w1", now, now + samples.MINUTE)
    studio.store.lease(job.id, [LeaseRequest(1, lease), LeaseRequest(2, lease)], now)
    studio.store.record(job.id, [SlotResult(1, "w1", samples.failure())], now)
    studio.service.retry(job.id, [1], "203.0.113.9")
    assert today(cloud, studio) == (2 * ESTIMATE, 0, 2 * ESTIMATE)


def test_a_refused_job_is_never_made(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws)}, spend_limit=ESTIMATE - 1)
    with pytest.raises(RateLimited):
        studio.submit()
    assert not studio.functions.invoked


def test_what_a_dead_worker_began_counts_as_spent(cloud: Cloud) -> None:
    studio = Studio(cloud, {1: Painter(draws)}, spend_limit=LIMIT)
    job = studio.submit()
    held = {1: Hold(job.holds[1].day, job.holds[1].micros)}
    unknown = replace(samples.failure(), cost=UNKNOWN_COST)
    free = replace(samples.failure(), cost=Cost(0.0, "exact"))
    studio.money.settle(replace(job, outcomes={1: unknown}, holds=held))
    assert today(cloud, studio) == (ESTIMATE, ESTIMATE, 0)
    studio.money.settle(replace(job, outcomes={1: free}, holds=held))
    assert today(cloud, studio) == (ESTIMATE, ESTIMATE, 0)


@given(dollars=st.floats(0, 1000, allow_nan=False))
def test_money_is_rounded_up_to_the_micro_dollar(dollars: float) -> None:
    assert dollars * 1_000_000 - 0.001 <= micros(dollars) <= dollars * 1_000_000 + 1.001


def test_without_any_price_nothing_is_held() -> None:
    unknown = Price(None, "unknown", "2026-11-01")
    assert held_for(unknown, [unknown]) == 0
