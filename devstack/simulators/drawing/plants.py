"""Plants: pine, cactus, flower, tree, mushroom."""

from __future__ import annotations

import math

from devstack.simulators.drawing.palette import Palette
from devstack.simulators.drawing.shapes import Colour, Place, Shape, mix


def pine(place: Place, colour: Colour, *, snowy: bool = False) -> list[Shape]:
    """A pine in four tiers."""
    shapes: list[Shape] = [place.box(-0.03, 0, 0.03, 0.25, colour)]
    for tier in range(4):
        foot, reach = 0.12 + 0.2 * tier, 0.27 - 0.055 * tier
        shapes.append(place.polygon([(-reach, foot), (0, foot + 0.34), (reach, foot)], colour))
        if snowy:
            white = mix(colour, (255, 255, 255), 0.82)
            tip = [(-reach * 0.36, foot + 0.215), (0, foot + 0.34), (reach * 0.36, foot + 0.215)]
            shapes.append(place.polygon(tip, white))
    return shapes


def cactus(place: Place, colour: Colour) -> list[Shape]:
    """A cactus with two arms."""
    shapes: list[Shape] = [place.disc(0, 1, 0.09, colour), place.box(-0.09, 0, 0.09, 1, colour)]
    for side, elbow, tip in ((-1, 0.42, 0.74), (1, 0.56, 0.88)):
        reach = 0.28 * side
        shapes += [
            place.stroke((0, elbow), (reach, elbow), 0.11, colour),
            place.stroke((reach, elbow), (reach, tip), 0.11, colour),
            place.disc(reach, elbow, 0.055, colour),
            place.disc(reach, tip, 0.055, colour),
        ]
    return shapes


def flower(place: Place, petals: Colour, palette: Palette) -> list[Shape]:
    """A stem, a leaf, and five petals around a heart."""
    stem = mix(palette.near, (70, 120, 70), 0.35)
    shapes: list[Shape] = [
        place.stroke((0, 0), (0.03, 0.85), 0.05, stem),
        place.curve([(0, 0.3), (0.16, 0.42), (0.3, 0.6), (0.1, 0.5)], stem),
    ]
    for index in range(5):
        angle = math.tau * index / 5
        shapes.append(
            place.disc(0.03 + 0.15 * math.cos(angle), 0.95 + 0.15 * math.sin(angle), 0.13, petals)
        )
    return [*shapes, place.disc(0.03, 0.95, 0.08, mix(petals, (255, 190, 40), 0.75))]


def tree(place: Place, palette: Palette) -> list[Shape]:
    """A broad old tree."""
    bark = mix(palette.near, (60, 36, 26), 0.5)
    leaf = mix(palette.accent, palette.far, 0.25)
    trunk = [(-0.16, 0), (-0.06, 0.16), (-0.05, 0.5), (0.06, 0.5), (0.07, 0.16), (0.18, 0)]
    shapes: list[Shape] = [
        place.oval(0.1, 0, 0.7, 0.04, mix(palette.near, palette.far, 0.15)),
        place.polygon(trunk, bark),
        place.stroke((0, 0.36), (0.3, 0.66), 0.05, bark),
        place.stroke((0, 0.42), (-0.28, 0.7), 0.05, bark),
    ]
    for x, y, radius, share in _CROWN:
        shapes.append(
            place.disc(x, y, radius, mix(mix(leaf, palette.near, 0.4), palette.light, share))
        )
    return shapes


_CROWN = (
    (-0.42, 0.7, 0.25, 0.0),
    (0.44, 0.72, 0.25, 0.0),
    (0.0, 0.72, 0.3, 0.02),
    (-0.24, 0.92, 0.27, 0.08),
    (0.26, 0.94, 0.27, 0.1),
    (0.0, 1.08, 0.26, 0.16),
    (-0.34, 0.76, 0.13, 0.14),
    (0.16, 0.84, 0.14, 0.2),
    (-0.06, 1.12, 0.13, 0.28),
    (0.36, 0.99, 0.1, 0.26),
)


def mushroom(place: Place, palette: Palette) -> list[Shape]:
    """A big mushroom and a small one."""
    return [
        *_mushroom(Place(place.x + 0.42 * place.size, place.y, place.size * 0.55), palette),
        *_mushroom(place, palette),
    ]


def _mushroom(place: Place, palette: Palette) -> list[Shape]:
    stem = mix(palette.light, palette.far, 0.25)
    cap = [
        (-0.52, 0.56),
        (-0.42, 0.84),
        (-0.16, 1.02),
        (0.16, 1.02),
        (0.42, 0.84),
        (0.52, 0.56),
        (0.2, 0.48),
        (-0.2, 0.48),
    ]
    return [
        place.curve(
            [
                (-0.13, 0),
                (-0.1, 0.3),
                (-0.14, 0.55),
                (0.14, 0.55),
                (0.1, 0.3),
                (0.15, 0),
                (0, -0.03),
            ],
            stem,
        ),
        place.curve(cap, palette.accent),
        place.oval(0, 0.53, 0.42, 0.06, mix(stem, palette.near, 0.35)),
        *(place.oval(x, y, r, r * 0.8, mix(stem, (255, 255, 255), 0.5)) for x, y, r in _SPOTS),
    ]


_SPOTS = (
    (-0.24, 0.78, 0.075),
    (0.06, 0.9, 0.06),
    (0.27, 0.74, 0.08),
    (-0.02, 0.7, 0.05),
    (-0.38, 0.62, 0.04),
)
