"""What a scene is made of: plain shapes in layers, measured in short sides of the picture."""

from __future__ import annotations

import math
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


@dataclass(frozen=True)
class Glow:
    """A round light that fades to nothing at its radius, or ends there if it is flat."""

    x: float
    y: float
    radius: float
    colour: Colour
    strength: float
    is_flat: bool = False


@dataclass(frozen=True)
class Haze:
    """A band across the whole width that is clear at its top and densest at its foot."""

    top: float
    foot: float
    colour: Colour
    strength: float


Shape = Polygon | Ellipse | Glow | Haze


@dataclass(frozen=True)
class Layer:
    """Shapes at one distance; what the eye should rest on is the subject."""

    shapes: Sequence[Shape]
    is_subject: bool = False


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


def smooth(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """A closed curve through the points (Catmull-Rom)."""
    count = len(points)
    return [
        _between([points[(index + offset) % count] for offset in (-1, 0, 1, 2)], step / steps)
        for index in range(count)
        for step in range(steps)
    ]


def _between(corners: Sequence[Point], t: float) -> Point:
    """The point at share t of the way from the second corner to the third."""
    weights = (
        -0.5 * t + t**2 - 0.5 * t**3,
        1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3,
        -0.5 * t**2 + 0.5 * t**3,
    )
    x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
    y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
    return x, y


@dataclass(frozen=True)
class Place:
    """Where a motif stands: its foot at (x, y), one unit of its own measure `size` tall.

    A motif is drawn with x to the right and y upwards from its foot; `facing` -1 mirrors it.
    """

    x: float
    y: float
    size: float
    facing: int = 1

    def point(self, x: float, y: float) -> Point:
        """A point of the motif in the scene."""
        return self.x + self.facing * x * self.size, self.y - y * self.size

    def polygon(self, points: Sequence[Point], colour: Colour) -> Polygon:
        """A sharp outline."""
        return Polygon([self.point(x, y) for x, y in points], colour)

    def curve(self, points: Sequence[Point], colour: Colour) -> Polygon:
        """A soft outline through the points."""
        return self.polygon(smooth(points), colour)

    def box(self, left: float, foot: float, right: float, top: float, colour: Colour) -> Polygon:
        """An upright rectangle."""
        return self.polygon([(left, foot), (right, foot), (right, top), (left, top)], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> Ellipse:
        """A circle."""
        return self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: Colour) -> Ellipse:
        """An ellipse."""
        centre = self.point(x, y)
        return Ellipse(*centre, across * self.size, down * self.size, colour)

    def stroke(self, start: Point, end: Point, width: float, colour: Colour) -> Polygon:
        """A straight bar from one point to another."""
        length = math.dist(start, end) or 1.0
        aside = (end[1] - start[1]) / length * width / 2, (start[0] - end[0]) / length * width / 2
        corners = [
            (start[0] + aside[0], start[1] + aside[1]),
            (end[0] + aside[0], end[1] + aside[1]),
            (end[0] - aside[0], end[1] - aside[1]),
            (start[0] - aside[0], start[1] - aside[1]),
        ]
        return self.polygon(corners, colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> Glow:
        """A light."""
        return Glow(*self.point(x, y), radius * self.size, colour, strength)
