"""Scenes for prompts that name nothing that can be drawn: arcs, ribbons, circles."""

from __future__ import annotations

import math
import random

from devstack.simulators.drawing.palette import Palette
from devstack.simulators.drawing.shapes import (
    Colour,
    Ellipse,
    Glow,
    Layer,
    Point,
    Polygon,
    Scene,
    Shape,
    mix,
)


def abstract(width: float, height: float, palette: Palette, chance: random.Random) -> Scene:
    """One of the compositions, in the palette's colours."""
    composition = chance.choice((_ribbons, _arcs, _orbits))
    layers = composition(width, height, palette, chance)
    return Scene(width, height, palette.sky, layers)


def _colours(palette: Palette) -> list[Colour]:
    return [
        palette.accent,
        palette.light,
        palette.sky[0],
        palette.near,
        palette.far,
        mix(palette.accent, palette.light, 0.55),
        mix(palette.far, palette.near, 0.5),
    ]


def _ribbons(width: float, height: float, palette: Palette, chance: random.Random) -> list[Layer]:
    """Bands that flow across the picture and never touch the same place twice."""
    phase, pitch = chance.uniform(0, math.tau), chance.uniform(0.7, 1.3)
    x, y = width * chance.uniform(0.25, 0.75), height * 0.3
    sun: list[Shape] = [
        Glow(x, y, 0.8, palette.light, 0.5),
        Ellipse(x, y, 0.17, 0.17, palette.light),
    ]
    layers = [Layer(sun)]
    count = 11
    for index in range(count):
        share = index / (count - 1)
        edge: list[Point] = []
        for step in range(61):
            across = -0.05 + (width + 0.1) * step / 60
            swell = math.sin(phase + pitch * across * 3.1 + share * 2.6)
            fine = math.sin(phase * 2 + across * 6.3 - share * 4)
            edge.append((across, height * (0.34 + 0.62 * share) + 0.085 * swell + 0.03 * fine))
        colour = palette.at(share) if index % 3 else mix(palette.accent, palette.near, share * 0.6)
        outline = [(-0.1, height + 0.1), *edge, (width + 0.1, height + 0.1)]
        layers.append(Layer([Polygon(outline, colour)]))
    return layers


def _arcs(width: float, height: float, palette: Palette, chance: random.Random) -> list[Layer]:
    """A grid of quarter circles and discs, as on an old textile."""
    colours = _colours(palette)
    columns = max(3, round(width * 4))
    cell = width / columns
    shapes: list[Shape] = []
    for row in range(math.ceil(height / cell)):
        for column in range(columns):
            ground, first, second = chance.sample(colours, 3)
            left, top = column * cell, row * cell
            corners = [
                (left, top),
                (left + cell, top),
                (left + cell, top + cell),
                (left, top + cell),
            ]
            shapes.append(Polygon(corners, ground))
            shapes += _tile(left, top, cell, (first, second), chance)
    return [Layer(shapes)]


def _tile(
    left: float, top: float, cell: float, colours: tuple[Colour, Colour], chance: random.Random
) -> list[Shape]:
    kind = chance.randrange(4)
    if kind == 0:
        centre = left + cell / 2, top + cell / 2
        return [
            Ellipse(*centre, cell * share, cell * share, colour)
            for share, colour in zip((0.42, 0.2), colours, strict=True)
        ]
    turn = chance.randrange(4)
    corner = left + cell * (turn in (1, 2)), top + cell * (turn in (2, 3))
    shares = {1: (1.0, 0.5), 2: (0.72, 0.36), 3: (1.0, 0.72)}[kind]
    return [
        _quarter(corner, cell * share, turn, colour)
        for share, colour in zip(shares, colours, strict=True)
    ]


def _quarter(corner: Point, radius: float, turn: int, colour: Colour) -> Polygon:
    start = turn * math.pi / 2
    arc = [
        (corner[0] + radius * math.cos(start + a), corner[1] + radius * math.sin(start + a))
        for a in (math.pi / 2 * step / 24 for step in range(25))
    ]
    return Polygon([corner, *arc], colour)


def _orbits(width: float, height: float, palette: Palette, chance: random.Random) -> list[Layer]:
    """Discs of many sizes that keep their distance, on rings around one centre."""
    x, y = width * chance.uniform(0.4, 0.6), height * chance.uniform(0.42, 0.55)
    colours = _colours(palette)
    shapes: list[Shape] = [Glow(x, y, 0.9, palette.light, 0.55)]
    for ring in range(9, 0, -1):
        radius = 0.075 * ring
        shapes.append(
            Ellipse(x, y, radius, radius, mix(palette.sky[ring % 3], palette.near, 0.08 * ring))
        )
    for ring in range(2, 11):
        radius, turn = 0.075 * ring, chance.uniform(0, math.tau)
        for index in range(chance.randint(2, 5)):
            angle = turn + index * chance.uniform(0.5, 1.4)
            size = chance.uniform(0.012, 0.042)
            at = x + radius * math.cos(angle), y + radius * math.sin(angle)
            shapes.append(Ellipse(*at, size, size, chance.choice(colours)))
    shapes.append(Ellipse(x, y, 0.085, 0.085, palette.accent))
    return [Layer(shapes)]
