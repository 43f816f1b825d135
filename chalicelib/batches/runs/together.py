"""Doing several things at the same time, as long as there is time."""

from collections.abc import Callable, Sequence
from functools import partial

from chalicelib.generation.fanout import Fanout

AT_ONCE = 20


def together(
    acts: Sequence[Callable[[], None]], fanout: Fanout, seconds_left: Callable[[], float]
) -> list[BaseException]:
    """Do all of it, or what can be done in time; return what was raised by then."""
    waiting, under_way = list(enumerate(acts)), 0
    problems: list[BaseException] = []
    while waiting or under_way:
        while waiting and under_way < AT_ONCE:
            number, act = waiting.pop(0)
            fanout.start(number, partial(_kept, act, problems))
            under_way += 1
        if fanout.next_finished(max(0.0, seconds_left())) is None:
            break
        under_way -= 1
    return problems


def _kept(act: Callable[[], None], problems: list[BaseException]) -> None:
    try:
        act()
    except BaseException as problem:
        problems.append(problem)
