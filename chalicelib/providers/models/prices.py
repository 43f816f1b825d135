"""What calls cost: prices that the families declare, and the arithmetic of tokens and credits."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, Protocol, Self, TypeVar

from chalicelib.providers.base import TIMES_THE_PIXELS, UNKNOWN_COST, Cost, Quality, Resolution
from chalicelib.providers.models.family import ImagePrice, TokenPrice, TokenRates

AS_OF = "2026-11-21"
"""The day of the whole table, told where a model has no price of its own."""
_DATED_ID = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = 1_000_000
DEAREST = 1000.0
"""Upper bound for one call, in USD. Larger or non-numeric amounts are discarded."""


class Dated(Protocol):
    """What holds from the UTC day `since` on (as 2027-01-01), until `then` holds in its place."""

    @property
    def since(self) -> str: ...

    @property
    def then(self) -> Self | None: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class Price:
    """US dollars for one picture; None when the table has no figure.

    `since` and `then` tell of a change that is known before it comes. `by_quality` and
    `by_resolution` are for other choices than the provider's defaults. `at_most` is what to reckon
    with where there is no figure, because of the choice.
    """

    amount: float | None
    basis: Literal["estimated", "unknown"]
    as_of: str
    since: str = ""
    then: "Price | None" = None
    by_quality: Mapping[Quality, float] = field(default_factory=dict)
    by_resolution: Mapping[Resolution, float] = field(default_factory=dict)
    at_most: float = 0.0

    def of(self, quality: Quality, resolution: Resolution) -> "Price":
        """Return the price of a choice, unknown where the table does not say it."""
        if (quality, resolution) == ("auto", "1K"):
            return self
        at_quality = self.amount if quality == "auto" else self.by_quality.get(quality)
        if resolution == "1K":
            amount = at_quality
        else:
            amount = self.by_resolution.get(resolution) if quality == "auto" else None
        return replace(
            self,
            amount=amount,
            basis="unknown" if amount is None else "estimated",
            then=self.then.of(quality, resolution) if self.then else None,
            by_quality={},
            by_resolution={},
            at_most=(at_quality or 0.0) * TIMES_THE_PIXELS[resolution],
        )


def holding(entry: D, now_ms: int) -> D:
    """Return which of the entry and what follows it holds at a moment in epoch milliseconds."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()
    while entry.then and entry.then.since <= today:
        entry = entry.then
    return entry


def image_price(prices: Mapping[str, ImagePrice], model_id: str) -> Price:
    """Return the estimate for one picture; a dated snapshot costs what its model costs."""
    entry = _entry(prices, model_id)
    return Price(None, "unknown", AS_OF) if entry is None else _estimated(entry)


def token_rates(tokens: Mapping[str, TokenPrice], model_id: str, now_ms: int) -> TokenRates | None:
    """Return the rates that make usage reported now an exact cost, if they are known."""
    entry = _entry(tokens, model_id)
    return holding(entry, now_ms).rates if entry else None


def price_of_tokens(tokens: Mapping[str, TokenPrice], model_id: str) -> TokenPrice | None:
    """Return the price of a model's tokens with its dates, if it is known."""
    return _entry(tokens, model_id)


def token_cost(
    rates: TokenRates,
    *,
    text_in: int = 0,
    image_in: int = 0,
    text_out: int = 0,
    image_out: int = 0,
) -> Cost | None:
    """Return what the tokens of one call cost; None where they cannot be as many as that.

    Usage of all zeros is no exact price: some gateways fill it in for every call.
    """
    counted = (
        (text_in, rates.text_in),
        (image_in, rates.image_in),
        (text_out, rates.text_out),
        (image_out, rates.image_out),
    )
    if not any(count for count, _ in counted):
        return None
    return _exact(lambda: sum(count * rate for count, rate in counted) / _MILLION)


def text_cost(rates: TokenRates | None, tokens_in: int, tokens_out: int) -> Cost:
    """Return the exact cost of a completion, unknown where the rates or the tokens are."""
    cost = rates and token_cost(rates, text_in=tokens_in, text_out=tokens_out)
    return cost or UNKNOWN_COST


def most_for_text(rates: Iterable[TokenRates], bytes_in: int, tokens_out: int) -> float:
    """Return the most US dollars that a completion can take: a token has one byte at least."""
    costs = [text_cost(known, bytes_in, tokens_out).amount for known in rates]
    return max(amount for amount in costs if amount is not None)


def credits_cost(charged: object, per_dollar: int) -> Cost | None:
    """Return the exact cost of the credits that a picture is said to take; None for no number.

    Nothing at all is no exact price: some gateways fill zeros in for every call.
    """
    if not isinstance(charged, int | float) or not charged:
        return None
    return _exact(lambda: float(charged) / per_dollar)


def credible(cost: Cost | None) -> Cost | None:
    """Return the cost as an adapter tells it; None where no call costs that."""
    if cost is None or cost.amount is None or 0 <= cost.amount <= DEAREST:
        return cost
    return None


def _exact(dollars: Callable[[], float]) -> Cost | None:
    try:
        return credible(Cost(dollars(), "exact"))
    except (OverflowError, TypeError):
        return None


def _estimated(entry: ImagePrice) -> Price:
    then = _estimated(entry.then) if entry.then else None
    return Price(
        entry.usd,
        "estimated",
        entry.as_of,
        entry.since,
        then,
        entry.by_quality,
        entry.by_resolution,
    )


def _entry(table: Mapping[str, D], model_id: str) -> D | None:
    return table.get(model_id) or table.get(_DATED_ID.sub("", model_id))
