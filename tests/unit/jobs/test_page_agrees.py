"""What the page calls too dear is what the server refuses: both are tried with the same cases."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.callers import Caller
from chalicelib.errors import RateLimited
from chalicelib.jobs.reservations import JobReservations
from chalicelib.providers.models.catalog import dearest_image
from chalicelib.providers.models.prices import Price
from chalicelib.spend.model import MICROS
from devstack.settings import PROJECT
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Painter, Studio, draws, slot

CASES = json.loads((PROJECT / "frontend/src/features/studio/refusals.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[f"{c['prices']} {c['spare']}" for c in CASES])
def test_what_the_page_calls_too_dear_is_refused(cloud: Cloud, case: dict[str, Any]) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    prices: list[float | None] = case["prices"]
    held = sum(dearest_image(at.clock()) if price is None else price for price in prices)
    left = Studio(
        cloud, {1: Painter(draws)}, spend_limit=round((held + case["spare"]) * MICROS)
    ).services.ground.spending
    slots = [_priced(index, price) for index, price in enumerate(prices, start=1)]
    money = JobReservations(left, slots, lambda: "an id")
    indices = [each.index for each in slots]

    if not case["refused"]:
        assert money.reserve("a job", indices, Caller("203.0.113.9"))
        return
    with pytest.raises(RateLimited) as refused:
        money.reserve("a job", indices, Caller("203.0.113.9"))
    assert refused.value.scope == "spend"


def _priced(index: int, price: float | None) -> Any:
    made = slot(index, 30.0)
    known = Price(price, "unknown" if price is None else "estimated", "2026-11-01")
    return replace(made, model=replace(made.model, price=known))
