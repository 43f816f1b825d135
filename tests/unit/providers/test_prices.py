"""Every price is dated, sourced and used."""

import re
from typing import Any

import pytest

from chalicelib.config import PROVIDER_IDS
from chalicelib.providers.base import UNKNOWN_COST, Cost
from chalicelib.providers.models.catalog import FAMILIES, rates_of, resolve
from chalicelib.providers.models.family import ImagePrice, TokenPrice, TokenRates
from chalicelib.providers.models.prices import (
    AS_OF,
    credits_cost,
    holding,
    text_cost,
    token_cost,
)
from tests.clocks import now_ms

IMAGES = [(p, m, e) for p in PROVIDER_IDS for m, e in FAMILIES[p].prices.items()]
TOKENS = [(p, m, e) for p in PROVIDER_IDS for m, e in FAMILIES[p].tokens.items()]


@pytest.mark.parametrize(("provider", "model_id", "price"), IMAGES)
def test_every_picture_has_a_price_a_date_and_a_source(
    provider: str, model_id: str, price: ImagePrice
) -> None:
    assert 0.001 <= price.usd <= 1
    assert _is_past(price.as_of)
    assert price.source
    assert resolve("x", provider, model_id).price.amount == price.usd


@pytest.mark.parametrize(("provider", "model_id", "price"), TOKENS)
def test_every_token_rate_has_a_date_and_a_source(
    provider: str, model_id: str, price: TokenPrice
) -> None:
    rates = price.rates
    assert all(0 <= r <= 100 for r in (rates.text_in, rates.image_in, rates.text_out))
    assert 0 < rates.text_out + rates.image_out <= 200
    assert _is_past(price.as_of)
    assert price.source
    assert rates_of(provider, model_id, now_ms()) == holding(price, now_ms()).rates


@pytest.mark.parametrize("model_id", FAMILIES["openai"].prices)
def test_every_gpt_image_model_has_the_rates_for_an_exact_cost(model_id: str) -> None:
    rates = rates_of("openai", model_id, now_ms())

    assert rates is not None
    assert rates.image_out > 0


def test_a_dated_snapshot_costs_what_its_model_costs() -> None:
    dated = resolve("x", "openai", "gpt-image-2-2026-04-21")
    assert dated.price == resolve("x", "openai", "gpt-image-2").price


def test_a_model_that_nobody_priced_is_unknown_and_not_free() -> None:
    price = resolve("Hunyuan Image 3").price

    assert (price.amount, price.basis, price.as_of) == (None, "unknown", AS_OF)
    assert rates_of("generic", "hunyuan-image-3", now_ms()) is None
    assert text_cost(None, 10, 10).amount is None


def test_rates_are_per_million_tokens() -> None:
    rates = TokenRates(text_in=5, image_in=8, text_out=10, image_out=30)

    assert token_cost(rates, text_in=1_000_000) == Cost(5.0, "exact")
    assert token_cost(rates, image_in=500_000, image_out=100_000) == Cost(7.0, "exact")
    assert text_cost(rates, 200_000, 100_000).amount == 2


@pytest.mark.parametrize("said", [float("inf"), float("nan"), -1, 0, 1e300, 10**400])
def test_a_receipt_that_no_call_has_is_not_believed(said: Any) -> None:
    assert credits_cost(said, 100) is None
    rates = TokenRates(text_in=5, text_out=10, image_out=30)
    assert token_cost(rates, image_out=said) is None
    assert text_cost(rates, 0, said) == UNKNOWN_COST


@pytest.mark.parametrize("said", ["12", None, [1]])
def test_a_receipt_that_is_no_number_is_not_believed(said: Any) -> None:
    assert credits_cost(said, 100) is None
    assert token_cost(TokenRates(image_out=30), image_out=said) is None


def _is_past(text: str) -> bool:
    assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text)
    return text <= AS_OF
