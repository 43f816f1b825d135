"""What models cost: the dated table in prices.json, read once."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from chalicelib.providers.base import UNKNOWN_COST, Cost

PRICE_LIST = Path(__file__).with_name("prices.json")
_DATED_ID = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = 1_000_000
DEAREST = 1000.0
"""US dollars that no call costs: a provider that says more, or no number, is not believed."""


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
    ) -> Cost | None:
        """What the tokens of one call cost; None where they cannot be as many as that."""
        counted = (
            (text_in, self.text_in),
            (image_in, self.image_in),
            (text_out, self.text_out),
            (image_out, self.image_out),
        )
        return _exact(lambda: sum(count * rate for count, rate in counted) / _MILLION)


def image_price(provider: str, model_id: str) -> Price:
    """The estimate for one picture; a dated snapshot of a model costs what the model costs."""
    entry = _entry("images", provider, model_id)
    if entry is None:
        return Price(None, "unknown", _table()["asOf"])
    return Price(entry["usd"], "estimated", entry["asOf"])


def most_for_image(price: Price) -> float:
    """The most US dollars that a picture is expected to take.

    A model without a price counts as the dearest of the whole table, configured or not.
    """
    if price.amount is not None:
        return price.amount
    known = (entry["usd"] for models in _table()["images"].values() for entry in models.values())
    return float(max(known))


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
    cost = rates and rates.cost(text_in=tokens_in, text_out=tokens_out)
    return cost or UNKNOWN_COST


def most_for_text(provider: str, model_id: str, bytes_in: int, tokens_out: int) -> float:
    """The most US dollars that a completion can take: a token has one byte at least.

    A model without a price counts as the dearest one that has.
    """
    own = token_rates(provider, model_id)
    known = [
        token_rates(maker, name) for maker, names in _table()["tokens"].items() for name in names
    ]
    costs = [text_cost(rates, bytes_in, tokens_out).amount for rates in ([own] if own else known)]
    return max(amount for amount in costs if amount is not None)


def credits_cost(charged: object, per_dollar: int) -> Cost | None:
    """The exact cost of the credits that an answer names; None where they are no such number."""
    return _exact(lambda: float(charged) / per_dollar) if isinstance(charged, int | float) else None


def credible(cost: Cost | None) -> Cost | None:
    """The cost as an adapter tells it; None where no call costs that."""
    if cost is None or cost.amount is None or 0 <= cost.amount <= DEAREST:
        return cost
    return None


def priced_models(provider: str) -> tuple[str, ...]:
    """The ids of the image models that the table knows."""
    return tuple(_table()["images"].get(provider, ()))


def _exact(dollars: Callable[[], float]) -> Cost | None:
    try:
        return credible(Cost(dollars(), "exact"))
    except (OverflowError, TypeError):
        return None


def _entry(kind: str, provider: str, model_id: str) -> dict[str, Any] | None:
    known: dict[str, dict[str, Any]] = _table()[kind].get(provider, {})
    return known.get(model_id) or known.get(_DATED_ID.sub("", model_id))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(PRICE_LIST.read_text(encoding="utf-8"))
    return table
