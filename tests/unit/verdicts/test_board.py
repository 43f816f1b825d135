"""What ballots say of models: comparisons, ranks, times, money, and failures."""

import random
from dataclasses import replace
from itertools import count

import pytest

from chalicelib.verdicts.board import ENOUGH, Board, Row, board, choices
from chalicelib.verdicts.model import Ballot, Contender, End, Entry, Verdict

NUMBERS = count(1)
A, B, C, D = (Contender("openai", f"model-{name}", simulated=False) for name in "abcd")


def entry(result_id: str, contender: Contender, end: End = "picture") -> Entry:
    name = contender.model_id.title()
    if end != "picture":
        return Entry(result_id, contender, name, end)
    return Entry(result_id, contender, name, end, took_ms=2000, usd=0.04)


def ballot(verdict: Verdict, *contenders: Contender, entries: tuple[Entry, ...] = ()) -> Ballot:
    made = entries or tuple(entry(str(n), c) for n, c in enumerate(contenders, start=1))
    number = next(NUMBERS)
    return Ballot(f"job-{number:04d}", "", number, 10**13, 2, verdict, made)


def preferred(given: Ballot) -> list[tuple[str, str, float]]:
    """Who was chosen, among whom, and how much it weighs: models by their last letters."""
    return [
        (c.chosen.model_id[-1], "".join(m.model_id[-1] for m in c.among), weight)
        for c, weight in choices(given)
    ]


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict(None), []),
        (Verdict("1"), [("a", "abcd", 1)]),
        (Verdict("2", (("2",), ("1",), ("3", "4"))), "b>abcd a>acd c>cd/2 d>cd/2"),
        (Verdict("2", (("2",), ("1",))), "b>abcd a>"),
        (Verdict(None, (("3",), ("1",))), "c>ac"),
        (Verdict(None, (("1", "2"), ("3",))), "a>ac b>bc a>ab/2 b>ab/2"),
    ],
)
def test_a_verdict_is_choices(verdict: Verdict, told: str | list[tuple[str, str, float]]) -> None:
    found = preferred(ballot(verdict, A, B, C, D))
    if isinstance(told, str):
        words = [w.partition(">") for w in told.split() if not w.endswith(">")]
        told = [(c, r.partition("/")[0], 0.5 if "/" in r else 1.0) for c, _, r in words]
    assert found == told


def test_what_has_no_picture_was_not_among_them() -> None:
    ends = (entry("1", A), entry("2", B, "refused"), entry("3", C, "cancelled"), entry("4", D))
    assert preferred(ballot(Verdict("4"), entries=ends)) == [("d", "ad", 1)]


def rows(*ballots: Ballot) -> dict[str, Row]:
    return {row.contender.model_id[-1]: row for row in board(ballots).rows}


def test_comparisons_with_others_are_counted_and_won() -> None:
    found = rows(
        ballot(Verdict("1"), A, B, C),
        ballot(Verdict(None, (("1", "2"),)), A, B),
        ballot(Verdict("1"), A, A, B),
    )
    assert [(k, r.votes, r.win_rate) for k, r in sorted(found.items())] == [
        ("a", 4, 3.5 / 4),
        ("b", 3, 0.5 / 3),
        ("c", 1, 0.0),
    ]


def test_a_model_that_was_compared_too_seldom_has_no_rank() -> None:
    often = [ballot(Verdict("1"), A, B) for _ in range(ENOUGH)]
    found = board([*often, ballot(Verdict("1"), C, A), ballot(Verdict(None), D)])
    shown = [(r.contender.model_id[-1], r.rank, r.votes) for r in found.rows]
    assert shown == [("a", 1, 11), ("b", 2, 10), ("c", None, 1), ("d", None, 0)]
    assert found.votes == 12
    first, second, third, last = found.rows
    assert first.rating
    assert second.rating
    assert third.rating
    assert first.rating + second.rating == pytest.approx(2000)
    assert third.rating > first.rating
    assert first.interval
    assert first.interval[0] < first.rating < first.interval[1]
    assert (last.rating, last.interval, last.win_rate) == (None, None, None)


def test_ten_to_one_is_400_points() -> None:
    won = [ballot(Verdict("1"), A, B) for _ in range(10_000)]
    lost = [ballot(Verdict("2"), A, B) for _ in range(1000)]
    first, second = board([*won, *lost]).rows
    assert first.rating
    assert second.rating
    assert first.rating - second.rating == pytest.approx(400, abs=0.1)


def test_times_money_and_failures_are_told() -> None:
    def drew(took_ms: int, usd: float | None) -> Entry:
        return replace(entry("1", A), took_ms=took_ms, usd=usd)

    ends = [drew(n * 1000, 0.02 if n % 2 else None) for n in range(1, 21)]
    ends += (
        [entry("1", A, "refused")] * 4 + [entry("1", A, "failed")] + [entry("1", A, "cancelled")]
    )
    found = rows(
        *(ballot(Verdict(None), entries=(end, entry("2", B, "cancelled"))) for end in ends)
    )
    a, b = found["a"], found["b"]
    assert (a.pictures, a.seconds_p50, a.seconds_p95) == (20, 10.0, 19.0)
    assert a.usd_per_picture == pytest.approx(0.02)
    assert (a.refused_share, a.failed_share) == (4 / 25, 1 / 25)
    assert (b.pictures, b.seconds_p50, b.usd_per_picture, b.refused_share) == (0, None, None, None)


def test_a_model_has_the_name_that_it_had_last() -> None:
    old, new = ballot(Verdict("1"), A), ballot(Verdict("1"), A)
    renamed = replace(new, entries=tuple(replace(e, name="New") for e in new.entries))
    assert [r.name for r in board([renamed, old]).rows] == ["New"]


def test_what_simulates_is_another_than_the_real_one() -> None:
    stand_in = replace(A, simulated=True)
    assert len(board([ballot(Verdict("1"), A, stand_in)]).rows) == 2


def test_the_same_ballots_say_the_same_to_the_last_digit() -> None:
    dice = random.Random(11)
    ballots = []
    for _ in range(200):
        models = dice.sample([A, B, C, D], dice.choice((2, 3, 4)))
        given = ballot(Verdict(str(dice.randint(1, len(models)))), *models)
        costs = [replace(e, usd=dice.random(), took_ms=dice.randrange(9000)) for e in given.entries]
        ballots.append(replace(given, entries=tuple(costs)))
    first = board(ballots)
    for _ in range(5):
        dice.shuffle(ballots)
        assert board(ballots) == first


def test_without_ballots_there_is_nobody() -> None:
    assert board([]) == Board((), 0)
