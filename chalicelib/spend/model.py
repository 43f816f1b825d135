"""The day's money, in whole micro-dollars (1 USD = 1,000,000), so that sums are exact."""

from dataclasses import dataclass
from datetime import UTC, datetime

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


@dataclass(frozen=True)
class Budget:
    """A named amount that reservations are taken from, such as a day's.

    `limit` in micro-dollars holds from the next reservation on; None takes it as it stands.
    `until_ms` is when nobody will ask for it any more, in epoch milliseconds.
    """

    name: str
    limit: int | None
    until_ms: int = 0


@dataclass(frozen=True)
class Balance:
    """A budget at one moment, in micro-dollars: `left` + `reserved` + `spent` = `limit`.

    `unknown` is the part of `spent` that stands for costs that nobody knows; `dearer` what calls
    came to beyond what was reserved for them, which alone can make `left` negative while the
    limit is not lowered.
    """

    limit: int
    left: int
    reserved: int = 0
    spent: int = 0
    unknown: int = 0
    dearer: int = 0


@dataclass(frozen=True)
class Reservation:
    """Money set aside under a name that is used once, on every one of the budgets named."""

    name: str
    budgets: tuple[str, ...]
