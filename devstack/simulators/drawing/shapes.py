"""What a scene is made of: plain shapes in layers, measured in short sides of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Polygon:
    """A filled outline."""

    points: Sequence[Point]
    colour: Colour


@dataclass(frozen=True)
class Ellipse:
    """A filled ellipse around its centre."""

    x: float
    y: float
    across: float
    down: float
    colour: Colour


Shape = Polygon | Ellipse
Layer = Sequence[Shape]


@dataclass(frozen=True)
class Scene:
    """A sky from top to bottom, and layers of shapes from back to front.

    `width` and `height` are the picture's sides; the shorter one is 1.
    """

    width: float
    height: float
    sky: Sequence[Colour]
    layers: Sequence[Layer]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour at the given share of the way from one to the other."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )
