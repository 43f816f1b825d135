"""The ledger: exact under concurrency, repeats, lost answers and deaths."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.errors import Unavailable
from chalicelib.spend.ledger import ABANDONED_MS, Ledger, NoRoom
from chalicelib.spend.model import Balance, Budget, Reservation
from chalicelib.spend.store import LedgerStore, UnknownBudget
from tests.figures import RecordFigure
from tests.unit.cloud import TABLE
from tests.unit.spend.books import BATCH, BOTH, DAY, LIMIT, Books, dying


def test_what_is_reserved_is_settled_at_what_it_came_to(books: Books) -> None:
    reservation = books.ledger.reserve("a", {"1": 40_000, "2": 50_000}, BOTH)
    assert books.sums(BATCH) == (90_000, 0, 910_000)
    books.ledger.settle(reservation, {"1": 35_000})
    assert books.sums(BATCH) == (50_000, 35_000, 915_000)
    books.ledger.settle(reservation, {"1": 7, "2": 45_000})
    assert books.sums(BATCH) == (0, 80_000, 920_000)
    assert books.sums(DAY) == (0, 80_000, 1_920_000)


def test_what_is_settled_or_released_twice_is_so_once(books: Books) -> None:
    reservation = books.reserve("a", 40_000)
    for _ in range(3):
        books.ledger.settle(reservation, {"a": 30_000})
        books.ledger.release(reservation)
    assert books.sums() == (0, 30_000, 970_000)
    books.ledger.release(books.reserve("b", 1))
    assert books.sums() == (0, 30_000, 970_000)


def test_a_call_that_is_dearer_than_its_price_shows(books: Books) -> None:
    books.ledger.settle(books.reserve("a", LIMIT), {"a": LIMIT + 7})
    assert books.check() == Balance(LIMIT, left=-7, spent=LIMIT + 7, dearer=7)
    with pytest.raises(NoRoom):
        books.reserve("b", 1)


def test_a_cost_that_nobody_knows_stays_and_is_said_to_be_unknown(books: Books) -> None:
    reservation = books.ledger.reserve("a", {"1": 40_000, "2": 50_000}, (BATCH,))
    books.ledger.settle(reservation, {"1": None, "2": 20_000})
    assert books.check() == Balance(LIMIT, left=940_000, spent=60_000, unknown=40_000)


def test_a_name_has_one_reservation_and_needs_no_room_twice(books: Books) -> None:
    first = books.reserve("a", LIMIT)
    assert books.reserve("a", LIMIT) == first
    assert books.sums() == (LIMIT, 0, 0)
    smaller = books.reserve("b", 5, DAY)
    assert books.reserve("b", 5, DAY) == smaller
    assert books.sums(DAY) == (5, 0, 2 * LIMIT - 5)


def test_without_room_on_one_budget_nothing_is_taken_from_any(books: Books) -> None:
    books.reserve("other", LIMIT - 10)
    with pytest.raises(NoRoom) as refusal:
        books.reserve("a", 11, DAY, BATCH)
    assert refusal.value.budget == BATCH.name
    assert books.sums(DAY) == (0, 0, 2 * LIMIT)
    books.reserve("a", 10, DAY, BATCH)
    assert books.sums(BATCH) == (LIMIT, 0, 0)


def test_a_limit_can_be_raised_and_lowered(books: Books) -> None:
    books.ledger.set_limit(BATCH)
    as_it_stands = Budget(BATCH.name, None)
    books.reserve("a", LIMIT, as_it_stands)
    with pytest.raises(NoRoom):
        books.reserve("b", 5, as_it_stands)
    books.ledger.set_limit(Budget(BATCH.name, LIMIT + 5))
    books.reserve("b", 5, as_it_stands)
    books.ledger.set_limit(Budget(BATCH.name, LIMIT))
    assert books.balance() == Balance(LIMIT, left=-5, reserved=LIMIT + 5)
    with pytest.raises(NoRoom):
        books.reserve("c", 0, as_it_stands)
    with pytest.raises(UnknownBudget):
        books.reserve("d", 5, Budget("nobody's", None))


def test_a_limit_that_the_settings_change_holds_from_the_next_reservation_on(books: Books) -> None:
    books.reserve("a", 60, Budget("day", 100))
    with pytest.raises(NoRoom):
        books.reserve("b", 1, Budget("day", 60))
    books.reserve("b", 50, Budget("day", 110))
    assert books.sums(Budget("day", None)) == (110, 0, 0)


def test_fifty_threads_want_the_last_dollar(books: Books, record_figure: RecordFigure) -> None:
    price = 20_000

    def reserve(n: int) -> Reservation | None:
        try:
            return books.other().reserve(f"row {n}", {"a": price}, BOTH)
        except NoRoom:
            return None

    with ThreadPoolExecutor(50) as pool:
        admitted = [found for found in pool.map(reserve, range(75)) if found]
        assert books.sums(BATCH) == (len(admitted) * price, 0, LIMIT - len(admitted) * price)
        list(pool.map(lambda found: books.other().settle(found, {"a": price}), admitted))
    reserved, spent, left = books.sums()
    assert (reserved, left) == (0, LIMIT - spent)
    assert books.sums(DAY) == (0, spent, 2 * LIMIT - spent)
    assert spent >= 0.99 * LIMIT
    record_figure(
        "R7",
        threads=50,
        over_limit_micros=max(0, spent - LIMIT),
        usable_percent=100 * spent / LIMIT,
    )


def test_a_crowd_that_cannot_be_served_is_told_to_try_again(books: Books) -> None:
    class Crowded(LedgerStore):
        def take(self, *_: object) -> tuple[None, bool]:
            return None, False

    ledger = Ledger(Crowded(books.cloud.dynamodb, TABLE), lambda: books.now, books._id)
    with pytest.raises(Unavailable):
        ledger.reserve("a", {"a": 1}, (BATCH,))


def test_many_who_settle_the_same_settle_it_once(books: Books) -> None:
    reservation = books.ledger.reserve("a", {str(n): 100 for n in range(8)}, BOTH)

    def settle(n: int) -> None:
        books.other().settle(reservation, {str(n % 8): n})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(settle, range(32)))
    reserved, spent, _ = books.sums()
    assert reserved == 0
    assert spent % 8 == sum(range(8)) % 8
    assert books.sums(DAY)[:2] == (0, spent)


@pytest.mark.parametrize("operation", ["UpdateItem", "DeleteItem", "GetItem"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_lost_answer_changes_nothing(books: Books, operation: str, times: int) -> None:
    """Whichever of the calls it is the answer of."""
    for budget in BOTH:
        books.ledger.set_limit(budget)
    for count in range(20):
        with books.cloud.losing_answers(f"dynamodb.{operation}", times, skip=count) as lost:
            reservation = books.reserve(f"a {count}", 40_000, *BOTH)
            books.ledger.settle(reservation, {"a": 30_000})
        for budget in BOTH:
            assert books.sums(budget)[:2] == (0, (count + 1) * 30_000)
        if not lost:
            break
    assert 0 < count < 19


def steps(books: Books, act: Callable[[], object]) -> Iterator[int]:
    """The act, cut off after each of its calls in turn."""
    after = 0
    while True:
        calls: list[str] = []
        with dying(books.cloud, after, calls):
            act()
        yield after
        if len(calls) < after:
            return
        after += 1


def test_whoever_dies_between_two_writes_of_reserving_leaves_nothing_stuck(books: Books) -> None:
    points: list[int] = []
    for after in steps(books, lambda: books.reserve(f"a {len(points)}", 1000, *BOTH)):
        points.append(after)
        for budget in BOTH if after > 3 else ():
            books.check(budget)
        books.now += ABANDONED_MS
        for budget in BOTH:
            books.ledger.finish_pending(budget.name)
    for standing in list(books.ledger.store.open(BATCH.name)):
        books.ledger.release(Reservation(standing.name, standing.budgets))
    assert len(points) >= 4
    assert books.sums(BATCH) == (0, 0, LIMIT)
    assert books.sums(DAY) == (0, 0, 2 * LIMIT)


@pytest.mark.parametrize("again", [True, False])
def test_whoever_dies_between_two_writes_of_settling_is_finished_by_others(
    books: Books, again: bool, record_figure: RecordFigure
) -> None:
    begun = [books.reserve(f"a {n}", 1000, *BOTH) for n in range(12)]
    ended: list[int] = []
    for after in steps(books, lambda: books.ledger.settle(begun[len(ended)], {"a": 700})):
        for budget in BOTH:
            books.check(budget)
        if again:
            books.ledger.settle(begun[len(ended)], {"a": 700})
        books.now += ABANDONED_MS
        for budget in BOTH:
            books.ledger.finish_pending(budget.name)
            books.check(budget)
        assert not any(standing.settling for standing in books.ledger.store.open(BATCH.name))
        ended.append(after)
    for reservation in begun:
        books.ledger.settle(reservation, {"a": 700})
    assert 5 <= len(ended) < len(begun)
    assert books.sums(BATCH) == (0, 12 * 700, LIMIT - 12 * 700)
    assert books.sums(DAY) == (0, 12 * 700, 2 * LIMIT - 12 * 700)
    record_figure("R7", deaths=len(ended), who="settling", stuck_micros=0)


def test_a_slow_writer_cannot_have_what_was_taken_from_it(books: Books) -> None:
    """It reserved on the budget, slept for minutes, and only then writes its reservation."""

    def sweep() -> None:
        books.now += ABANDONED_MS
        assert books.other().finish_pending(BATCH.name) == 1

    publish = books.ledger.store.publish

    class Slow(LedgerStore):
        def publish(self, *args: Any) -> Any:
            if sweeps:
                sweeps.pop()()
            return publish(*args)

    sweeps = [sweep]
    slow = Ledger(Slow(books.cloud.dynamodb, TABLE), lambda: books.now, books._id)
    reservation = slow.reserve("a", {"a": 1000}, (BATCH,))
    assert books.sums() == (1000, 0, LIMIT - 1000)
    slow.settle(reservation, {"a": 1000})
    assert books.sums() == (0, 1000, LIMIT - 1000)


def test_a_settling_that_others_finished_meanwhile_happens_once(books: Books) -> None:
    """It wrote what leaves, slept, and comes to the budget when even the marks are gone."""
    reservation = books.reserve("a", 1000, *BOTH)
    give_back = books.ledger.store.give_back

    def meanwhile() -> None:
        books.now += 1
        books.other().settle(reservation, {"a": 5})
        for n in range(20):
            books.other().release(books.reserve(f"other {n}", 1, *BOTH))

    class Slow(LedgerStore):
        def give_back(self, *args: Any) -> Any:
            if pauses:
                pauses.pop()()
            return give_back(*args)

    pauses = [meanwhile]
    slow = Ledger(Slow(books.cloud.dynamodb, TABLE), lambda: books.now, books._id)
    slow.settle(reservation, {"a": 700})
    assert books.sums(BATCH) == (0, 700, LIMIT - 700)
    assert books.sums(DAY) == (0, 700, 2 * LIMIT - 700)


def test_a_clock_that_is_behind_changes_the_budget_all_the_same(books: Books) -> None:
    for n in range(10):
        books.ledger.release(books.reserve(f"ahead {n}", 1, *BOTH))
    books.now -= 3_600_000
    reservation = books.reserve("behind", 50, *BOTH)
    books.ledger.settle(reservation, {"a": 40})
    assert books.sums(BATCH) == (0, 40, LIMIT - 40)
    assert books.sums(DAY) == (0, 40, 2 * LIMIT - 40)


def test_the_former_ledgers_day_counts_as_spent(books: Books) -> None:
    former = {
        "pk": {"S": "SPEND"},
        "sk": {"S": DAY.name},
        "used": {"N": "300"},
        "spent": {"N": "200"},
        "hold#job#1#1": {"N": "100"},
        "expires": {"N": "1800000000"},
    }
    books.cloud.dynamodb.put_item(TableName=TABLE, Item=former)
    assert books.ledger.balance(DAY.name) is None
    assert books.ledger.finish_pending(DAY.name) == 0
    books.reserve("a", 50, DAY)
    assert books.check(DAY) == Balance(
        2 * LIMIT, left=2 * LIMIT - 350, reserved=50, spent=300, unknown=100
    )
