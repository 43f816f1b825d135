"""The price table is whole, dated and used."""

import json
import re
from datetime import date
from typing import Any

import pytest

from chalicelib.config import PROVIDER_IDS
from chalicelib.providers.base import UNKNOWN_COST, Cost
from chalicelib.providers.prices import (
    PRICE_LIST,
    TokenRates,
    credits_cost,
    image_price,
    text_cost,
    token_rates,
)

TABLE: dict[str, Any] = json.loads(PRICE_LIST.read_text(encoding="utf-8"))
IMAGES = [(p, m, e) for p, models in TABLE["images"].items() for m, e in models.items()]
TOKENS = [(p, m, e) for p, models in TABLE["tokens"].items() for m, e in models.items()]
RATES = {"textIn", "imageIn", "textOut", "imageOut"}


@pytest.mark.parametrize(("provider", "model_id", "entry"), IMAGES)
def test_every_picture_has_a_price_a_date_and_a_source(
    provider: str, model_id: str, entry: dict[str, Any]
) -> None:
    assert provider in PROVIDER_IDS
    assert set(entry) == {"usd", "asOf", "source"}
    assert 0.001 <= entry["usd"] <= 1
    assert _is_past(entry["asOf"])
    assert entry["source"]
    assert image_price(provider, model_id).amount == entry["usd"]


@pytest.mark.parametrize(("provider", "model_id", "entry"), TOKENS)
def test_every_token_rate_has_a_date_and_a_source(
    provider: str, model_id: str, entry: dict[str, Any]
) -> None:
    assert provider in PROVIDER_IDS
    assert {"asOf", "source"} < set(entry) <= RATES | {"asOf", "source"}
    assert all(0 < entry[rate] <= 100 for rate in RATES & set(entry))
    assert _is_past(entry["asOf"])
    assert token_rates(provider, model_id) is not None


@pytest.mark.parametrize("model_id", TABLE["images"]["openai"])
def test_every_gpt_image_model_has_the_rates_for_an_exact_cost(model_id: str) -> None:
    rates = token_rates("openai", model_id)

    assert rates is not None
    assert rates.image_out > 0


def test_a_dated_snapshot_costs_what_its_model_costs() -> None:
    assert image_price("openai", "gpt-image-2-2026-04-21") == image_price("openai", "gpt-image-2")


def test_a_model_that_nobody_priced_is_unknown_and_not_free() -> None:
    price = image_price("generic", "hunyuan-image-3")

    assert (price.amount, price.basis, price.as_of) == (None, "unknown", TABLE["asOf"])
    assert token_rates("generic", "hunyuan-image-3") is None
    assert text_cost(None, 10, 10).amount is None


def test_rates_are_per_million_tokens() -> None:
    rates = TokenRates(text_in=5, image_in=8, text_out=10, image_out=30)

    assert rates.cost(text_in=1_000_000) == Cost(5.0, "exact")
    assert rates.cost(image_in=500_000, image_out=100_000) == Cost(7.0, "exact")
    assert text_cost(rates, 200_000, 100_000).amount == 2


@pytest.mark.parametrize("said", [float("inf"), float("nan"), -1, 1e300, 10**400])
def test_a_receipt_that_no_call_has_is_not_believed(said: Any) -> None:
    assert credits_cost(said, 100) is None
    rates = TokenRates(text_in=5, text_out=10, image_out=30)
    assert rates.cost(image_out=said) is None
    assert text_cost(rates, 0, said) == UNKNOWN_COST


@pytest.mark.parametrize("said", ["12", None, [1]])
def test_a_receipt_that_is_no_number_is_not_believed(said: Any) -> None:
    assert credits_cost(said, 100) is None
    assert TokenRates(image_out=30).cost(image_out=said) is None


def _is_past(text: str) -> bool:
    assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text)
    return text <= str(date.fromisoformat(TABLE["asOf"]))
