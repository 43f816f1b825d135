"""A price that is known to change is the old one until the last moment of its last UTC day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from chalicelib.config import PROVIDER_IDS, load
from chalicelib.generation.call import Call, generated
from chalicelib.jobs.outcomes import failed_outcome
from chalicelib.jobs.reservations import JobReservations
from chalicelib.providers.base import Cost, Parameters, Picture
from chalicelib.providers.errors import BadResponse
from chalicelib.providers.models.catalog import FAMILIES, dearest_text, most_for_image, rates_of
from chalicelib.providers.models.family import Family, ImagePrice, TokenPrice, TokenRates
from chalicelib.providers.models.prices import Price
from chalicelib.providers.registry import Slot, slots
from chalicelib.routes.catalog import price_view
from chalicelib.spend.ledger import Ledger
from chalicelib.spend.model import micros
from chalicelib.spend.service import Spending
from chalicelib.spend.store import LedgerStore
from tests.pictures import png
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples

DEAR = ImagePrice(0.9, "2026-11", "a price list", since="2027-03-01")
PROMOTION = ImagePrice(0.3, "2026-11", "a price list; promotional", then=DEAR)
BEFORE, AFTER = (
    int(datetime.fromisoformat(moment).timestamp() * 1000)
    for moment in ("2027-02-28T23:59:59.999+00:00", "2027-03-01T00:00:00+00:00")
)
ENTRIES: list[tuple[str, ImagePrice | TokenPrice]] = [
    (f"{provider}/{model_id}", entry)
    for provider in PROVIDER_IDS
    for table in (FAMILIES[provider].prices, FAMILIES[provider].tokens)
    for model_id, entry in table.items()
]
CHANGING = [(name, entry) for name, entry in ENTRIES if entry.then]
both_days = pytest.mark.parametrize(("now", "usd"), [(BEFORE, 0.3), (AFTER, 0.9)])


@pytest.fixture
def slot(monkeypatch: pytest.MonkeyPatch) -> Slot:
    """A slot whose model has a promotional price."""
    known, family = cast(dict[str, Family], FAMILIES), FAMILIES["recraft"]
    prices = {**family.prices, "recraftv3": PROMOTION}
    monkeypatch.setitem(known, "recraft", replace(family, prices=prices))
    named = {"MODEL_COUNT": "1", "MODEL_1_NAME": "Recraft v3", "MODEL_1_KEY": "k"}
    return slots(load(named))[0]


@both_days
def test_the_ceiling_holds_the_price_of_the_day(
    now: int, usd: float, slot: Slot, cloud: Cloud
) -> None:
    ledger = Ledger(LedgerStore(cloud.dynamodb, TABLE), lambda: now, lambda: "an id")
    spending = Spending(ledger, micros(5.0), lambda: now)
    JobReservations(spending, [slot], lambda: "an id").reserve(samples.JOB_ID, [1])
    today = spending.today()
    assert today
    assert today.left == pytest.approx(5.0 - usd)


@both_days
def test_a_picture_is_estimated_at_the_price_of_the_day(now: int, usd: float, slot: Slot) -> None:
    call = Call(slot, "a kite", Parameters(), "a/b", deadline_ms=now + 1000)
    assert generated(call, Picture(png("a kite")), (), now).cost == Cost(usd, "estimated")


@both_days
def test_a_billed_failure_is_estimated_at_the_price_of_the_day(
    now: int, usd: float, slot: Slot
) -> None:
    error = BadResponse("No picture.", billed="yes")
    outcome = failed_outcome(samples.job(1), 1, None, error, slot.model.price, now)
    assert outcome.cost == Cost(usd, "estimated")


@both_days
def test_a_model_without_a_price_counts_as_the_dearest_of_the_day(
    now: int, usd: float, slot: Slot
) -> None:
    assert most_for_image(Price(None, "unknown", "2026-11"), now) == usd


def test_a_change_is_shown_before_it_comes_and_not_afterwards(slot: Slot) -> None:
    before, after = (price_view(slot.model.price, now).model_dump(exclude_unset=True)
                     for now in (BEFORE, AFTER))  # fmt: skip
    assert before == {
        "amount": 0.3, "basis": "estimated", "asOf": "2026-11", "changesOn": "2027-03-01",
    }  # fmt: skip
    assert after == {"amount": 0.9, "basis": "estimated", "asOf": "2026-11"}


@pytest.mark.parametrize(("name", "entry"), CHANGING, ids=[name for name, _ in CHANGING])
def test_every_change_has_its_day_and_follows_the_last_one(
    name: str, entry: ImagePrice | TokenPrice
) -> None:
    then: ImagePrice | TokenPrice | None = entry.then
    assert not entry.since, "what holds first holds always"
    last = ""
    while then:
        assert date.fromisoformat(then.since).isoformat() == then.since > last
        assert then.source
        last, then = then.since, then.then


def test_geminis_small_text_model_costs_twice_as_much_once_its_promotion_ends() -> None:
    first = datetime(2027, 1, 1, tzinfo=UTC)
    before, after = (
        rates_of("google", "gemini-3.8-flash", int(moment.timestamp() * 1000))
        for moment in (first - timedelta(milliseconds=1), first)
    )
    assert before == TokenRates(text_in=0.75, text_out=3.75)
    assert after == TokenRates(text_in=1.5, text_out=7.5)


def test_the_ceiling_holds_a_texts_price_of_the_day() -> None:
    first = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000)
    for now, usd in ((first - 1, 0.00825), (first, 0.0165)):
        assert dearest_text("google", "gemini-3.8-flash", 1000, 2000, now) == pytest.approx(usd)
