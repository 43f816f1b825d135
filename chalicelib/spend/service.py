"""The daily ceiling in dollars: reserved before the call, settled at the real price after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.errors import RateLimited
from chalicelib.spend.ledger import Ledger, NoRoom
from chalicelib.spend.model import DAY_MS, MICROS, Budget, Reservation, day_end, day_of

KEPT_MS = 40 * DAY_MS


@dataclass(frozen=True)
class DaysMoney:
    """What is left of the day's money, in US dollars."""

    limit: float
    left: float
    resets_at: int


@dataclass(frozen=True)
class Spending:
    """`limit` in micro-dollars a day, None for no ceiling: then nothing is written."""

    ledger: Ledger
    limit: int | None
    clock: Callable[[], int]

    def reserve(self, name: str, parts: Mapping[str, int]) -> Reservation | None:
        """Set micro-dollars aside for each part under a name that is used once.

        Return None where there is no ceiling. Raise RateLimited with scope `spend`, or Unavailable
        while too many reserve at once.
        """
        if self.limit is None:
            return None
        now = self.clock()
        day = Budget(day_of(now), self.limit, day_end(now) + KEPT_MS)
        try:
            return self.ledger.reserve(name, parts, (day,))
        except NoRoom:
            raise _refusal(self.limit, now) from None

    def settle(self, reservation: Reservation, costs: Mapping[str, int | None]) -> None:
        """Turn parts into what they came to in micro-dollars; None where nobody knows."""
        self.ledger.settle(reservation, costs)

    def release(self, reservation: Reservation) -> None:
        """Give back what was set aside for calls that never began."""
        self.ledger.release(reservation)

    def finish_pending(self) -> int:
        """End what was interrupted today or yesterday; return how many changes that were."""
        if self.limit is None:
            return 0
        now = self.clock()
        return sum(self.ledger.finish_pending(day_of(at)) for at in (now - DAY_MS, now))

    def open(self, older_than_ms: int) -> list[Reservation]:
        """Return what was reserved that long ago, today or yesterday, and is not settled."""
        if self.limit is None:
            return []
        now = self.clock()
        days = (day_of(now - DAY_MS), day_of(now))
        return [found for day in days for found in self.ledger.open(day, older_than_ms)]

    def today(self) -> DaysMoney | None:
        """Return what is left today; None where there is no ceiling."""
        if self.limit is None:
            return None
        now = self.clock()
        balance = self.ledger.balance(day_of(now))
        used = balance.limit - balance.left if balance else 0
        left = max(0, self.limit - used)
        return DaysMoney(self.limit / MICROS, left / MICROS, day_end(now))


def _refusal(limit: int, now: int) -> RateLimited:
    resets = day_end(now)
    when = datetime.fromtimestamp(resets / 1000, UTC)
    return RateLimited(
        f"Today's spending limit of ${limit / MICROS:.2f} has no room for this;"
        f" it resets at {when:%Y-%m-%d %H:%M} UTC.",
        scope="spend",
        retry_after=max(1, (resets - now) // 1000),
    )
