"""Things people made: lighthouse, house, castle, boat, balloon, rocket, robot, cup."""

from __future__ import annotations

import math

from devstack.simulators.drawing.palette import Palette
from devstack.simulators.drawing.shapes import Colour, Place, Point, Shape, mix


def lighthouse(place: Place, palette: Palette) -> list[Shape]:
    """A banded tower on a rock, with its beams."""
    white, band = mix(palette.light, (255, 255, 255), 0.4), palette.accent
    shapes: list[Shape] = [
        place.glow(0, 1.02, 0.75, palette.light, 0.75),
        *_beams(place, palette),
        _rock(place, palette.near),
    ]
    for index in range(5):
        foot, top = 0.1 + 0.16 * index, 0.1 + 0.16 * (index + 1)
        left, right = 0.15 - 0.045 * foot, 0.15 - 0.045 * top
        colour = band if index % 2 == 0 else white
        shapes.append(
            place.polygon([(-left, foot), (left, foot), (right, top), (-right, top)], colour)
        )
    shade = mix(palette.near, band, 0.25)
    return [
        *shapes,
        place.box(-0.15, 0.9, 0.15, 0.935, shade),
        place.box(-0.075, 0.935, 0.075, 1.06, palette.light),
        place.box(-0.012, 0.935, 0.012, 1.06, shade),
        place.polygon([(-0.11, 1.06), (0, 1.17), (0.11, 1.06)], shade),
        place.box(-0.03, 0.26, 0.03, 0.33, shade),
        place.box(-0.03, 0.58, 0.03, 0.64, shade),
    ]


def _beams(place: Place, palette: Palette) -> list[Shape]:
    faint = mix(palette.light, palette.sky[1], 0.5)
    return [
        place.polygon([(0, 1.0), (1.9, 1.3), (1.9, 1.05)], faint),
        place.polygon([(0, 1.0), (-1.6, 1.24), (-1.6, 1.04)], faint),
    ]


def _rock(place: Place, colour: Colour) -> Shape:
    outline = [(-0.75, -0.12), (-0.5, 0.0), (-0.3, 0.1), (0, 0.13), (0.26, 0.11), (0.5, 0.02)]
    return place.curve([*outline, (0.82, -0.12), (0.3, -0.2), (-0.3, -0.2)], colour)


def house(place: Place, palette: Palette) -> list[Shape]:
    """A cabin with a lit window and a thread of smoke."""
    wall = mix(palette.near, palette.accent, 0.72)
    side, roof = mix(wall, palette.near, 0.4), mix(palette.near, (20, 16, 30), 0.3)
    glass = palette.light
    return [
        *(
            place.disc(0.36 + 0.05 * i * i * 0.5, 1.02 + 0.15 * i, 0.05 + 0.022 * i, puff)
            for i, puff in enumerate(_smoke(palette))
        ),
        place.box(0.28, 0.6, 0.4, 0.98, side),
        place.box(-0.55, 0, 0.55, 0.5, wall),
        place.polygon([(0.2, 0), (0.55, 0), (0.55, 0.5), (0.2, 0.5)], side),
        place.polygon([(-0.66, 0.47), (-0.3, 0.92), (0.38, 0.92), (0.66, 0.47)], roof),
        place.glow(-0.18, 0.27, 0.5, glass, 0.6),
        place.box(-0.36, 0.16, -0.02, 0.38, glass),
        place.box(-0.2, 0.16, -0.18, 0.38, side),
        place.box(-0.36, 0.26, -0.02, 0.28, side),
        place.box(0.29, 0, 0.45, 0.33, roof),
    ]


def _smoke(palette: Palette) -> list[Colour]:
    return [mix(palette.sky[2], palette.light, 0.25 + 0.1 * index) for index in range(4)]


def castle(place: Place, palette: Palette) -> list[Shape]:
    """Towers with pointed roofs and a pennant."""
    stone, dark = mix(palette.far, palette.near, 0.55), mix(palette.near, (10, 10, 25), 0.35)
    shapes: list[Shape] = [place.box(-0.55, 0, 0.55, 0.42, stone)]
    shapes += [place.box(-0.55 + 0.16 * i, 0.42, -0.47 + 0.16 * i, 0.48, stone) for i in range(7)]
    for x, half, top in (
        (-0.55, 0.12, 0.66),
        (0.55, 0.12, 0.66),
        (-0.2, 0.1, 0.84),
        (0.16, 0.14, 1.0),
    ):
        wall = mix(stone, dark, 0.25 if abs(x) > 0.3 else 0.1)
        shapes += [
            place.box(x - half, 0, x + half, top, wall),
            place.polygon(
                [(x - half * 1.35, top), (x, top + half * 2.8), (x + half * 1.35, top)],
                palette.accent,
            ),
            place.box(x - 0.025, top - 0.2, x + 0.025, top - 0.08, palette.light),
        ]
    gate = [
        (-0.11, 0),
        (-0.11, 0.18),
        (-0.06, 0.26),
        (0, 0.28),
        (0.06, 0.26),
        (0.11, 0.18),
        (0.11, 0),
    ]
    flag = [(0.16, 1.53), (0.4, 1.47), (0.16, 1.41)]
    return [
        *shapes,
        place.polygon(gate, dark),
        place.stroke((0.16, 1.36), (0.16, 1.55), 0.014, dark),
        place.polygon(flag, mix(palette.accent, palette.light, 0.4)),
    ]


def boat(place: Place, palette: Palette) -> list[Shape]:
    """A sailing boat and its reflection."""
    hull, sail = mix(palette.near, palette.accent, 0.8), mix(palette.light, (255, 255, 255), 0.35)
    shade = mix(sail, palette.sky[1], 0.3)
    shapes: list[Shape] = []
    for index in range(6):
        half = (0.5 - 0.07 * index) * (0.8 + 0.2 * (index % 2))
        colour = mix(mix(palette.far, palette.near, 0.4), sail, 0.4 - 0.05 * index)
        shapes.append(place.oval(0.02 * (index % 3), -0.04 - 0.055 * index, half, 0.012, colour))
    return [
        *shapes,
        place.stroke((0, 0.1), (0, 1.12), 0.022, mix(palette.near, (40, 25, 20), 0.4)),
        place.curve(
            [(0.03, 0.24), (0.035, 0.7), (0.03, 1.08), (0.3, 0.66), (0.47, 0.26), (0.2, 0.22)], sail
        ),
        place.curve([(-0.03, 0.3), (-0.03, 0.9), (-0.2, 0.58), (-0.36, 0.3), (-0.2, 0.27)], shade),
        place.curve(
            [
                (-0.52, 0.18),
                (-0.2, 0.155),
                (0.2, 0.155),
                (0.58, 0.2),
                (0.4, 0.0),
                (0, -0.035),
                (-0.38, 0.0),
            ],
            hull,
        ),
        place.stroke((-0.5, 0.163), (0.55, 0.175), 0.022, mix(hull, palette.light, 0.5)),
    ]


def balloon(place: Place, palette: Palette) -> list[Shape]:
    """A striped hot-air balloon, high above the ground."""
    up = Place(place.x, place.y - 0.62 * place.size, place.size, place.facing)
    envelope = [(0, 1.0), (0.3, 0.93), (0.44, 0.66), (0.36, 0.36), (0.1, 0.08)]
    envelope += [(-0.1, 0.08), (-0.36, 0.36), (-0.44, 0.66), (-0.3, 0.93)]
    light = mix(palette.light, (255, 255, 255), 0.2)
    shapes: list[Shape] = [up.curve(envelope, palette.accent)]
    for width, colour in ((0.72, light), (0.42, palette.accent), (0.14, light)):
        shapes.append(up.curve([(x * width, y) for x, y in envelope], colour))
    rope = mix(palette.near, light, 0.2)
    return [
        *shapes,
        up.stroke((-0.09, 0.1), (-0.06, -0.1), 0.01, rope),
        up.stroke((0.09, 0.1), (0.06, -0.1), 0.01, rope),
        up.polygon([(-0.08, -0.09), (0.08, -0.09), (0.065, -0.22), (-0.065, -0.22)], (122, 74, 40)),
    ]


def rocket(place: Place, palette: Palette) -> list[Shape]:
    """A rocket on its flame."""
    body, fin = mix(palette.light, (255, 255, 255), 0.5), palette.accent
    hull = [
        (0, 1.25),
        (0.13, 1.0),
        (0.19, 0.7),
        (0.15, 0.36),
        (0, 0.32),
        (-0.15, 0.36),
        (-0.19, 0.7),
        (-0.13, 1.0),
    ]
    flame = [(-0.1, 0.34), (0.1, 0.34), (0.07, 0.1), (0, -0.16), (-0.07, 0.1)]
    return [
        place.glow(0, 0.1, 0.6, (255, 170, 80), 0.75),
        *(place.disc(x, y, r, mix(body, palette.sky[1], 0.35)) for x, y, r in _PLUME),
        place.curve(flame, (255, 150, 60)),
        place.curve([(x * 0.5, 0.34 - (0.34 - y) * 0.55) for x, y in flame], (255, 236, 170)),
        place.polygon([(-0.15, 0.62), (-0.36, 0.28), (-0.34, 0.18), (-0.12, 0.36)], fin),
        place.polygon([(0.15, 0.62), (0.36, 0.28), (0.34, 0.18), (0.12, 0.36)], fin),
        place.curve(hull, body),
        place.curve(
            [(x * 0.5 + 0.075, y * 0.97) for x, y in hull], mix(body, palette.sky[1], 0.22)
        ),
        place.curve(
            [(0, 1.25), (0.1, 1.07), (0.11, 1.0), (0, 0.97), (-0.11, 1.0), (-0.1, 1.07)], fin
        ),
        place.disc(0, 0.8, 0.085, mix(fin, palette.near, 0.3)),
        place.disc(0, 0.8, 0.06, mix(palette.sky[2], (255, 255, 255), 0.3)),
    ]


_PLUME = (
    (-0.2, -0.12, 0.12),
    (0.2, -0.13, 0.13),
    (0, -0.2, 0.16),
    (-0.36, -0.2, 0.1),
    (0.38, -0.2, 0.09),
)


def robot(place: Place, palette: Palette) -> list[Shape]:
    """A friendly robot with a lit face."""
    body, dark = mix(palette.accent, palette.light, 0.35), mix(palette.near, (15, 15, 30), 0.3)
    joint = mix(body, palette.near, 0.55)
    return [
        place.box(-0.16, 0, -0.05, 0.3, joint),
        place.box(0.05, 0, 0.16, 0.3, joint),
        place.oval(-0.12, 0.02, 0.11, 0.05, dark),
        place.oval(0.12, 0.02, 0.11, 0.05, dark),
        place.stroke((-0.25, 0.6), (-0.42, 0.36), 0.08, joint),
        place.stroke((0.25, 0.6), (0.44, 0.82), 0.08, joint),
        place.disc(-0.42, 0.35, 0.06, dark),
        place.disc(0.45, 0.83, 0.06, dark),
        place.curve(_rounded(0, 0.48, 0.27, 0.24), body),
        place.disc(0, 0.5, 0.09, mix(body, dark, 0.5)),
        place.disc(0, 0.5, 0.055, palette.light),
        place.stroke((0, 1.1), (0, 1.26), 0.02, joint),
        place.glow(0, 1.27, 0.16, palette.light, 0.8),
        place.disc(0, 1.27, 0.035, palette.accent),
        place.curve(_rounded(0, 0.93, 0.32, 0.2), body),
        place.curve(_rounded(0, 0.92, 0.25, 0.13), dark),
        place.disc(-0.1, 0.93, 0.045, palette.light),
        place.disc(0.1, 0.93, 0.045, palette.light),
    ]


def _rounded(x: float, y: float, across: float, down: float) -> list[Point]:
    """The outline of a box with very round corners."""
    return [
        (
            x + across * math.copysign(abs(math.cos(a)) ** 0.45, math.cos(a)),
            y + down * math.copysign(abs(math.sin(a)) ** 0.45, math.sin(a)),
        )
        for a in (math.tau * step / 24 for step in range(24))
    ]


def cup(place: Place, palette: Palette) -> list[Shape]:
    """A cup with steam."""
    china, shade = palette.accent, mix(palette.accent, palette.near, 0.35)
    steam = mix(palette.sky[2], (255, 255, 255), 0.6)
    bowl = [(-0.42, 0.62), (0.42, 0.62), (0.4, 0.34), (0.22, 0.08), (-0.22, 0.08), (-0.4, 0.34)]
    shapes: list[Shape] = [
        place.oval(0, 0.03, 0.7, 0.07, mix(palette.near, palette.light, 0.55)),
        place.oval(0, 0.05, 0.56, 0.05, mix(palette.near, palette.light, 0.75)),
        place.disc(0.47, 0.4, 0.17, shade),
        place.disc(0.47, 0.4, 0.1, mix(palette.far, palette.near, 0.5)),
        place.polygon(bowl, china),
        place.oval(0, 0.62, 0.42, 0.075, shade),
        place.oval(0, 0.615, 0.36, 0.055, (74, 44, 30)),
    ]
    for x in (-0.16, 0.02, 0.2):
        wisp = [(x + 0.05 * math.sin(7 * t), 0.72 + 0.5 * t) for t in (i / 8 for i in range(9))]
        back = [(px + 0.03 * (1 - abs(2 * i / 8 - 1)), py) for i, (px, py) in enumerate(wisp)]
        shapes.append(place.polygon([*wisp, *reversed(back)], steam))
    return shapes
