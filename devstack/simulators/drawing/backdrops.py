"""Sky and land behind a subject: each place in layers, the farthest first."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from devstack.simulators.drawing.canvas import WHITE, Canvas, Colour, Point, mix
from devstack.simulators.drawing.palette import Palette

BLEED = 0.05


@dataclass(frozen=True)
class Scene:
    """What a place is drawn with; the short side of the picture is 1."""

    canvas: Canvas
    palette: Palette
    rng: random.Random
    width: float
    height: float
    horizon: float
    light_x: float

    @property
    def depth(self) -> float:
        """The distance from the horizon to the foot of the picture."""
        return self.height - self.horizon

    def fill_below(self, edge: list[Point], colour: Colour) -> None:
        """Fill everything under an edge that runs from left to right."""
        foot = self.height + BLEED
        corners = [(-BLEED, foot), *edge, (self.width + BLEED, foot)]
        self.canvas.polygon(corners, colour)

    def mist(self, foot: float, strength: float) -> None:
        """Let mist gather at the given height."""
        colour = mix(self.palette.sky[2], self.palette.light, 0.3)
        self.canvas.haze(foot, 0.22, colour, strength)

    def edge(self, y: float, lift: float, waves: float, steps: int = 48) -> list[Point]:
        """Return a gently waving line across the picture."""
        first, second = self.rng.uniform(0, math.tau), self.rng.uniform(0, math.tau)
        xs = [-BLEED + (self.width + 2 * BLEED) * step / steps for step in range(steps + 1)]
        slow = [0.7 * math.sin(first + waves * math.tau * 0.6 * x) for x in xs]
        quick = [0.3 * math.sin(second + waves * math.tau * 1.37 * x) for x in xs]
        return [(x, y - lift * (a + b)) for x, a, b in zip(xs, slow, quick, strict=True)]

    def layers(self, count: int, spread: float = 0.7) -> Iterator[tuple[float, float, Colour]]:
        """Yield the nearness, base line and colour of each layer, from far (0) to near (1)."""
        for index in range(count):
            near = index / (count - 1)
            base = self.horizon + self.depth * (0.04 + spread * near**1.2)
            yield near, base, self.palette.land(0.12 + 0.75 * near)


def heavens(scene: Scene) -> None:
    """Draw the sun or moon, with stars by night and clouds by day."""
    canvas, palette, rng = scene.canvas, scene.palette, scene.rng
    if palette.is_dark:
        for _ in range(140):
            x, y = rng.uniform(0, scene.width), scene.horizon * rng.random() ** 1.4
            radius = 0.0009 + 0.0022 * rng.random() ** 4
            canvas.ellipse(x, y, radius, radius, mix(palette.sky[1], palette.light, 0.85))
    radius, y = rng.uniform(0.075, 0.13), scene.horizon * rng.uniform(0.26, 0.62)
    canvas.glow(scene.light_x, y, radius * 4.6, palette.light, 0.45)
    canvas.glow(scene.light_x, y, radius * 2.4, palette.light, 0.5)
    canvas.ellipse(scene.light_x, y, radius, radius, palette.light)
    if palette.is_dark:
        shade = mix(palette.light, palette.sky[1], 0.16)
        for x, rise, share in ((-0.3, 0.25, 0.21), (0.32, -0.12, 0.14), (-0.1, -0.42, 0.16)):
            crater = radius * share
            canvas.ellipse(scene.light_x + radius * x, y - radius * rise, crater, crater, shade)
    else:
        for _ in range(rng.randint(2, 4)):
            _cloud(scene)


def _cloud(scene: Scene) -> None:
    rng, palette = scene.rng, scene.palette
    x, y = rng.uniform(0, scene.width), scene.horizon * rng.uniform(0.12, 0.6)
    tops = [(-0.62 + 0.31 * i, rng.uniform(0.1, 0.2) + 0.12 * (i in (2, 3))) for i in range(5)]
    foot = [(0.95, 0.02), (0.5, -0.035), (0.0, -0.02), (-0.5, -0.045)]
    colour = mix(palette.sky[2], palette.light, rng.uniform(0.3, 0.8))
    frame = scene.canvas.at(x, y, rng.uniform(0.16, 0.3))
    frame.curve([(-0.85, 0.0), *tops, *foot], colour)


def hills(scene: Scene) -> None:
    """Draw soft hills, one behind the other."""
    for near, base, colour in scene.layers(5):
        lift = 0.05 + 0.03 * scene.rng.random()
        scene.fill_below(scene.edge(base, lift, 1.1 + 0.5 * near), colour)
        if near < 0.7:
            scene.mist(base + 0.12, 0.35)


def mountains(scene: Scene) -> None:
    """Draw ridges that grow darker and lower towards the viewer, the farthest with snow."""
    snow = mix(WHITE, scene.palette.sky[2], 0.12)
    for near, base, colour in scene.layers(4):
        lift = scene.height * (0.36 - 0.22 * near)
        ridge = _ridge(scene, base, lift, peaks=3 + round(6 * near))
        scene.fill_below(ridge, colour)
        if near == 0:
            _snowcaps(scene, ridge, base - lift * 0.45, snow)
        scene.mist(base + 0.1, 0.5 * (1 - near))


def _ridge(scene: Scene, base: float, lift: float, peaks: int) -> list[Point]:
    """Return a jagged line with a few main peaks; every stretch is broken again and again."""
    rng, span = scene.rng, scene.width + 2 * BLEED
    points: list[Point] = [(-BLEED, base)]
    for index in range(peaks):
        x = -BLEED + span * (index + 0.5 + rng.uniform(-0.2, 0.2)) / peaks
        points.append((x, base - lift * rng.uniform(0.55, 1.0)))
        points.append((x + span * 0.5 / peaks, base - lift * rng.uniform(0, 0.3)))
    for amount in (0.1, 0.05, 0.025, 0.0125):
        middles = [
            ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + lift * rng.uniform(-amount, amount))
            for a, b in itertools.pairwise(points)
        ]
        points = [p for pair in zip(points, middles, strict=False) for p in pair] + points[-1:]
    return points


def _snowcaps(scene: Scene, ridge: list[Point], line: float, colour: Colour) -> None:
    """Cover the ridge above the line, down to a ragged foot."""
    run: list[Point] = []
    for point in [*ridge, (scene.width + 1, scene.height)]:
        if point[1] < line:
            run.append(point)
        elif run:
            shares = [0.5 if index % 4 < 2 else 0.95 for index in range(len(run))]
            foot = [(x, y + (line - y) * s) for (x, y), s in zip(run, shares, strict=True)]
            scene.canvas.polygon([*run, *reversed(foot)], colour)
            run = []


def sea(scene: Scene) -> None:
    """Draw a far shore, bands of water, and the light's path across them."""
    palette, rng = scene.palette, scene.rng
    scene.fill_below(scene.edge(scene.horizon - 0.012, 0.035, 0.7), palette.land(0.1))
    scene.mist(scene.horizon, 0.35)
    for index in range(9):
        near = index / 8
        water = mix(mix(palette.sky[2], palette.far, 0.45), palette.near, 0.1 + 0.62 * near)
        lift = 0.001 + 0.007 * near if index else 0
        scene.fill_below(scene.edge(scene.horizon + scene.depth * near**1.35, lift, 2.2), water)
    for _ in range(80):
        near, is_lit = rng.random(), rng.random() < 0.6
        spread = rng.gauss(0, 0.018 + 0.06 * near)
        x = scene.light_x + spread if is_lit else rng.uniform(0, scene.width)
        colour = palette.light if is_lit else palette.sky[2]
        shown = mix(
            palette.land(0.2 + 0.5 * near), colour, rng.uniform(0.2, 0.9 if is_lit else 0.3)
        )
        across = (0.014 + 0.045 * near) * rng.uniform(0.4, 1.3)
        y = scene.horizon + scene.depth * (0.02 + near**1.2)
        scene.canvas.ellipse(x, y, across, 0.0014 + 0.003 * near, shown)


def city(scene: Scene) -> None:
    """Draw rows of towers; the nearer ones have lit windows."""
    rng = scene.rng
    for near, base, colour in scene.layers(3, spread=0.5):
        x = -BLEED
        while x < scene.width + BLEED:
            across = rng.uniform(0.05, 0.11) * (1 + 0.35 * near)
            top = base - scene.height * rng.uniform(0.1, 0.4 - 0.12 * near)
            roof = (x + across / 2, top - across * rng.choice((0, 0, 0.5, 1.2)))
            foot = scene.height + BLEED
            outline = [(x, foot), (x, top), roof, (x + across, top), (x + across, foot)]
            scene.canvas.polygon(outline, colour)
            if near:
                _windows(scene, x, top, across, colour)
            x += across * rng.uniform(0.92, 1.12)
        scene.mist(base, 0.32 - 0.16 * near)
    street = scene.height - scene.depth * 0.3
    scene.fill_below([(-BLEED, street), (scene.width + BLEED, street)], scene.palette.near)


def _windows(scene: Scene, x: float, top: float, across: float, wall: Colour) -> None:
    columns = max(2, round(across / 0.022))
    pitch = across / columns
    for row in range(int(scene.height * 0.4 / 0.03)):
        for column in range(columns):
            if scene.rng.random() < 0.3:
                left, upper = x + pitch * (column + 0.28), top + 0.016 + 0.03 * row
                right, lower = left + pitch * 0.44, upper + 0.014
                lit = mix(wall, scene.palette.light, scene.rng.choice((0.35, 0.65, 0.95)))
                pane = [(left, upper), (right, upper), (right, lower), (left, lower)]
                scene.canvas.polygon(pane, lit)


def forest(scene: Scene) -> None:
    """Draw rows of pines with mist between them."""
    rng = scene.rng
    for near, base, colour in scene.layers(4):
        edge = scene.edge(base, 0.03, 0.9)
        scene.fill_below(edge, mix(colour, scene.palette.light, 0.25 * (1 - near)))
        for x, y in edge:
            size = (0.11 + 0.2 * near) * rng.uniform(0.55, 1.25)
            if rng.random() > 0.12 + 0.45 * near:
                _pine(scene.canvas.at(x + rng.uniform(-0.02, 0.02), y + 0.02, size), colour)
        if near < 1:
            scene.mist(base + 0.06, 0.5 - 0.36 * near)


def _pine(frame: Canvas, colour: Colour) -> None:
    frame.polygon([(-0.03, 0), (-0.03, 0.25), (0.03, 0.25), (0.03, 0)], colour)
    for tier in range(4):
        foot, reach = 0.12 + 0.2 * tier, 0.27 - 0.055 * tier
        frame.polygon([(-reach, foot), (0, foot + 0.34), (reach, foot)], colour)


BACKDROPS: Mapping[str, Callable[[Scene], None]] = {
    "mountains": mountains,
    "hills": hills,
    "sea": sea,
    "city": city,
    "forest": forest,
}
