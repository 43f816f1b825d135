"""The day's money, in whole micro-dollars (1 USD = 1,000,000), so that sums are exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.providers.catalog import Price

MICROS = 1_000_000
DAY_MS = 86_400_000


def micros(dollars: float) -> int:
    """Rounded up: a ceiling may be met early, never late."""
    return -(-round(dollars * MICROS * 1000) // 1000)


def day_of(now: int) -> str:
    """The UTC day of a moment in epoch milliseconds."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")


def day_end(now: int) -> int:
    """When the day's money is forgotten, in epoch milliseconds."""
    return now - now % DAY_MS + DAY_MS


def held_for(price: Price, prices: Iterable[Price]) -> int:
    """What a call reserves: its price, or the dearest known one where it has none."""
    if price.amount is not None:
        return micros(price.amount)
    return micros(max((p.amount for p in prices if p.amount is not None), default=0.0))


@dataclass(frozen=True)
class Hold:
    """Money set aside for one attempt: whole micro-dollars, on one UTC day."""

    day: str
    micros: int


@dataclass(frozen=True)
class Entry:
    """What the ledger holds for one attempt, and what it came to."""

    id: str
    day: str
    held: int
    charged: int
