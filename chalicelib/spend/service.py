"""The daily ceiling in dollars: reserved before the call, settled at the real price after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from chalicelib.errors import RateLimited, Unavailable
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import MICROS, Entry, Hold, day_end, day_of, held_for, micros
from chalicelib.spend.store import Ledger, LedgerFull


@dataclass(frozen=True)
class Budget:
    """What is left of the day's money, in US dollars."""

    limit: float
    left: float
    resets_at: int


@dataclass(frozen=True)
class Spending:
    """`limit` in micro-dollars a day, None for no ceiling."""

    ledger: Ledger
    limit: int | None
    slots: Sequence[Slot]
    clock: Callable[[], int]

    def reserve(self, attempts: Mapping[str, int]) -> dict[str, Hold]:
        """Set money aside for each attempt, by its name and the slot that it is for.

        Raise RateLimited with scope `spend`, or Unavailable while too much is being drawn.
        """
        if self.limit is None:
            return {}
        now = self.clock()
        prices = {slot.index: slot.model.price for slot in self.slots}
        reserved = {
            name: Hold(day_of(now), held_for(prices[index], prices.values()))
            for name, index in attempts.items()
        }
        self._hold({name: held.micros for name, held in reserved.items()}, self.limit, now)
        return reserved

    def hold(self, name: str, dollars: float) -> Entry | None:
        """Sets money aside for one call, as dear as it can be; None where there is no ceiling.

        Raises what `reserve` raises.
        """
        if self.limit is None:
            return None
        now, held = self.clock(), micros(dollars)
        entry = Entry(f"hold#{name}", day_of(now), held, charged=held)
        self._hold({entry.id: held}, self.limit, now)
        return entry

    def close(self, entry: Entry | None) -> None:
        """Settles what `hold` set aside."""
        self.settle([entry] if entry else [])

    def settle(self, entries: Sequence[Entry]) -> None:
        """Turn what was set aside into what it really came to; repeating it changes nothing."""
        by_day = sorted(entries, key=lambda entry: entry.day)
        for day, group in groupby(by_day, key=lambda entry: entry.day):
            self.ledger.settle(day, list(group))

    def _hold(self, holds: Mapping[str, int], limit: int, now: int) -> None:
        try:
            admitted = self.ledger.reserve(day_of(now), holds, limit, now)
        except LedgerFull:
            raise Unavailable("Too much is being drawn at once. Try again in a minute.") from None
        if not admitted:
            raise _refusal(limit, now)

    def budget(self) -> Budget | None:
        if self.limit is None:
            return None
        now = self.clock()
        left = max(0, self.limit - self.ledger.used(day_of(now)))
        return Budget(self.limit / MICROS, left / MICROS, day_end(now))


def _refusal(limit: int, now: int) -> RateLimited:
    resets = day_end(now)
    when = datetime.fromtimestamp(resets / 1000, UTC)
    return RateLimited(
        f"Today's spending limit of ${limit / MICROS:.2f} has no room for this;"
        f" it resets at {when:%Y-%m-%d %H:%M} UTC.",
        scope="spend",
        retry_after=max(1, (resets - now) // 1000),
    )
