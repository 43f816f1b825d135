"""Whatever is done in whatever order, and wherever it is cut off, the ledger's sums are right."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.spend.ledger import ABANDONED_MS, NoRoom
from chalicelib.spend.model import Budget, Reservation
from tests.unit.cloud import TABLE, Cloud
from tests.unit.spend.books import BATCH, BOTH, DAY, Books, dying

Act = tuple[str, int, int, bool]
COSTS: dict[str, Callable[[int], int | None]] = {
    "settle": lambda amount: amount,
    "lost settle": lambda amount: amount,
    "release": lambda amount: 0,
    "unknown": lambda amount: None,
}
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "reserve", *COSTS]),
        st.integers(0, 5),
        st.integers(0, 400_000),
        st.booleans(),
    ),
    max_size=15,
)


@dataclass
class Oracle:
    """What the budgets should come to: plain sums, no steps."""

    spent: dict[str, int]
    open: dict[int, tuple[int, Reservation]] = field(default_factory=dict)
    asked: dict[int, int | None] = field(default_factory=dict)
    used: int = 0

    def left(self, budget: Budget) -> int:
        amounts = [n for n, r in self.open.values() if budget.name in r.budgets]
        return (budget.limit or 0) - self.spent[budget.name] - sum(amounts)

    def end(self, number: int, cost: int) -> None:
        reserved, reservation = self.open.pop(number)
        asked = self.asked.pop(number)
        assert cost == (reserved if asked is None else asked)
        for budget in reservation.budgets:
            self.spent[budget] += cost


@given(acts=ACTS, deaths=st.lists(st.integers(0, 9), max_size=15))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_and_wherever_it_is_cut_off_the_sums_are_right(
    cloud: Cloud, acts: list[Act], deaths: list[int]
) -> None:
    """A cut-off act is either done or not once it was swept; all others are exactly done."""
    empty(cloud)
    books = Books(cloud)
    oracle = Oracle({BATCH.name: 0, DAY.name: 0})
    for budget in BOTH:
        books.ledger.set_limit(budget)
    for step, (kind, number, amount, both) in enumerate(acts):
        death = deaths[step] if step < len(deaths) else 99
        known, lived = set(oracle.open), False
        with dying(cloud, death, []):
            lived = perform(books, oracle, kind, number, amount, BOTH if both else (BATCH,))
        for budget in BOTH:
            books.check(budget)
        books.now += ABANDONED_MS
        for budget in BOTH:
            books.ledger.finish_pending(budget.name)
        adopt(books, oracle)
        assert not lived or known ^ set(oracle.open) == {number}
        for budget in BOTH:
            assert books.check(budget).left == oracle.left(budget)
            assert books.balance(budget).dearer == 0


def empty(cloud: Cloud) -> None:
    for item in cloud.dynamodb.scan(TableName=TABLE)["Items"]:
        cloud.dynamodb.delete_item(TableName=TABLE, Key={n: item[n] for n in ("pk", "sk")})


def perform(
    books: Books, oracle: Oracle, kind: str, number: int, amount: int, budgets: tuple[Budget, ...]
) -> bool:
    """Whether the act must have opened or ended the reservation of that number."""
    if kind == "reserve" and number not in oracle.open:
        oracle.used += 1
        name, parts = f"{number} {oracle.used}", {"a": amount}
        if amount <= min(oracle.left(budget) for budget in budgets):
            books.ledger.reserve(name, parts, budgets)
            return True
        with pytest.raises(NoRoom):
            books.ledger.reserve(name, parts, budgets)
    elif kind in COSTS and number in oracle.open:
        reserved, reservation = oracle.open[number]
        cost = oracle.asked[number] = COSTS[kind](min(amount, reserved))
        with books.cloud.losing_answers("dynamodb.UpdateItem", int(kind == "lost settle")):
            books.ledger.settle(reservation, {"a": cost})
        return True
    return False


def adopt(books: Books, oracle: Oracle) -> None:
    """Takes over what stands by now, where a death left open whether it would."""
    standing = {int(s.name.split()[0]): s for s in books.ledger.store.open(BATCH.name)}
    spent = books.balance(BATCH).spent
    for number in list(oracle.open):
        if number not in standing:
            oracle.end(number, spent - oracle.spent[BATCH.name])
    for number, found in standing.items():
        reservation = Reservation(found.name, found.budgets)
        oracle.open[number] = (sum(found.parts.values()), reservation)
