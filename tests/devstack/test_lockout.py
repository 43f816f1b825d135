"""The lock-out of the local pool holds what Amazon Cognito's documentation says of its own."""

from devstack.state.cognito_lockout import FORGOTTEN_S, FREE, LONGEST_S, Lockout


def guessed(lockout: Lockout, times: int, now: float) -> float:
    """When the last of so many wrong passwords was tried, each as soon as one may be."""
    for number in range(times):
        assert not lockout.holds("ann", now)
        lockout.note("ann", False, now)
        if number + 1 < times:
            while lockout.holds("ann", now):
                now += 1
    return now


def test_five_wrong_passwords_lock_for_a_second_and_each_more_for_twice_as_long() -> None:
    for more, seconds in enumerate([1, 2, 4, 8]):
        lockout = Lockout()
        now = guessed(lockout, FREE + more, 1000)
        assert lockout.holds("ann", now + seconds - 0.1)
        assert not lockout.holds("ann", now + seconds)
        assert not lockout.holds("ben", now)


def test_it_never_locks_for_longer_than_a_quarter_of_an_hour() -> None:
    lockout = Lockout()
    now = guessed(lockout, FREE + 12, 1000)
    assert lockout.holds("ann", now + LONGEST_S - 1)
    assert not lockout.holds("ann", now + LONGEST_S)


def test_a_right_password_or_a_quarter_of_an_hour_takes_the_wrong_ones_back() -> None:
    lockout = Lockout()
    now = guessed(lockout, FREE, 1000)
    lockout.note("ann", True, now + 1)
    assert guessed(lockout, FREE - 1, now + 2) == now + 2
    assert not lockout.holds("ann", now + 2 + FORGOTTEN_S)
    lockout.note("ann", False, now + 2 + FORGOTTEN_S)
    assert not lockout.holds("ann", now + 2 + FORGOTTEN_S)
