"""Connections that talk too fast."""

import random

from chalicelib.events.pace import REMEMBERED, Pace

NOW = 1_795_000_000_000


def test_a_connection_gets_exactly_its_messages_in_a_window() -> None:
    pace = Pace(messages=5, window_ms=1000)
    assert [pace.admits("a", NOW + n) for n in range(8)] == [True] * 5 + [False] * 3


def test_the_next_window_begins_anew() -> None:
    pace = Pace(messages=1, window_ms=1000)
    assert [pace.admits("a", NOW + n * 1000) for n in range(3)] == [True] * 3


def test_one_flood_silences_nobody_else() -> None:
    pace = Pace(messages=2)
    flood = [pace.admits("flood", NOW) for _ in range(100)]
    assert flood.count(True) == 2
    assert pace.admits("other", NOW)


def test_a_connection_that_keeps_talking_is_not_forgotten_among_many() -> None:
    pace, admitted = Pace(messages=10), 0
    dice = random.Random(7)
    for n in range(REMEMBERED * 2):
        pace.admits(f"passer-by {n}", NOW)
        if dice.random() < 0.01:
            admitted += pace.admits("flood", NOW)
    assert admitted == 10
