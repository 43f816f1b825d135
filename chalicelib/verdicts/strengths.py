"""How strong each model is, by the choices that were made between their pictures.

The model is Bradley and Terry's, and for a choice among more than two Luce's, of which theirs is
the case of two: a picture is chosen with the probability e^s / (sum of e^s over the alternatives),
s being its model's strength. Nothing here is random, and every sum has one order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from chalicelib.verdicts.model import Contender

PRIOR_SD = 10**0.5
"""How far strengths are thought to spread before any choice was seen, in natural units: 95 % of
models within 6.2 of the middle, which is a chance of one in five hundred. It keeps the strength of
a model finite that won or lost every time, and weighs less than one choice."""
Z95 = 1.959963984540054
_STEPS, _HALVINGS, _CLOSE = 100, 60, 1e-10
_NOISE, _TINY = 1e-9, 5e-324
"""How much of a density may be lost in rounding, as a share of it."""
Matrix = list[list[float]]


@dataclass(frozen=True, order=True)
class Choice:
    """One model that was preferred; `among` are the alternatives, itself included, in order.

    Several pictures of one model are there several times.
    """

    chosen: Contender
    among: tuple[Contender, ...]


@dataclass(frozen=True)
class Strength:
    """A strength in natural units, and half of the width of its 95 % interval."""

    value: float
    margin: float


def strengths(
    weights: Mapping[Choice, float], middle: Collection[Contender] = ()
) -> dict[Contender, Strength]:
    """Return the strength of every model that is in a choice.

    `weights` say how often each choice was made. The mean of the models of `middle`, of all if
    there are none, is 0; a margin is that of the distance to it.
    """
    models = sorted({model for choice in weights for model in choice.among})
    if not models:
        return {}
    place = {model: number for number, model in enumerate(models)}
    choices = [
        _Placed(place[c.chosen], tuple(place[model] for model in c.among), weights[c])
        for c in sorted(weights)
    ]
    found = _most_likely(choices, len(models))
    _, information = _slopes(choices, found)
    centre = [place[model] for model in sorted(set(middle) & set(models))] or list(place.values())
    mean = sum(found[n] for n in centre) / len(centre)
    margins = _margins(information, centre)
    return {m: Strength(found[at] - mean, margins[at]) for m, at in place.items()}


@dataclass(frozen=True)
class _Placed:
    chosen: int
    among: tuple[int, ...]
    weight: float


def _most_likely(choices: Sequence[_Placed], count: int) -> list[float]:
    """Return the one maximum of the posterior density, by Newton's method with halved steps."""
    at, height = [0.0] * count, _log_density(choices, [0.0] * count)
    for _ in range(_STEPS):
        slope, information = _slopes(choices, at)
        step = _solved(information, slope)
        if max(abs(part) for part in step) < _CLOSE:
            break
        for _ in range(_HALVINGS):
            further = [a + part for a, part in zip(at, step, strict=True)]
            reached = _log_density(choices, further)
            if reached >= height - _NOISE * (1 + abs(height)):
                at, height = further, reached
                break
            step = [part / 2 for part in step]
        else:
            break
    return at


def _log_density(choices: Sequence[_Placed], at: Sequence[float]) -> float:
    prior = -sum(each * each for each in at) / (2 * PRIOR_SD**2)
    return prior + sum(
        choice.weight * log(_chances(choice, at)[choice.chosen] or _TINY) for choice in choices
    )


def _slopes(choices: Sequence[_Placed], at: Sequence[float]) -> tuple[list[float], Matrix]:
    """Return the log density's gradient and its negated second derivatives, which are Fisher's
    information of the choices and the prior's.
    """
    count = len(at)
    gradient = [-each / PRIOR_SD**2 for each in at]
    information = [[float(i == j) / PRIOR_SD**2 for j in range(count)] for i in range(count)]
    for choice in choices:
        chances = _chances(choice, at)
        gradient[choice.chosen] += choice.weight
        for i, chance in chances.items():
            gradient[i] -= choice.weight * chance
            information[i][i] += choice.weight * chance
            for j, other in chances.items():
                information[i][j] -= choice.weight * chance * other
    return gradient, information


def _chances(choice: _Placed, at: Sequence[float]) -> dict[int, float]:
    """Return how probable each model was to be chosen."""
    powers: dict[int, float] = {}
    strongest = max(at[n] for n in choice.among)
    for n in choice.among:
        powers[n] = powers.get(n, 0.0) + exp(at[n] - strongest)
    whole = sum(powers.values())
    return {n: power / whole for n, power in powers.items()}


def _margins(information: Matrix, centre: Sequence[int]) -> list[float]:
    """Return half of each interval: of a strength's distance to the mean of `centre`.

    That all strengths move together is nothing that a choice can tell, and no distance knows it:
    adding it to the information changes no margin, and keeps the sums small.
    """
    count = len(information)
    known = [[each + 1 / count for each in row] for row in information]
    squares = []
    for n in range(count):
        contrast = [float(i == n) - (i in centre) / len(centre) for i in range(count)]
        spread = _solved(known, contrast)
        squares.append(sum(c * s for c, s in zip(contrast, spread, strict=True)))
    return [Z95 * sqrt(max(square, 0.0)) for square in squares]


def _solved(matrix: Matrix, right: Sequence[float]) -> list[float]:
    """Return x of `matrix` x = `right`, for a symmetric positive definite matrix (Cholesky)."""
    lower: Matrix = []
    for i, row in enumerate(matrix):
        lower.append([])
        for j in range(i + 1):
            rest = row[j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i].append(sqrt(rest) if i == j else rest / lower[j][j])
    half: list[float] = []
    for i, value in enumerate(right):
        half.append((value - sum(lower[i][k] * half[k] for k in range(i))) / lower[i][i])
    found = [0.0] * len(half)
    for i in reversed(range(len(half))):
        later = sum(lower[k][i] * found[k] for k in range(i + 1, len(half)))
        found[i] = (half[i] - later) / lower[i][i]
    return found
