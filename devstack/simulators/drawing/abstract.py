"""Pictures for prompts that name nothing that can be drawn: ribbons, or tiles of arcs."""

from __future__ import annotations

import math

from devstack.simulators.drawing.backdrops import Scene
from devstack.simulators.drawing.canvas import Canvas, Colour, Point, mix


def draw_abstract(scene: Scene) -> None:
    """Draw one of the compositions in the palette's colours."""
    scene.rng.choice((_ribbons, _tiles))(scene)


def _ribbons(scene: Scene) -> None:
    """Draw bands that flow across the picture below a light."""
    palette, rng = scene.palette, scene.rng
    x, y = scene.width * rng.uniform(0.25, 0.75), scene.height * 0.3
    scene.canvas.glow(x, y, 0.8, palette.light, 0.5)
    scene.canvas.ellipse(x, y, 0.17, 0.17, palette.light)
    phase, pitch = rng.uniform(0, math.tau), rng.uniform(0.7, 1.3)
    for index in range(11):
        share = index / 10
        top = scene.height * (0.34 + 0.62 * share)
        xs = [-0.05 + (scene.width + 0.1) * step / 60 for step in range(61)]
        edge = [(x, top + 0.085 * math.sin(phase + pitch * x * 3.1 + share * 2.6)) for x in xs]
        banded = mix(palette.accent, palette.near, share * 0.6)
        scene.fill_below(edge, palette.land(share) if index % 3 else banded)


def _tiles(scene: Scene) -> None:
    """Draw a grid of quarter circles and discs, as on an old textile."""
    palette, rng = scene.palette, scene.rng
    blend = mix(palette.accent, palette.light, 0.55)
    colours = [palette.accent, palette.light, palette.sky[0], palette.near, palette.far, blend]
    columns = max(3, round(scene.width * 4))
    cell = scene.width / columns
    for row in range(math.ceil(scene.height / cell)):
        for column in range(columns):
            ground, *arcs = rng.sample(colours, 3)
            frame = scene.canvas.at(column * cell, (row + 1) * cell, cell)
            frame.polygon([(0, 0), (1, 0), (1, 1), (0, 1)], ground)
            _tile(frame, arcs, rng.randrange(5), rng.choice((0.5, 0.7)))


def _tile(frame: Canvas, colours: list[Colour], corner: int, share: float) -> None:
    """Draw two arcs around one of the four corners, or two discs in the middle."""
    for radius, colour in zip((1.0, share), colours, strict=True):
        if corner == 4:
            frame.ellipse(0.5, 0.5, radius * 0.42, radius * 0.42, colour)
            continue
        x, y = corner % 2, corner // 2
        turns = [math.pi / 2 * step / 24 for step in range(25)]
        arc: list[Point] = [
            (abs(x - radius * math.cos(turn)), abs(y - radius * math.sin(turn))) for turn in turns
        ]
        frame.polygon([(x, y), *arc], colour)
