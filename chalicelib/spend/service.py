"""The daily ceiling in dollars: reserved before the call, settled at the real price after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from chalicelib.errors import RateLimited, Unavailable
from chalicelib.jobs.model import Hold, Job
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import (
    MICROS,
    Entry,
    day_end,
    day_of,
    ended_entries,
    entry_id,
    held_for,
    micros,
)
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

    def reserve(self, job_id: str, attempts: Mapping[int, int]) -> dict[int, Hold]:
        """Sets money aside for each slot's attempt.

        Raises RateLimited with scope `spend`, or Unavailable while too much is being drawn.
        """
        if self.limit is None:
            return {}
        now = self.clock()
        prices = {slot.index: slot.model.price for slot in self.slots}
        reserved = {
            index: Hold(day_of(now), held_for(prices[index], prices.values())) for index in attempts
        }
        holds = {
            entry_id(job_id, index, attempts[index]): held.micros
            for index, held in reserved.items()
        }
        self._hold(holds, self.limit, now)
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
        self._settle([entry] if entry else [])

    def release(
        self, job_id: str, attempts: Mapping[int, int], reserved: Mapping[int, Hold]
    ) -> None:
        """Gives back what was set aside for attempts that never began."""
        entries = [
            Entry(entry_id(job_id, index, attempts[index]), held.day, held.micros, 0)
            for index, held in reserved.items()
        ]
        self._settle(entries)

    def settle(self, job: Job) -> None:
        """Settles every attempt of the job that has ended; doing it again changes nothing."""
        self._settle(ended_entries(job))

    def _hold(self, holds: Mapping[str, int], limit: int, now: int) -> None:
        try:
            admitted = self.ledger.reserve(day_of(now), holds, limit, now)
        except LedgerFull:
            raise Unavailable("Too much is being drawn at once. Try again in a minute.") from None
        if not admitted:
            raise _refusal(limit, now)

    def _settle(self, entries: Sequence[Entry]) -> None:
        by_day = sorted(entries, key=lambda entry: entry.day)
        for day, group in groupby(by_day, key=lambda entry: entry.day):
            self.ledger.settle(day, list(group))

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
