"""Exactly the limit is admitted, whoever asks, however many at once.

`SEQUENCES=10000 pytest tests/unit/limits -k oracle` is the whole size of R6.
"""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from ipaddress import ip_network
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chalicelib.callers import Caller
from chalicelib.errors import RateLimited
from chalicelib.limits.model import DAY_MS, HOUR_MS, counted_as, is_included, window
from chalicelib.limits.service import Limiter
from chalicelib.limits.store import WindowStore
from tests.figures import RecordFigure
from tests.simulation.cloud import DynamoDB
from tests.unit.cloud import TABLE, Cloud

NOON = 1_795_003_200_000 - 1_795_003_200_000 % DAY_MS + 12 * HOUR_MS
NET = ip_network("203.0.113.0/28")


@dataclass
class Clock:
    now: int = NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(cloud: Cloud, clock: Clock) -> Limiter:
    ids = (f"admission {number}" for number in count())
    return Limiter(
        store=WindowStore(cloud.dynamodb, TABLE),
        use="generate",
        global_limit=10,
        ip_limit=3,
        included=(NET,),
        clock=clock,
        new_id=lambda: next(ids),
    )


def admitted(limiter: Limiter, address: str) -> bool:
    try:
        limiter.admit(Caller(address))
    except RateLimited:
        return False
    return True


def test_the_limit_is_admitted_and_no_more(limiter: Limiter) -> None:
    assert [admitted(limiter, "198.51.100.1") for _ in range(5)] == [True] * 3 + [False] * 2
    assert admitted(limiter, "198.51.100.2")


def test_a_refusal_says_whose_limit_it_was_and_when_it_resets(limiter: Limiter) -> None:
    for _ in range(3):
        limiter.admit(Caller("198.51.100.1"))
    with pytest.raises(RateLimited) as own:
        limiter.admit(Caller("198.51.100.1"))
    assert (own.value.scope, own.value.retry_after) == ("ip", 12 * 3600)
    for number in range(7):
        limiter.admit(Caller(f"198.51.100.{number + 2}"))
    with pytest.raises(RateLimited) as everybodys:
        limiter.admit(Caller("198.51.100.99"))
    assert (everybodys.value.scope, everybodys.value.retry_after) == ("global", 3600)


def test_windows_begin_anew(limiter: Limiter, clock: Clock) -> None:
    for _ in range(3):
        limiter.admit(Caller("198.51.100.1"))
    clock.now = NOON + 12 * HOUR_MS - 1
    assert not admitted(limiter, "198.51.100.1")
    clock.now += 1
    assert admitted(limiter, "198.51.100.1")


def test_whoever_the_global_limit_refuses_is_not_counted(limiter: Limiter, clock: Clock) -> None:
    tight = replace(limiter, global_limit=1)
    tight.admit(Caller("198.51.100.1"))
    assert not admitted(tight, "198.51.100.2")
    clock.now += HOUR_MS
    ample = replace(limiter, global_limit=99)
    assert [admitted(ample, "198.51.100.2") for _ in range(4)] == [True] * 3 + [False]


def test_addresses_on_the_list_are_never_counted(limiter: Limiter) -> None:
    assert all(admitted(limiter, "203.0.113.7") for _ in range(20))
    assert all(admitted(limiter, "::ffff:203.0.113.7") for _ in range(20))
    assert [admitted(limiter, "203.0.113.16") for _ in range(4)][-1] is False


def test_uses_are_counted_apart(limiter: Limiter) -> None:
    for _ in range(3):
        limiter.admit(Caller("198.51.100.1"))
    assert admitted(replace(limiter, use="enhance"), "198.51.100.1")


def test_without_an_address_limit_only_the_global_one_counts(limiter: Limiter) -> None:
    free = replace(limiter, ip_limit=None)
    assert sum(admitted(free, "198.51.100.1") for _ in range(12)) == 10


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("no address", "unknown"),
        ("198.51.100.1, 10.0.0.1", "unknown"),
    ],
)
def test_whom_an_address_counts_as(address: str, whom: str) -> None:
    assert counted_as(address) == whom


def test_hopping_within_a_network_of_ones_own_does_not_help(limiter: Limiter) -> None:
    assert sum(admitted(limiter, f"2001:db8:1:2::{n:x}") for n in range(1, 9)) == 3


def test_what_is_no_address_is_on_no_list() -> None:
    assert not is_included("", (NET,))
    assert not is_included("2001:db8::1", (NET,))
    assert is_included("2001:db8::1", (ip_network("2001:db8::/32"),))


def test_of_two_hundred_at_once_exactly_fifty_are_admitted(
    limiter: Limiter, record_figure: RecordFigure
) -> None:
    wide = replace(limiter, global_limit=10_000, ip_limit=50)
    with ThreadPoolExecutor(50) as pool:
        answers = Counter(pool.map(lambda _: admitted(wide, "198.51.100.1"), range(200)))
    record_figure("R6", at_once=200, limit=50, admitted=answers[True])
    assert answers[True] == 50


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("before", [0, 2])
def test_an_admission_whose_answer_was_lost_counts_once(
    limiter: Limiter, cloud: Cloud, before: int, times: int
) -> None:
    for _ in range(before):
        limiter.admit(Caller("198.51.100.1"))
    with cloud.losing_answers("dynamodb.UpdateItem", times):
        assert admitted(limiter, "198.51.100.1")
    left = sum(admitted(limiter, "198.51.100.1") for _ in range(5))
    assert left == 3 - before - 1


def test_an_admission_whose_return_got_no_answer_is_given_back_once(
    limiter: Limiter, cloud: Cloud
) -> None:
    full = window("ip", "generate#ip#198.51.100.1", 3, DAY_MS, NOON)
    assert all(limiter.store.admit(full, f"first {n}") for n in range(3))
    with cloud.losing_answers("dynamodb.UpdateItem"):
        limiter.store.release(full, "first 2")
    assert [limiter.store.admit(full, f"later {n}") for n in range(2)] == [True, False]


class AgainstAnOracle(RuleBasedStateMachine):
    """Any order of requests and hours, beside a limiter that counts on its fingers."""

    ADDRESSES = st.sampled_from(["198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8::2"])

    @initialize(ip_limit=st.integers(1, 4), global_limit=st.integers(1, 8))
    def begin(self, ip_limit: int, global_limit: int) -> None:
        self.clock, ids = Clock(), self.ids()
        self.counts: Counter[tuple[str, int]] = Counter()
        self.limiter = Limiter(
            store=WindowStore(DynamoDB(), TABLE),  # type: ignore[arg-type]
            use="generate",
            global_limit=global_limit,
            ip_limit=ip_limit,
            included=(),
            clock=self.clock,
            new_id=lambda: next(ids),
        )

    @staticmethod
    def ids() -> Iterator[str]:
        return (f"{number}" for number in count())

    @rule(address=ADDRESSES)
    def ask(self, address: str) -> None:
        whom, now = counted_as(address), self.clock.now
        keys = (whom, now // DAY_MS), ("everybody", now // HOUR_MS)
        limits = self.limiter.ip_limit or 0, self.limiter.global_limit
        free = all(self.counts[key] < limit for key, limit in zip(keys, limits, strict=True))
        assert admitted(self.limiter, address) is free
        self.counts.update(keys if free else ())

    @rule(minutes=st.integers(1, 30 * 60))
    def wait(self, minutes: int) -> None:
        self.clock.now += minutes * 60_000

    @invariant()
    def nobody_is_over(self) -> None:
        for (whom, _), number in getattr(self, "counts", {}).items():
            limit = self.limiter.global_limit if whom == "everybody" else self.limiter.ip_limit
            assert limit
            assert number <= limit


def test_any_order_of_requests_agrees_with_the_oracle(record_figure: RecordFigure) -> None:
    sequences = int(os.environ.get("SEQUENCES", "150"))
    sizes = settings(max_examples=sequences, stateful_step_count=30, deadline=None, database=None)
    run_state_machine_as_test(AgainstAnOracle, settings=sizes)
    assert sequences > 0
    record_figure("R6", sequences=sequences, differences=0)


def test_a_window_is_aligned_and_says_when_it_ends() -> None:
    seen = window("ip", "name", 5, DAY_MS, NOON + 1)
    assert (seen.start_ms, seen.end_ms) == (NOON - 12 * HOUR_MS, NOON + 12 * HOUR_MS)
    assert seen.seconds_left(NOON + 1) == 12 * 3600
    assert seen.seconds_left(seen.end_ms - 1) == 1
