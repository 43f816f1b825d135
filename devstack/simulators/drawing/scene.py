"""From a prompt to a scene."""

from __future__ import annotations

import random

from devstack.simulators.drawing.shapes import Ellipse, Layer, Polygon, Scene, mix


def compose(subject: str, ratio: float, chance: random.Random) -> Scene:
    """A scene for the subject in the given ratio of width to height."""
    width, height = (ratio, 1.0) if ratio >= 1 else (1.0, 1 / ratio)
    low, high = (248, 196, 140), (60, 90, 150)
    sun = Ellipse(width * chance.uniform(0.3, 0.7), height * 0.4, 0.12, 0.12, (255, 240, 210))
    layers: list[Layer] = [[sun]]
    for depth in range(4):
        base = height * (0.5 + 0.12 * depth)
        points = [(width * i / 8, base + chance.uniform(-0.05, 0.05)) for i in range(9)]
        outline = [(0, height), *points, (width, height)]
        layers.append([Polygon(outline, mix(low, (20, 30, 60), depth / 3))])
    return Scene(width, height, (high, mix(high, low, 0.6), low), layers)
