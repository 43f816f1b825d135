"""Deadlines hold whatever a call does; only what was certainly not billed is called again."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.providers.base import CallContext, EndsAt
from chalicelib.providers.errors import ProviderDown, ProviderError, RateLimited, TimedOut
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.transport.attempts import finish_within, with_retries

FAILURES = Failures("Somebody", "some-model")


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def context(clock: Clock, seconds: float = 60) -> CallContext:
    return CallContext(EndsAt(seconds, clock), clock.sleep)


def failing(*errors: ProviderError) -> Callable[[], str]:
    """Raises each error in turn, and then returns."""
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "picture"

    return call


def test_a_call_that_never_ends_is_left_at_the_deadline() -> None:
    release = threading.Event()
    deadline = EndsAt(time.monotonic() + 0.05, time.monotonic)

    with pytest.raises(TimedOut) as caught:
        finish_within(deadline, FAILURES, lambda _: release.wait(30))
    release.set()

    assert caught.value.billed == "unknown"
    assert deadline.remaining() > -10


def test_a_deadline_that_has_passed_calls_nobody() -> None:
    called: list[float] = []

    with pytest.raises(TimedOut) as caught:
        finish_within(EndsAt(0, lambda: 1.0), FAILURES, called.append)

    assert caught.value.billed == "no"
    assert called == []


def test_the_call_learns_how_many_seconds_are_left() -> None:
    assert finish_within(EndsAt(10, lambda: 4.0), FAILURES, lambda seconds: seconds) == 6.0


def test_the_calls_own_error_comes_through() -> None:
    def refuse(_: float) -> str:
        raise FAILURES.refused()

    with pytest.raises(ProviderError, match="content policy"):
        finish_within(EndsAt(10, lambda: 0.0), FAILURES, refuse)


def test_a_rate_limit_is_waited_out_for_as_long_as_the_provider_asks() -> None:
    clock = Clock()
    call = failing(RateLimited("slowly", retry_after=3), RateLimited("slowly", retry_after=7))

    assert with_retries(call, context(clock), jitter=lambda: 1.0) == "picture"
    assert clock.slept == [3.5, 7.5]


def test_waits_grow_where_the_provider_says_nothing() -> None:
    clock = Clock()
    call = failing(FAILURES.unreachable(), FAILURES.unreachable())

    assert with_retries(call, context(clock), jitter=lambda: 0.0) == "picture"
    assert clock.slept == [0.5, 1.0]


def test_gives_up_after_three_attempts() -> None:
    clock = Clock()
    errors = [RateLimited(f"number {n}", retry_after=1) for n in range(1, 5)]

    with pytest.raises(RateLimited, match="number 3"):
        with_retries(failing(*errors), context(clock))


@pytest.mark.parametrize(
    "error",
    [
        FAILURES.timed_out(),
        FAILURES.lost(),
        FAILURES.down(),
        FAILURES.bad_response(),
        FAILURES.refused(),
        FAILURES.bad_key(),
        FAILURES.out_of_credit(),
        FAILURES.retired(),
    ],
    ids=lambda error: f"{error.code}-{error.billed}",
)
def test_nothing_else_is_ever_called_again(error: ProviderError) -> None:
    clock = Clock()

    with pytest.raises(type(error)):
        with_retries(failing(error), context(clock))

    assert clock.slept == []


def test_a_wait_longer_than_a_few_seconds_is_the_persons_to_make() -> None:
    clock = Clock()

    with pytest.raises(RateLimited):
        with_retries(failing(RateLimited("wait", retry_after=60)), context(clock, 600))

    assert clock.slept == []


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    clock = Clock()

    with pytest.raises(RateLimited):
        with_retries(failing(RateLimited("wait", retry_after=5)), context(clock, 4))

    assert clock.slept == []


def test_a_picture_that_nobody_wants_any_more_after_the_wait_is_not_asked_for() -> None:
    clock = Clock()
    calls: list[str] = []

    def call() -> str:
        calls.append("call")
        raise ProviderDown("down", billed="no")

    with pytest.raises(ProviderDown):
        with_retries(call, replace(context(clock), still_wanted=lambda: False))

    assert calls == ["call"]


def test_cancelling_during_the_wait_ends_it_without_another_call() -> None:
    clock = Clock()
    calls: list[str] = []

    def call() -> str:
        calls.append("call")
        raise ProviderDown("down", billed="no")

    with pytest.raises(ProviderDown):
        with_retries(call, replace(context(clock), cancelled=lambda: bool(clock.slept)))

    assert calls == ["call"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "3", "retry-after-ms": "1500"}, 1.5),
        ({"Retry-After": "Sat, 21 Nov 2026 10:00:00 GMT"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "٣"}, None),
        ({}, None),
    ],
)
def test_only_a_plain_number_is_a_hint(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_hint(headers) == seconds
