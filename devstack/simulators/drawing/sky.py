"""What hangs in the sky: sun or moon, stars, clouds, birds."""

from __future__ import annotations

import random

from devstack.simulators.drawing.palette import Palette
from devstack.simulators.drawing.shapes import Ellipse, Glow, Layer, Place, Shape, mix

STARS = 140


def celestial(
    x: float, horizon: float, palette: Palette, chance: random.Random, *, moon: bool
) -> Layer:
    """The sun or the moon with its light."""
    radius = chance.uniform(0.075, 0.13)
    y = horizon * chance.uniform(0.26, 0.62)
    shapes: list[Shape] = [
        Glow(x, y, radius * 4.6, palette.light, 0.45),
        Glow(x, y, radius * 2.4, palette.light, 0.5),
        Ellipse(x, y, radius, radius, palette.light),
    ]
    if moon:
        shade = mix(palette.light, palette.sky[1], 0.16)
        shapes += [
            Ellipse(x - radius * 0.3, y - radius * 0.25, radius * 0.22, radius * 0.2, shade),
            Ellipse(x + radius * 0.32, y + radius * 0.12, radius * 0.14, radius * 0.13, shade),
            Ellipse(x - radius * 0.1, y + radius * 0.42, radius * 0.18, radius * 0.15, shade),
        ]
    return Layer(shapes)


def stars(width: float, horizon: float, palette: Palette, chance: random.Random) -> Layer:
    """A sky full of stars, a few of them bright."""
    shapes: list[Shape] = []
    for _ in range(STARS):
        x, y = chance.uniform(0, width), horizon * chance.random() ** 1.4
        radius = 0.0009 + 0.0022 * chance.random() ** 4
        shapes.append(Ellipse(x, y, radius, radius, mix(palette.sky[1], palette.light, 0.85)))
    for _ in range(5):
        x, y = chance.uniform(0, width), horizon * chance.uniform(0.05, 0.6)
        shapes += [Glow(x, y, 0.022, palette.light, 0.5), Ellipse(x, y, 0.003, 0.003, (255,) * 3)]
    return Layer(shapes)


def clouds(width: float, horizon: float, palette: Palette, chance: random.Random) -> Layer:
    """Long clouds with flat feet."""
    shapes: list[Shape] = []
    for _ in range(chance.randint(2, 4)):
        x, y = chance.uniform(0, width), horizon * chance.uniform(0.12, 0.6)
        colour = mix(palette.sky[2], palette.light, chance.uniform(0.3, 0.8))
        shapes += _cloud(Place(x, y, chance.uniform(0.16, 0.3)), colour, chance)
    return Layer(shapes)


def _cloud(place: Place, colour: tuple[int, int, int], chance: random.Random) -> list[Shape]:
    puffs = [chance.uniform(0.10, 0.22) for _ in range(5)]
    outline = [(-0.85, 0.0)]
    for index, puff in enumerate(puffs):
        outline.append((-0.62 + 0.31 * index, puff + 0.12 * (index in (2, 3))))
    outline += [(0.95, 0.02), (0.5, -0.035), (0.0, -0.02), (-0.5, -0.045)]
    return [place.curve(outline, colour)]


def birds(width: float, horizon: float, palette: Palette, chance: random.Random) -> Layer:
    """A loose flock, far away."""
    shapes: list[Shape] = []
    x, y = width * chance.uniform(0.3, 0.6), horizon * chance.uniform(0.2, 0.45)
    colour = mix(palette.near, palette.sky[1], 0.25)
    for index in range(chance.randint(3, 6)):
        place = Place(
            x + 0.055 * index + chance.uniform(-0.015, 0.015),
            y + chance.uniform(-0.05, 0.05),
            chance.uniform(0.016, 0.028),
        )
        wings = [(-1, 0.45), (-0.45, 0.52), (0, 0.08), (0.45, 0.52), (1, 0.45), (0.4, 0.34)]
        shapes.append(place.curve([*wings, (0, -0.14), (-0.4, 0.34)], colour))
    return Layer(shapes)
