"""The leaderboard: what ballots say of each model."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from math import ceil, fsum, log

from chalicelib.verdicts.model import Ballot, Contender, Entry, Verdict
from chalicelib.verdicts.strengths import Choice, Strength, strengths

ENOUGH = 10
"""A model that was compared less often has no rank."""
MIDDLE, POINTS = 1000.0, 400 / log(10)
"""A rating of 400 points more is ten to one, as in chess; the ranked models' mean is the middle."""


@dataclass(frozen=True)
class Row:
    """One model. `votes` are its comparisons with another model, of which it won `win_rate`.

    Times are seconds, amounts US dollars; None is what no ballot knows.
    """

    contender: Contender
    name: str
    rank: int | None
    rating: float | None
    interval: tuple[float, float] | None
    votes: int
    win_rate: float | None
    pictures: int
    seconds_p50: float | None
    seconds_p95: float | None
    usd_per_picture: float | None
    refused_share: float | None
    failed_share: float | None


@dataclass(frozen=True)
class Board:
    """All models, the best first and those without a rank last; `votes` are verdicts."""

    rows: tuple[Row, ...]
    votes: int


@dataclass
class _Tally:
    """What was counted of one model."""

    name: str = ""
    compared: float = 0.0
    won: float = 0.0
    took_ms: list[int] = field(default_factory=list)
    usd: list[float] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)


def board(ballots: Sequence[Ballot]) -> Board:
    """Return what the ballots say, whatever their order."""
    ordered = sorted(ballots, key=lambda b: (b.created_at_ms, b.job_id))
    tallies: dict[Contender, _Tally] = defaultdict(_Tally)
    weights: dict[Choice, float] = defaultdict(float)
    for ballot in ordered:
        _count_entries(ballot.entries, tallies)
        for choice, weight in choices(ballot):
            weights[choice] += weight
            _count_comparisons(choice, weight, tallies)
    middle = {c for c, tally in tallies.items() if tally.compared >= ENOUGH}
    found = strengths(weights, middle)
    return Board(_rows(tallies, found), len(ordered))


def choices(ballot: Ballot) -> Iterator[tuple[Choice, float]]:
    """Return what a ballot preferred to what, each with its weight.

    The winner was chosen among all pictures, each further place of a ranking among those that
    are below it; of what a ranking leaves out nothing else is said. Two who share a place are
    half a choice of each.
    """
    verdict = ballot.verdict or Verdict(None)
    drawn = {e.result_id: e.contender for e in ballot.entries if e.end == "picture"}
    ranking = verdict.ranking or ((verdict.winner,) if verdict.winner else (),)
    places = [[each for each in place if each in drawn] for place in ranking]
    named = {each for place in places for each in place}
    for number, place in enumerate(places):
        below = [drawn[each] for later in places[number + 1 :] for each in later]
        if place == [verdict.winner]:
            below += [model for each, model in drawn.items() if each not in named]
        for each in place if below else ():
            yield _choice(drawn[each], below), 1.0
        for one, other in permutations(place, 2):
            yield _choice(drawn[one], [drawn[other]]), 0.5


def _choice(chosen: Contender, below: Sequence[Contender]) -> Choice:
    return Choice(chosen, tuple(sorted([chosen, *below])))


def _count_comparisons(choice: Choice, weight: float, tallies: Mapping[Contender, _Tally]) -> None:
    """Count the chosen model against each alternative; its own other pictures are none."""
    for other in choice.among:
        if other != choice.chosen:
            tallies[choice.chosen].compared += weight
            tallies[choice.chosen].won += weight
            tallies[other].compared += weight


def _count_entries(entries: Iterable[Entry], tallies: Mapping[Contender, _Tally]) -> None:
    for entry in entries:
        tally = tallies[entry.contender]
        tally.name = entry.name
        tally.ends[entry.end] += 1
        if entry.took_ms is not None:
            tally.took_ms.append(entry.took_ms)
        if entry.usd is not None:
            tally.usd.append(entry.usd)


def _rows(
    tallies: Mapping[Contender, _Tally], found: Mapping[Contender, Strength]
) -> tuple[Row, ...]:
    rows = [_row(each, tally, found.get(each)) for each, tally in tallies.items()]
    rows.sort(key=_order)
    return tuple(
        replace(row, rank=number) if row.votes >= ENOUGH else row
        for number, row in enumerate(rows, start=1)
    )


def _order(row: Row) -> tuple[bool, bool, float, Contender]:
    return row.votes < ENOUGH, row.rating is None, -(row.rating or 0), row.contender


def _row(contender: Contender, tally: _Tally, strength: Strength | None) -> Row:
    rating = MIDDLE + POINTS * strength.value if strength else None
    margin = POINTS * strength.margin if strength else 0.0
    pictures, refused = tally.ends["picture"], tally.ends["refused"]
    ended = pictures + refused + tally.ends["failed"]
    return Row(
        contender=contender,
        name=tally.name,
        rank=None,
        rating=rating,
        interval=None if rating is None else (rating - margin, rating + margin),
        votes=round(tally.compared),
        win_rate=tally.won / tally.compared if tally.compared else None,
        pictures=pictures,
        seconds_p50=_percentile(tally.took_ms, 0.5),
        seconds_p95=_percentile(tally.took_ms, 0.95),
        usd_per_picture=fsum(tally.usd) / len(tally.usd) if tally.usd else None,
        refused_share=refused / ended if ended else None,
        failed_share=tally.ends["failed"] / ended if ended else None,
    )


def _percentile(took_ms: Sequence[int], share: float) -> float | None:
    """Return in seconds what so large a share did not exceed: a time that was measured."""
    if not took_ms:
        return None
    return sorted(took_ms)[ceil(share * len(took_ms)) - 1] / 1000
