"""The strengths are those of an implementation by another method, and their margins hold."""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from chalicelib.verdicts.board import POINTS
from chalicelib.verdicts.model import Contender
from chalicelib.verdicts.strengths import PRIOR_SD, Choice, strengths
from tests.figures import RecordFigure

MODELS = [Contender("openai", f"model-{n}", simulated=False) for n in range(6)]
Weights = dict[Choice, float]


def choice(chosen: int, *others: int) -> Choice:
    return Choice(MODELS[chosen], tuple(sorted(MODELS[n] for n in (chosen, *others))))


def drawn(dice: random.Random, truth: Sequence[float], verdicts: int) -> Weights:
    """Choices that people make whose model is the product's: pairs, winners of all, rankings."""
    found: Counter[Choice] = Counter()
    for _ in range(verdicts):
        left = dice.sample(range(len(truth)), dice.choice((2, 2, 4, len(truth))))
        for _ in range(dice.choice((1, 1, len(left) - 1))):
            powers = [math.exp(truth[n]) for n in left]
            best = dice.choices(left, powers)[0]
            left.remove(best)
            found[choice(best, *left)] += 1
    return dict(found)


def by_bisection(weights: Mapping[Choice, float]) -> dict[Contender, float]:
    """Return the strengths by climbing along one model at a time, until nothing moves."""
    models = sorted({m for c in weights for m in c.among})
    made = [
        (models.index(c.chosen), [models.index(m) for m in c.among], weight)
        for c, weight in weights.items()
    ]
    at = [0.0] * len(models)
    moved = 1.0
    while moved > 1e-10:
        moved = 0.0
        for n, before in enumerate(at):
            low, high = before - 20, before + 20
            while high - low > 1e-11:
                at[n] = (low + high) / 2
                low, high = (at[n], high) if slope(made, at, n) > 0 else (low, at[n])
            moved = max(moved, abs(at[n] - before))
    mean = sum(at) / len(at)
    return {model: value - mean for model, value in zip(models, at, strict=True)}


def slope(made: list[tuple[int, list[int], float]], at: Sequence[float], n: int) -> float:
    total = -at[n] / PRIOR_SD**2
    for chosen, among, weight in made:
        share = among.count(n) / sum(math.exp(at[m] - at[n]) for m in among) if n in among else 0
        total += weight * ((chosen == n) - share)
    return total


VOTES: dict[str, Weights] = {
    "one choice": {choice(0, 1): 1},
    "always the same": {choice(0, 1): 40, choice(0, 2): 40},
    "a circle": {choice(0, 1): 3, choice(1, 2): 3, choice(2, 0): 3},
    "two islands": {choice(0, 1): 5, choice(2, 3): 1, choice(3, 2): 2},
    "halves": {choice(0, 1): 1.5, choice(1, 0): 0.5, choice(2, 0, 1): 4},
    "a model twice": {choice(0, 0, 1): 6, choice(1, 0, 0): 2, choice(1, 2): 1},
    "many": drawn(random.Random(7), (1.2, 0.1, -0.5, -1.4), 60),
}


@pytest.mark.parametrize("name", VOTES)
def test_the_strengths_are_those_of_another_implementation(
    name: str, record_figure: RecordFigure
) -> None:
    found, expected = strengths(VOTES[name]), by_bisection(VOTES[name])
    assert found.keys() == expected.keys()
    apart = max(abs(found[m].value - expected[m]) * POINTS for m in found)
    record_figure("leaderboard", votes=name, points_apart=apart)
    assert apart < 1e-6


@pytest.mark.parametrize(("won", "lost"), [(1, 0), (30, 0), (7, 3), (500, 500)])
def test_the_margin_of_two_is_the_known_one(won: int, lost: int) -> None:
    found = strengths({choice(0, 1): won, choice(1, 0): lost})
    one, other = found[MODELS[0]], found[MODELS[1]]
    chance = 1 / (1 + math.exp(other.value - one.value))
    information = (won + lost) * chance * (1 - chance)
    margin = 1.959963984540054 * math.sqrt(0.5 / (2 * information + 1 / PRIOR_SD**2))
    assert (one.margin, other.margin) == pytest.approx((margin, margin), rel=1e-9)


def test_the_intervals_cover_95_percent(record_figure: RecordFigure) -> None:
    """In so many installations whose models differ as much as 400 points, or hardly at all."""
    dice, covered, count = random.Random(20261127), 0, 0
    for _ in range(200):
        truth = [dice.gauss(0, 0.8) for _ in MODELS]
        mean = sum(truth) / len(truth)
        found = strengths(drawn(dice, truth, verdicts=120))
        for model, true in zip(MODELS, truth, strict=True):
            covered += abs(found[model].value - (true - mean)) <= found[model].margin
            count += 1
    record_figure("leaderboard coverage", intervals=count, covered=covered / count)
    assert 0.93 <= covered / count <= 0.97


def test_the_same_choices_have_the_same_strengths_to_the_last_digit() -> None:
    dice = random.Random(3)
    made = list(VOTES["many"].items())
    first = strengths(dict(made), MODELS[:3])
    for _ in range(5):
        dice.shuffle(made)
        assert strengths(dict(made), set(MODELS[:3])) == first


def test_the_middle_is_the_mean_of_those_that_make_it() -> None:
    few = {**VOTES["many"], choice(4, 0): 1}
    found = strengths(few, MODELS[:4])
    assert sum(found[m].value for m in MODELS[:4]) == pytest.approx(0, abs=1e-9)
    newcomer = Contender("google", "new", simulated=False)
    more = {**few, Choice(newcomer, tuple(sorted((newcomer, MODELS[0])))): 1}
    again = strengths(more, MODELS[:4])
    assert again[newcomer].margin > 3 * again[MODELS[0]].margin
    for model in MODELS[:4]:
        assert again[model].margin == pytest.approx(found[model].margin, rel=0.05)


def test_without_a_choice_there_is_no_strength() -> None:
    assert strengths({}) == {}
