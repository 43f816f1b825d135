"""The daily ceiling in dollars: reserved before the call, settled at the real price after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Self, cast

from chalicelib.callers import NOBODY, Caller
from chalicelib.errors import RateLimited
from chalicelib.providers.base import CostBasis
from chalicelib.spend.ledger import Ledger, NoRoom
from chalicelib.spend.model import DAY_MS, MICROS, Budget, Reservation, day_end, day_of, micros

KEPT_MS = 40 * DAY_MS
NO_CEILING = 10**15
"""A thousand million dollars, for a budget that only tells what was spent."""


LAST = "~"
"""After every user's id in the alphabet."""


@dataclass(frozen=True)
class Purpose:
    """What a call was for: a model by its name, and how well its price is known."""

    model: str
    basis: CostBasis

    def __str__(self) -> str:
        return f"{self.basis} {self.model}"

    @classmethod
    def parse(cls, kind: str) -> Self:
        basis, _, model = kind.partition(" ")
        return cls(model, cast(CostBasis, basis))


@dataclass(frozen=True)
class DaysMoney:
    """What is left of the day's money, in US dollars."""

    limit: float
    left: float
    resets_at: int


@dataclass(frozen=True)
class Spending:
    """`limit` in micro-dollars a day, None for no ceiling: then nothing is written.

    Whoever has signed in has a day of their own beside the installation's, and then both are
    kept, with or without ceilings; `with_accounts` says that there are such people.
    """

    ledger: Ledger
    limit: int | None
    clock: Callable[[], int]
    with_accounts: bool = False

    def reserve(
        self, name: str, parts: Mapping[str, int], caller: Caller = NOBODY
    ) -> Reservation | None:
        """Set micro-dollars aside for each part under a name that is used once.

        Return None where nothing is kept. Raise RateLimited with scope `user` or `spend`, or
        Unavailable while too many reserve at once.
        """
        if self.limit is None and not caller.signed_in:
            return None
        now = self.clock()
        budgets = self._budgets(caller, now)
        try:
            return self.ledger.reserve(name, parts, budgets)
        except NoRoom as full:
            [limit] = [each.limit or 0 for each in budgets if each.name == full.budget]
            raise _refusal(limit, now, personal=full.budget != budgets[0].name) from None

    def reserve_within(
        self, first: Budget, name: str, parts: Mapping[str, int], caller: Caller = NOBODY
    ) -> Reservation:
        """Set micro-dollars aside on a budget and, where they are kept, on the days as well.

        Raise NoRoom where the budget itself has too little left, and else what `reserve` raises.
        """
        now = self.clock()
        days = () if self.limit is None and not caller.signed_in else self._budgets(caller, now)
        try:
            return self.ledger.reserve(name, parts, (first, *days))
        except NoRoom as full:
            if full.budget == first.name:
                raise
            [limit] = [each.limit or 0 for each in days if each.name == full.budget]
            raise _refusal(limit, now, personal=full.budget != days[0].name) from None

    def _budgets(self, caller: Caller, now: int) -> tuple[Budget, ...]:
        """Return the installation's day, and that of a caller who has signed in."""
        until = day_end(now) + KEPT_MS
        day = Budget(day_of(now), NO_CEILING if self.limit is None else self.limit, until)
        if not caller.signed_in:
            return (day,)
        own = caller.limits.dollars_per_day
        limit = NO_CEILING if own is None else micros(own)
        return day, Budget(personal(day_of(now), caller.user_id), limit, until)

    def settle(
        self,
        reservation: Reservation,
        costs: Mapping[str, int | None],
        purposes: Mapping[str, Purpose] = MappingProxyType({}),
    ) -> None:
        """Turn parts into what they came to in micro-dollars; None where nobody knows.

        `purposes` tells for the report of an installation with accounts what a part was for.
        """
        kinds = {part: str(purpose) for part, purpose in purposes.items()}
        self.ledger.settle(reservation, costs, kinds if self.with_accounts else {})

    def release(self, reservation: Reservation) -> None:
        """Give back what was set aside for calls that never began."""
        self.ledger.release(reservation)

    def finish_pending(self) -> int:
        """End what was interrupted today or yesterday; return how many changes that were."""
        if not self._is_kept:
            return 0
        now = self.clock()
        days = [day_of(at) for at in (now - DAY_MS, now)]
        budgets = days + [b for day in days for b in self._personal_budgets(day)]
        return sum(self.ledger.finish_pending(budget) for budget in budgets)

    @property
    def _is_kept(self) -> bool:
        return self.limit is not None or self.with_accounts

    def _personal_budgets(self, day: str) -> Sequence[str]:
        """Return the personal budgets of a day on which something may have been interrupted."""
        if not self.with_accounts:
            return ()
        found = self.ledger.accounts(personal(day, ""), personal(day, LAST))
        return [name for name, account in found.items() if account.marks]

    def open(self, older_than_ms: int) -> list[Reservation]:
        """Return what was reserved that long ago, today or yesterday, and is not settled."""
        if not self._is_kept:
            return []
        now = self.clock()
        days = (day_of(now - DAY_MS), day_of(now))
        return [found for day in days for found in self.ledger.open(day, older_than_ms)]

    def today(self) -> DaysMoney | None:
        """Return what is left today; None where there is no ceiling."""
        if self.limit is None:
            return None
        now = self.clock()
        return self._left(day_of(now), self.limit, now)

    def todays(self, caller: Caller) -> DaysMoney | None:
        """Return what a person has left today; None where they have no ceiling."""
        own, now = caller.limits.dollars_per_day, self.clock()
        if own is None:
            return None
        return self._left(personal(day_of(now), caller.user_id), micros(own), now)

    def spent_today(self, caller: Caller) -> float:
        """Return what a person's calls have come to today, in US dollars."""
        balance = self.ledger.balance(personal(day_of(self.clock()), caller.user_id))
        return balance.spent / MICROS if balance else 0.0

    def resets_at(self) -> int:
        """Return when the day's money begins anew, in epoch milliseconds."""
        return day_end(self.clock())

    def _left(self, budget: str, limit: int, now: int) -> DaysMoney:
        balance = self.ledger.balance(budget)
        used = balance.limit - balance.left if balance else 0
        left = max(0, limit - used)
        return DaysMoney(limit / MICROS, left / MICROS, day_end(now))


def personal(day: str, user_id: str) -> str:
    """Return the name of a person's budget of a day."""
    return f"{day}#{user_id}"


def _refusal(limit: int, now: int, *, personal: bool) -> RateLimited:
    resets = day_end(now)
    when = datetime.fromtimestamp(resets / 1000, UTC)
    whose = "Your spending limit for today" if personal else "Today's spending limit"
    return RateLimited(
        f"{whose} of ${limit / MICROS:.2f} has no room for this;"
        f" it resets at {when:%Y-%m-%d %H:%M} UTC.",
        scope="user" if personal else "spend",
        retry_after=max(1, (resets - now) // 1000),
    )
