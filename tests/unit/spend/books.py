"""A ledger to test with, and what its items must say taken together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.spend.ledger import Ledger
from chalicelib.spend.model import Balance, Budget, Reservation
from chalicelib.spend.store import LedgerStore
from tests.unit.cloud import TABLE, Cloud

LIMIT = 1_000_000
BATCH = Budget("batch", LIMIT)
DAY = Budget("2026-11-18", 2 * LIMIT, 1_795_100_000_000)
BOTH = (BATCH, DAY)


class Died(BaseException):
    """The process was killed between two of its calls."""


@dataclass
class Books:
    """A ledger over the cloud, with a clock that stands until it is moved."""

    cloud: Cloud
    now: int = 1_795_000_000_000
    ids: int = 0

    def __post_init__(self) -> None:
        self.ledger = self.other()

    def other(self) -> Ledger:
        """Another process's."""
        return Ledger(LedgerStore(self.cloud.dynamodb, TABLE), lambda: self.now, self._id)

    def _id(self) -> str:
        self.ids += 1
        return f"id {self.ids}"

    def reserve(self, name: str, amount: int, *budgets: Budget) -> Reservation:
        return self.ledger.reserve(name, {"a": amount}, budgets or (BATCH,))

    def balance(self, budget: Budget = BATCH) -> Balance:
        found = self.ledger.balance(budget.name)
        assert found
        return found

    def sums(self, budget: Budget = BATCH) -> tuple[int, int, int]:
        """What is reserved, spent and left, once the books are seen to be right."""
        balance = self.check(budget)
        return balance.reserved, balance.spent, balance.left

    def check(self, budget: Budget = BATCH) -> Balance:
        """What the items say, taken together, is what the budget says."""
        balance = self.balance(budget)
        assert balance.left + balance.reserved + balance.spent == balance.limit
        assert balance.left >= -balance.dearer
        assert 0 <= balance.unknown <= balance.spent
        assert balance.reserved == self.explained(budget.name)
        return balance

    def explained(self, budget: str) -> int:
        """The sum of what each reservation, and each mark without one, has on the budget."""
        items = self.cloud.dynamodb.scan(TableName=TABLE, ConsistentRead=True)["Items"]
        marks = next(i["marks"]["M"] for i in items if i["sk"]["S"] == budget)
        open_ones = [i for i in items if "token" in i and {"S": budget} in i["budgets"]["L"]]
        tokens = {i["token"]["S"] for i in open_ones}
        settled = {m["M"]["s"]["S"] for m in marks.values() if "s" in m["M"]}
        total = sum(int(n["N"]) for i in open_ones for n in i["parts"]["M"].values())
        for item in open_ones:
            leaving = item.get("settling", {"M": {}})["M"]
            if leaving and leaving["token"]["S"] not in marks:
                total += int(leaving["back"]["N"])
        orphans = [m["M"] for t, m in marks.items() if t not in tokens | settled and "n" in m["M"]]
        return total + sum(int(mark["n"]["N"]) for mark in orphans)


@contextmanager
def dying(cloud: Cloud, after: int, calls: list[str]) -> Iterator[None]:
    """The process dies after so many of its calls have been applied."""

    def count(model: Any, **_: Any) -> None:
        if len(calls) >= after:
            raise Died
        calls.append(model.name)

    cloud.dynamodb.meta.events.register("before-call", count)
    try:
        yield
    except Died:
        pass
    finally:
        cloud.dynamodb.meta.events.unregister("before-call", count)
