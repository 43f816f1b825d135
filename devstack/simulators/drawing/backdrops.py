"""The land behind a subject: mountains, sea, city, forest, desert, meadow, space."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from devstack.simulators.drawing import plants
from devstack.simulators.drawing.palette import Palette
from devstack.simulators.drawing.shapes import (
    Colour,
    Ellipse,
    Glow,
    Haze,
    Layer,
    Place,
    Point,
    Polygon,
    Shape,
    mix,
)

BLEED = 0.05


@dataclass(frozen=True)
class Ground:
    """The room a backdrop fills, and what it needs to fill it."""

    width: float
    height: float
    horizon: float
    palette: Palette
    chance: random.Random
    light_x: float
    snowy: bool = False

    @property
    def depth(self) -> float:
        """The distance from the horizon to the foot of the picture."""
        return self.height - self.horizon

    def below(self, edge: Sequence[Point], colour: Colour) -> Polygon:
        """Everything under an edge that runs from left to right."""
        return Polygon(
            [(-BLEED, self.height + BLEED), *edge, (self.width + BLEED, self.height + BLEED)],
            colour,
        )

    def haze(self, foot: float, strength: float) -> Haze:
        """Mist that gathers at the given height."""
        return Haze(foot - 0.22, foot, mix(self.palette.sky[2], self.palette.light, 0.3), strength)


def mountains(ground: Ground) -> list[Layer]:
    """Ridges that grow darker and rougher towards the viewer."""
    layers: list[Layer] = []
    count = 4
    for index in range(count):
        depth = index / (count - 1)
        base = ground.horizon + ground.depth * (0.02 + 0.62 * depth**1.2)
        lift = ground.height * (0.34 - 0.2 * depth)
        edge = _ridge(ground, base, lift, peaks=3 + 2 * index)
        shapes: list[Shape] = [ground.below(edge, ground.palette.at(0.08 + 0.8 * depth))]
        if index == 0 or (ground.snowy and index == 1):
            shapes += _snowcaps(ground, edge, base - lift * 0.42)
        if index < count - 1:
            shapes.append(ground.haze(base + 0.1, 0.5 - 0.3 * depth))
        layers.append(Layer(shapes))
    return layers


def _ridge(ground: Ground, base: float, lift: float, peaks: int) -> list[Point]:
    """A jagged edge with a few main peaks and many small breaks."""
    chance = ground.chance
    span = ground.width + 2 * BLEED
    corners: list[Point] = [(-BLEED, base - lift * chance.uniform(0, 0.4))]
    for index in range(peaks):
        left = -BLEED + span * (index + 0.5 + chance.uniform(-0.2, 0.2)) / peaks
        corners.append((left, base - lift * chance.uniform(0.55, 1.0)))
        corners.append((left + span * 0.5 / peaks, base - lift * chance.uniform(0, 0.3)))
    return _broken(corners, lift * 0.1, 4, chance)


def _broken(
    edge: Sequence[Point], amount: float, rounds: int, chance: random.Random
) -> list[Point]:
    """The edge with each stretch broken in the middle, again and again, ever less."""
    points = list(edge)
    for _ in range(rounds):
        finer = [points[0]]
        for left, right in itertools.pairwise(points):
            middle = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
            finer += [(middle[0], middle[1] + chance.uniform(-amount, amount)), right]
        points, amount = finer, amount / 2
    return points


def _snowcaps(ground: Ground, edge: Sequence[Point], snowline: float) -> list[Shape]:
    """Snow on every stretch of the edge above the line, with a ragged foot."""
    colour = mix((255, 255, 255), ground.palette.sky[2], 0.12)
    caps: list[Shape] = []
    run: list[Point] = []
    for point in [*edge, (ground.width + 1, ground.height)]:
        if point[1] < snowline:
            run.append(point)
        elif run:
            caps.append(_cap(run, snowline, colour, ground.chance))
            run = []
    return caps


def _cap(run: Sequence[Point], snowline: float, colour: Colour, chance: random.Random) -> Polygon:
    foot = [
        (x, min(snowline, y + (snowline - y) * (0.5 if index % 4 < 2 else 0.95)))
        for index, (x, y) in enumerate(run)
    ]
    jitter = chance.uniform(-0.004, 0.004)
    return Polygon([*run, *((x + jitter, y) for x, y in reversed(foot))], colour)


def hills(ground: Ground) -> list[Layer]:
    """Soft hills, one behind the other."""
    layers: list[Layer] = []
    for index in range(5):
        depth = index / 4
        base = ground.horizon + ground.depth * (0.04 + 0.7 * depth)
        edge = rolling(ground, base, 0.05 + 0.03 * ground.chance.random(), 1.1 + 0.5 * depth)
        shapes: list[Shape] = [ground.below(edge, ground.palette.at(0.12 + 0.75 * depth))]
        if index < 3:
            shapes.append(ground.haze(base + 0.12, 0.35))
        layers.append(Layer(shapes))
    return layers


def rolling(ground: Ground, base: float, lift: float, waves: float) -> list[Point]:
    """A gently waving edge at the given height."""
    first, second = ground.chance.uniform(0, math.tau), ground.chance.uniform(0, math.tau)
    steps = 48
    edge: list[Point] = []
    for step in range(steps + 1):
        x = -BLEED + (ground.width + 2 * BLEED) * step / steps
        slow = math.sin(first + waves * math.tau * 0.6 * x)
        quick = math.sin(second + waves * math.tau * 1.37 * x)
        edge.append((x, base - lift * (0.7 * slow + 0.3 * quick)))
    return edge


def desert(ground: Ground) -> list[Layer]:
    """Dunes with a lit and a shaded side, and a cactus or two."""
    layers: list[Layer] = []
    for index in range(4):
        depth = index / 3
        base = ground.horizon + ground.depth * (0.05 + 0.6 * depth)
        colour = ground.palette.at(0.1 + 0.62 * depth)
        edge = rolling(ground, base, 0.07, 0.8 + 0.4 * depth)
        lit = mix(colour, ground.palette.light, 0.25)
        shade = [(x, y + 0.03 + 0.09 * abs(math.sin(5 * x + index))) for x, y in edge]
        layers.append(Layer([ground.below(edge, lit), ground.below(shade, colour)]))
    foot = ground.height - ground.depth * 0.22
    place = Place(ground.width * ground.chance.uniform(0.06, 0.16), foot, 0.24)
    layers.append(Layer(plants.cactus(place, mix(ground.palette.near, (30, 90, 70), 0.4))))
    return layers


def sea(ground: Ground) -> list[Layer]:
    """Distant shores, bands of water, and the light's path across them."""
    palette, chance = ground.palette, ground.chance
    shore = rolling(ground, ground.horizon - 0.012, 0.035, 0.7)
    far_shore = Layer([ground.below(shore, palette.at(0.1)), ground.haze(ground.horizon, 0.35)])
    layers = [far_shore]
    bands = 9
    for index in range(bands):
        depth = index / (bands - 1)
        top = ground.horizon + ground.depth * depth**1.35
        colour = mix(mix(palette.sky[2], palette.far, 0.45), palette.near, 0.1 + 0.62 * depth)
        lift = 0.001 + 0.007 * depth
        edge = rolling(ground, top, lift, 2.2 - depth) if index else _level(ground, top)
        layers.append(Layer([ground.below(edge, colour)]))
    layers.insert(5, Layer(_light_path(ground, 0.02, 0.36)))
    layers.append(Layer(_light_path(ground, 0.4, 0.95)))
    layers.append(Layer(_ripples(ground, chance)))
    return layers


def _level(ground: Ground, y: float) -> list[Point]:
    return [(-BLEED, y), (ground.width + BLEED, y)]


def _light_path(ground: Ground, start: float, end: float) -> list[Shape]:
    shapes: list[Shape] = []
    for _ in range(26):
        share = ground.chance.uniform(start, end)
        y = ground.horizon + ground.depth * share**1.2
        x = ground.light_x + ground.chance.gauss(0, 0.018 + 0.06 * share)
        across = (0.012 + 0.045 * share) * ground.chance.uniform(0.4, 1.3)
        colour = mix(ground.palette.sky[2], ground.palette.light, ground.chance.uniform(0.4, 1))
        shapes.append(Ellipse(x, y, across, 0.0016 + 0.003 * share, colour))
    return shapes


def _ripples(ground: Ground, chance: random.Random) -> list[Shape]:
    shapes: list[Shape] = []
    for _ in range(34):
        share = chance.uniform(0.08, 1)
        y = ground.horizon + ground.depth * share**1.2
        across = (0.02 + 0.05 * share) * chance.uniform(0.5, 1.4)
        water = mix(ground.palette.far, ground.palette.near, 0.2 + 0.5 * share)
        colour = mix(water, ground.palette.sky[2], 0.28)
        shapes.append(
            Ellipse(chance.uniform(0, ground.width), y, across, 0.001 + 0.0014 * share, colour)
        )
    return shapes


def city(ground: Ground) -> list[Layer]:
    """Three rows of towers; the nearer ones have lit windows."""
    layers: list[Layer] = []
    for index in range(3):
        depth = index / 2
        base = ground.horizon + ground.depth * (0.15 + 0.4 * depth)
        colour = ground.palette.at(0.2 + 0.68 * depth)
        shapes: list[Shape] = []
        x = -BLEED
        while x < ground.width + BLEED:
            across = ground.chance.uniform(0.05, 0.11) * (1 + 0.35 * depth)
            tall = ground.height * ground.chance.uniform(0.1, 0.4 - 0.12 * depth)
            shapes += _tower(ground, x, base - tall, across, colour, lit=index > 0)
            x += across * ground.chance.uniform(0.92, 1.12)
        layers.append(Layer([*shapes, ground.haze(base, 0.32 - 0.16 * depth)]))
    street = [ground.below(_level(ground, ground.height - ground.depth * 0.3), ground.palette.near)]
    return [*layers, Layer(street)]


def _tower(
    ground: Ground, x: float, top: float, across: float, colour: Colour, *, lit: bool
) -> list[Shape]:
    foot = ground.height + BLEED
    shapes: list[Shape] = [
        Polygon([(x, foot), (x, top), (x + across, top), (x + across, foot)], colour)
    ]
    roof = ground.chance.random()
    middle = x + across / 2
    if roof < 0.25:
        mast = across * 0.05
        shapes.append(
            Polygon([(middle - mast, top), (middle, top - 0.07), (middle + mast, top)], colour)
        )
    elif roof < 0.45:
        shapes.append(Polygon([(x, top), (middle, top - across * 0.5), (x + across, top)], colour))
    if lit:
        shapes += _windows(ground, x, top, across, colour)
    return shapes


def _windows(ground: Ground, x: float, top: float, across: float, wall: Colour) -> list[Shape]:
    shapes: list[Shape] = []
    columns, room = max(2, round(across / 0.022)), ground.height * 0.4
    pitch = across / columns
    for row in range(int(room / 0.03)):
        for column in range(columns):
            if ground.chance.random() > 0.3:
                continue
            left, upper = x + pitch * (column + 0.28), top + 0.016 + 0.03 * row
            colour = mix(wall, ground.palette.light, ground.chance.choice((0.35, 0.65, 0.95)))
            corners = [(left, upper), (left + pitch * 0.44, upper)]
            lower = [(left + pitch * 0.44, upper + 0.014), (left, upper + 0.014)]
            shapes.append(Polygon([*corners, *lower], colour))
    return shapes


def forest(ground: Ground) -> list[Layer]:
    """Rows of pines with mist between them."""
    layers: list[Layer] = []
    for index in range(4):
        depth = index / 3
        base = ground.horizon + ground.depth * (0.12 + 0.6 * depth)
        edge = rolling(ground, base, 0.03, 0.9)
        colour = ground.palette.at(0.12 + 0.78 * depth)
        floor = mix(colour, (250, 250, 255), 0.72 - 0.2 * depth) if ground.snowy else colour
        shapes: list[Shape] = [ground.below(edge, floor)]
        for x, y in edge:
            size = (0.11 + 0.2 * depth) * ground.chance.uniform(0.55, 1.25)
            gap = ground.chance.random() < 0.12 + 0.45 * depth
            if not gap:
                place = Place(x + ground.chance.uniform(-0.02, 0.02), y + 0.02, size)
                shapes += plants.pine(place, colour, snowy=ground.snowy and index > 0)
        if index < 3:
            shapes.append(ground.haze(base + 0.06, 0.5 - 0.12 * index))
        layers.append(Layer(shapes))
    return layers


def meadow(ground: Ground) -> list[Layer]:
    """Hills with flowers along the foot of the picture."""
    layers = hills(ground)
    shapes: list[Shape] = []
    for _ in range(46):
        share = ground.chance.random() ** 0.7
        place = Place(
            ground.chance.uniform(0, ground.width),
            ground.height - ground.depth * 0.02 - 0.06 * (1 - share),
            0.05 + 0.08 * share,
        )
        shapes += plants.flower(place, _petals(ground), ground.palette)
    return [*layers, Layer(shapes)]


def _petals(ground: Ground) -> Colour:
    palette = ground.palette
    options = (palette.accent, mix(palette.accent, palette.light, 0.55), palette.light)
    return ground.chance.choice(options)


def space(ground: Ground) -> list[Layer]:
    """Nebulas, a ringed planet, and the ground of a moon."""
    palette, chance = ground.palette, ground.chance
    nebulas: list[Shape] = [
        Glow(chance.uniform(0, ground.width), chance.uniform(0, ground.height), size, colour, 0.34)
        for size, colour in (
            (0.46, palette.accent),
            (0.4, palette.far),
            (0.34, mix(palette.accent, palette.sky[2], 0.6)),
        )
    ]
    planet = Place(ground.width - ground.light_x, ground.horizon * 0.42, 0.2)
    edge = rolling(ground, ground.height - ground.depth * 0.45, 0.02, 1.0)
    dust = mix(palette.far, palette.near, 0.55)
    craters: list[Shape] = [ground.below(edge, dust)]
    for _ in range(14):
        share = chance.random()
        x, y = chance.uniform(0, ground.width), ground.height - ground.depth * 0.36 * (1 - share)
        across = 0.02 + 0.06 * share
        craters.append(Ellipse(x, y, across, across * 0.26, mix(dust, palette.near, 0.5)))
        craters.append(
            Ellipse(x, y + across * 0.06, across * 0.9, across * 0.2, mix(dust, palette.near, 0.3))
        )
    return [Layer(nebulas), Layer(ringed_planet(planet, palette)), Layer(craters)]


def ringed_planet(place: Place, palette: Palette) -> list[Shape]:
    """A banded planet with a ring that passes behind it and before it."""
    body = mix(palette.accent, palette.light, 0.3)
    ring = mix(palette.light, palette.accent, 0.2)
    behind = [(1.75 * math.cos(a), 0.42 * math.sin(a)) for a in _arc(0, math.pi)]
    within = [(1.38 * math.cos(a), 0.3 * math.sin(a)) for a in _arc(math.pi, 0)]
    before = [(1.75 * math.cos(a), 0.42 * math.sin(a)) for a in _arc(math.pi, math.tau)]
    inside = [(1.38 * math.cos(a), 0.3 * math.sin(a)) for a in _arc(math.tau, math.pi)]
    return [
        place.glow(0, 0, 2.2, body, 0.3),
        place.polygon([*behind, *within], mix(ring, palette.near, 0.35)),
        place.disc(0, 0, 1, body),
        place.oval(0.05, -0.3, 0.93, 0.16, mix(body, palette.near, 0.16)),
        place.oval(0, 0.32, 0.9, 0.13, mix(body, palette.light, 0.3)),
        place.polygon([*before, *inside], ring),
    ]


def _arc(start: float, end: float) -> list[float]:
    return [start + (end - start) * step / 28 for step in range(29)]


BACKDROPS: Mapping[str, Callable[[Ground], list[Layer]]] = {
    "mountains": mountains,
    "hills": hills,
    "sea": sea,
    "city": city,
    "forest": forest,
    "desert": desert,
    "meadow": meadow,
    "space": space,
}
