"""The ledger: named budgets, and reservations on one or several of them, settled part by part.

Every change is a single conditional update, and may be repeated. Money moves in steps that can be
interrupted anywhere:

* reserving takes the amount from each budget, leaving a mark there, and then writes the
  reservation's item. Until that stands the marks are nobody's, and are undone.
* settling first writes into the reservation's item what leaves it, then changes each budget,
  leaving a mark, and then strikes it off the item, which goes with its last part. Whoever finds
  it under way ends it.

A mark keeps its change from happening twice. It goes once the reservation's item tells of the
change; no change that began before it (by `floor`) can happen after that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType

from chalicelib.errors import Unavailable
from chalicelib.spend.accounts import Account, Mark, Settling, Standing
from chalicelib.spend.model import Balance, Budget, Reservation
from chalicelib.spend.store import LedgerStore

CONTENDERS = 40
"""How often a change is tried again against others at the same budget or reservation."""
MARKS = 6
"""After so many changes of a budget, those marks go that are not needed any more."""
ABANDONED_MS = 120_000
"""Nobody goes on with a change that old: no entry that reserves money lives so long."""


class NoRoom(Exception):
    """The budget has less left than was asked for; `budget` is its name."""

    def __init__(self, budget: str) -> None:
        super().__init__(budget)
        self.budget = budget


class Contended(Unavailable):
    """Others changed the same budget or reservation each time."""

    def __init__(self) -> None:
        super().__init__("Too much is being asked for at once. Try again.")


@dataclass(frozen=True)
class Ledger:
    """Every amount in whole micro-dollars; `clock` in epoch milliseconds."""

    store: LedgerStore
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def reserve(
        self, name: str, parts: Mapping[str, int], budgets: Sequence[Budget]
    ) -> Reservation:
        """Take the sum of the parts from every budget, or from none; raise NoRoom.

        A name that has a reservation keeps it as it is. Always name budgets in the same order.
        """
        for _ in range(CONTENDERS):
            wanted = Standing(
                name=name,
                home=budgets[0].name,
                token=self._token(),
                budgets=tuple(budget.name for budget in budgets),
                parts=parts,
                made_ms=self.clock(),
            )
            if not self._take(wanted, budgets):
                return Reservation(name, self.store.standing(wanted.home, name).budgets)
            found = self.store.publish(wanted, max(budget.until_ms for budget in budgets))
            if found.token == wanted.token:
                return Reservation(name, wanted.budgets)
            self._undo(wanted, wanted.budgets)
            if found.token:
                return Reservation(name, found.budgets)
        raise Contended

    def settle(
        self,
        reservation: Reservation,
        costs: Mapping[str, int | None],
        kinds: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Turn parts into what they came to; None, which nobody knows, counts as reserved.

        Parts that are settled already are passed over. `kinds` names what a part is for.
        """
        for _ in range(CONTENDERS):
            found = self.store.standing(reservation.budgets[0], reservation.name)
            if found.settling:
                self._finish(found)
                continue
            leaving = {part: costs[part] for part in found.parts if part in costs}
            if not leaving:
                return
            if begun := self.store.begin(
                found, self._settling(found, leaving, kinds), tuple(leaving)
            ):
                self._finish(begun)
                return
        raise Contended

    def release(self, reservation: Reservation) -> None:
        """Give back every part that is not settled."""
        found = self.store.standing(reservation.budgets[0], reservation.name)
        self.settle(reservation, dict.fromkeys(found.parts, 0))

    def set_limit(self, budget: Budget) -> None:
        """Give a budget the limit that it names, and make it if there is none yet."""
        for _ in range(CONTENDERS):
            if self._adjust(budget, self.store.account(budget.name)):
                return
        raise Contended

    def change_limit(self, budget: str, limit: int) -> None:
        """Raise or lower a budget's limit; raise NoRoom where more than that is used already."""
        for _ in range(CONTENDERS):
            account = self.store.account(budget)
            old = account.balance.limit if account else limit
            if account and account.balance.left + limit - old < 0:
                raise NoRoom(budget)
            wanted = Budget(budget, limit)
            if self.store.change_limit(wanted, old, least_left=max(0, old - limit)):
                return
        raise Contended

    def balance(self, budget: str) -> Balance | None:
        """Return how the budget stands; None before its first reservation."""
        account = self.store.account(budget)
        return account.balance if account else None

    def accounts(self, first: str, last: str) -> Mapping[str, Account]:
        """Return by their names the budgets from the first to the last in the alphabet."""
        return self.store.accounts(first, last)

    def finish_pending(self, budget: str, older_than_ms: int = ABANDONED_MS) -> int:
        """End what was interrupted on the budget that long ago; return how many changes that were.

        No later call on the same names is needed for it.
        """
        account = self.store.account(budget)
        if account is None:
            return 0
        until = self.clock() - older_than_ms
        ended = [s for s in self.store.open(budget) if s.settling and s.settling.began_ms <= until]
        for standing in ended:
            self._finish(standing)
        orphans = list(self._orphans(account, until))
        for token, mark in orphans:
            self._disown(budget, token, mark)
        if account.marks and (current := self.store.account(budget)):
            self._tidy(budget, current)
        return len(ended) + len(orphans)

    def open(self, budget: str, older_than_ms: int) -> list[Reservation]:
        """Return the reservations made that long ago with the budget as their first."""
        until = self.clock() - older_than_ms
        found = [standing for standing in self.store.open(budget) if standing.made_ms <= until]
        return [Reservation(standing.name, standing.budgets) for standing in found]

    def under(self, budget: str) -> list[Standing]:
        """Return every reservation that stands with the budget as its first, with its parts."""
        return list(self.store.open(budget))

    def _take(self, wanted: Standing, budgets: Sequence[Budget]) -> bool:
        """Take the amount from every budget; False if the name has its reservation already."""
        for count, budget in enumerate(budgets):
            if not self._take_from(budget, wanted):
                self._undo(wanted, wanted.budgets[:count])
                if self.store.standing(wanted.home, wanted.name).token:
                    return False
                raise NoRoom(budget.name)
        return True

    def _take_from(self, budget: Budget, wanted: Standing) -> bool:
        amount, at = sum(wanted.parts.values()), self.clock()
        for _ in range(CONTENDERS):
            mark = Mark(wanted.name, wanted.home, at, amount)
            account, taken = self.store.take(budget, wanted.token, mark)
            if taken and account:
                self._tidy_now_and_then(budget.name, account)
            if taken:
                return True
            if account is None or budget.limit not in (None, account.balance.limit):
                self._adjust(budget, account)
            elif account.floor_ms > at:
                at = account.floor_ms
            elif account.balance.left < amount:
                return False
        raise Contended

    def _undo(self, wanted: Standing, budgets: Sequence[str]) -> None:
        for budget in budgets:
            self.store.undo(budget, wanted.token, sum(wanted.parts.values()))

    def _adjust(self, budget: Budget, account: Account | None) -> bool:
        """Give the budget its limit if nobody has changed it since; False if somebody has."""
        if account is None:
            return self.store.create(budget)
        limit = account.balance.limit
        return budget.limit in (None, limit) or self.store.change_limit(budget, limit)

    def _settling(
        self, found: Standing, leaving: Mapping[str, int | None], kinds: Mapping[str, str]
    ) -> Settling:
        now = self.clock()
        reserved = {part: found.parts[part] for part in leaving}
        costs = {part: reserved[part] if c is None else c for part, c in leaving.items()}
        return Settling(
            token=self._token(),
            at_ms=dict.fromkeys(found.budgets, now),
            back=sum(reserved.values()),
            spent=sum(costs.values()),
            unknown=sum(reserved[part] for part, cost in leaving.items() if cost is None),
            dearer=sum(max(0, costs[part] - reserved[part]) for part in leaving),
            kinds={
                kind: sum(cost for part, cost in costs.items() if kinds.get(part) == kind)
                for kind in sorted({kinds[part] for part in leaving if part in kinds})
            },
        )

    def _finish(self, standing: Standing) -> None:
        """End a settling that is under way, whoever began it."""
        for budget in standing.budgets:
            current = self._change(budget, standing)
            if current is None:
                return
            standing = current
        self.store.strike(standing)

    def _change(self, budget: str, standing: Standing) -> Standing | None:
        """Change one budget by the settling, once; None when all of it has been done before."""
        settling = standing.settling
        for _ in range(CONTENDERS):
            if settling is None:
                return None
            mark = Mark(
                standing.name, standing.home, settling.at_ms[budget], settles=standing.token
            )
            account, happened = self.store.give_back(budget, settling, mark)
            if happened and account:
                self._tidy_now_and_then(budget, account)
            if happened or account is None:
                return standing
            later = max(self.clock(), account.floor_ms)
            standing = self.store.begin_again(standing, settling, budget, later)
            if standing.settling is None or standing.settling.token != settling.token:
                return None
            settling = standing.settling
        raise Contended

    def _tidy_now_and_then(self, budget: str, account: Account) -> None:
        """As each change adds one mark, about one change in so many finds a full number."""
        if len(account.marks) % MARKS == 0:
            self._tidy(budget, account)

    def _tidy(self, budget: str, account: Account) -> None:
        """Remove the marks whose reservations are known to tell of their changes."""
        found = self.store.standings({(m.home, m.reservation) for m in account.marks.values()})
        done: set[str] = set()
        for token, mark in account.marks.items():
            standing = found.get((mark.home, mark.reservation))
            if standing is None:
                continue
            if mark.settles and not (standing.settling and standing.settling.token == token):
                done |= {token, mark.settles}
            elif not mark.settles and standing.token == token:
                done.add(token)
        if gone := {t: mark for t, mark in account.marks.items() if t in done}:
            last = max(mark.at_ms for mark in gone.values())
            self.store.forget(budget, gone, account.floor_ms, max(last, account.floor_ms) + 1)

    def _orphans(self, account: Account, until: int) -> Iterator[tuple[str, Mark]]:
        """The old marks of reservations that were never written."""
        settled = {mark.settles for mark in account.marks.values()}
        for token, mark in account.marks.items():
            if not mark.settles and token not in settled and mark.at_ms <= until:
                yield token, mark

    def _disown(self, budget: str, token: str, mark: Mark) -> None:
        """Undo what was taken for a reservation that does not stand, and never will.

        A mark that is still there when the item does not know it, and that no settling answers
        for, belongs to nothing: both budgets and items are read after the ban.
        """
        if self.store.ban(mark, token, self.clock()).token == token:
            return
        account = self.store.account(budget)
        if account and token in dict(self._orphans(account, mark.at_ms)):
            self.store.undo(budget, token, mark.micros)

    def _token(self) -> str:
        return blake2b(self.new_id().encode(), digest_size=6).hexdigest()
