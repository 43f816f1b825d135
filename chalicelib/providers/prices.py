"""What models cost: the dated table in prices.json, read once."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from chalicelib.providers.base import UNKNOWN_COST, Cost

PRICE_LIST = Path(__file__).with_name("prices.json")
_DATED_ID = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = 1_000_000
_MOST_CREDITS = 1_000_000
"""No picture costs that many; a provider that says so has made a mistake."""


@dataclass(frozen=True)
class Price:
    """US dollars for one picture at the provider's defaults; None when the table has no figure."""

    amount: float | None
    basis: Literal["estimated", "unknown"]
    as_of: str


@dataclass(frozen=True)
class TokenRates:
    """US dollars per million tokens of each kind."""

    text_in: float = 0.0
    image_in: float = 0.0
    text_out: float = 0.0
    image_out: float = 0.0

    def cost(
        self, *, text_in: int = 0, image_in: int = 0, text_out: int = 0, image_out: int = 0
    ) -> float:
        """US dollars for the tokens of one call."""
        return (
            text_in * self.text_in
            + image_in * self.image_in
            + text_out * self.text_out
            + image_out * self.image_out
        ) / _MILLION


def image_price(provider: str, model_id: str) -> Price:
    """The estimate for one picture; a dated snapshot of a model costs what the model costs."""
    entry = _entry("images", provider, model_id)
    if entry is None:
        return Price(None, "unknown", _table()["asOf"])
    return Price(entry["usd"], "estimated", entry["asOf"])


def token_rates(provider: str, model_id: str) -> TokenRates | None:
    """The rates by which the model's reported usage becomes an exact cost, if they are known."""
    entry = _entry("tokens", provider, model_id)
    if entry is None:
        return None
    return TokenRates(
        text_in=entry["textIn"],
        image_in=entry.get("imageIn", 0.0),
        text_out=entry.get("textOut", 0.0),
        image_out=entry.get("imageOut", 0.0),
    )


def text_cost(rates: TokenRates | None, tokens_in: int, tokens_out: int) -> Cost:
    """The exact cost of a completion, unknown where the rates are."""
    if rates is None:
        return UNKNOWN_COST
    return Cost(rates.cost(text_in=tokens_in, text_out=tokens_out), "exact")


def most_for_text(provider: str, model_id: str, bytes_in: int, tokens_out: int) -> float:
    """The most US dollars that a completion can take: a token has one byte at least.

    A model without a price counts as the dearest one that has.
    """
    rates = token_rates(provider, model_id)
    if rates is None:
        known = [
            token_rates(maker, model) or TokenRates()
            for maker, models in _table()["tokens"].items()
            for model in models
        ]
        return max(rate.cost(text_in=bytes_in, text_out=tokens_out) for rate in known)
    return rates.cost(text_in=bytes_in, text_out=tokens_out)


def credits_cost(charged: object, per_dollar: int) -> Cost | None:
    """The exact cost of the credits that an answer names; None where they are no such number."""
    if not isinstance(charged, int | float) or not 0 <= charged <= _MOST_CREDITS:
        return None
    return Cost(charged / per_dollar, "exact")


def priced_models(provider: str) -> tuple[str, ...]:
    """The ids of the image models that the table knows."""
    return tuple(_table()["images"].get(provider, ()))


def _entry(kind: str, provider: str, model_id: str) -> dict[str, Any] | None:
    known: dict[str, dict[str, Any]] = _table()[kind].get(provider, {})
    return known.get(model_id) or known.get(_DATED_ID.sub("", model_id))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(PRICE_LIST.read_text(encoding="utf-8"))
    return table
