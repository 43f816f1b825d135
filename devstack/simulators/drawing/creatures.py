"""Living things: cat, fox, wolf, owl, bird, whale, fish, person, astronaut."""

from __future__ import annotations

import math

from devstack.simulators.drawing.palette import Palette
from devstack.simulators.drawing.shapes import Colour, Place, Point, Shape, mix


def cat(place: Place, palette: Palette) -> list[Shape]:
    """A cat that sits and looks at the viewer."""
    coat = mix(palette.near, (18, 16, 28), 0.5)
    return [*_sitting(place, coat, coat, _CAT_TAIL), *_cat_face(place, coat, palette)]


_CAT_TAIL: list[Point] = [
    (0.2, 0.03), (0.5, 0.04), (0.66, 0.2), (0.6, 0.42),
    (0.5, 0.4), (0.54, 0.22), (0.42, 0.13), (0.2, 0.13),
]  # fmt: skip
_FOX_TAIL: list[Point] = [
    (0.15, 0.02), (0.5, 0.0), (0.78, 0.16), (0.82, 0.42),
    (0.68, 0.62), (0.58, 0.4), (0.4, 0.26), (0.15, 0.18),
]  # fmt: skip
_EAR: list[Point] = [(-0.24, 0.94), (-0.25, 1.23), (-0.04, 1.07)]


def _sitting(place: Place, coat: Colour, ears: Colour, tail: list[Point]) -> list[Shape]:
    body = [
        (-0.33, 0.02),
        (-0.34, 0.3),
        (-0.2, 0.62),
        (0, 0.74),
        (0.2, 0.62),
        (0.34, 0.3),
        (0.33, 0.02),
        (0, -0.02),
    ]
    return [
        place.curve(tail, coat),
        place.curve(body, coat),
        place.polygon(_EAR, ears),
        place.polygon([(-x, y) for x, y in _EAR], ears),
        place.oval(0, 0.9, 0.27, 0.225, coat),
    ]


def _cat_face(place: Place, coat: Colour, palette: Palette) -> list[Shape]:
    iris, inner = mix(palette.light, palette.accent, 0.3), mix(coat, palette.accent, 0.45)
    shapes: list[Shape] = [place.stroke((0, 0), (0, 0.26), 0.012, mix(coat, palette.light, 0.25))]
    for side in (-1, 1):
        ear = [(-0.2 * side, 1.02), (-0.21 * side, 1.16), (-0.09 * side, 1.07)]
        shapes += [
            place.polygon(ear, inner),
            place.oval(0.11 * side, 0.92, 0.062, 0.055, iris),
            place.oval(0.11 * side, 0.92, 0.016, 0.05, coat),
        ]
        shapes += [
            place.stroke((0.09 * side, 0.815), (0.36 * side, 0.79 + rise), 0.007, iris)
            for rise in (0, 0.06)
        ]
    nose = [(-0.03, 0.85), (0.03, 0.85), (0, 0.815)]
    return [*shapes, place.polygon(nose, mix(palette.accent, (255, 190, 190), 0.5))]


def fox(place: Place, palette: Palette) -> list[Shape]:
    """A fox that sits, with its white chest and the tip of its tail."""
    return _canine(place, palette, (216, 96, 38), (255, 244, 228))


def wolf(place: Place, palette: Palette) -> list[Shape]:
    """A wolf or a dog that sits."""
    return _canine(place, palette, mix(palette.near, (120, 118, 130), 0.62), (235, 232, 228))


def _canine(place: Place, palette: Palette, coat: Colour, white: Colour) -> list[Shape]:
    dark = (38, 24, 26)
    chest = [(-0.17, 0.66), (0, 0.7), (0.17, 0.66), (0.12, 0.36), (0, 0.2), (-0.12, 0.36)]
    tip = [(0.82, 0.42), (0.68, 0.62), (0.6, 0.46), (0.71, 0.4)]
    muzzle = [
        (-0.27, 0.88),
        (-0.12, 0.9),
        (0, 0.86),
        (0.12, 0.9),
        (0.27, 0.88),
        (0.12, 0.76),
        (0, 0.68),
        (-0.12, 0.76),
    ]
    shapes: list[Shape] = [
        *_sitting(place, coat, coat, _FOX_TAIL),
        place.curve(tip, white),
        place.curve(chest, white),
        place.stroke((-0.1, 0.0), (-0.1, 0.3), 0.09, mix(coat, dark, 0.55)),
        place.stroke((0.1, 0.0), (0.1, 0.3), 0.09, mix(coat, dark, 0.55)),
        place.polygon([(-0.27, 0.9), (0.27, 0.9), (0, 0.67)], coat),
        place.polygon(muzzle, white),
        place.polygon([(-0.09, 0.9), (0.09, 0.9), (0, 0.72)], coat),
        place.oval(0, 0.69, 0.04, 0.032, dark),
    ]
    for side in (-1, 1):
        ear = [(-0.21 * side, 1.03), (-0.22 * side, 1.17), (-0.1 * side, 1.07)]
        shapes += [place.polygon(ear, dark), place.oval(0.115 * side, 0.925, 0.03, 0.034, dark)]
        shapes.append(place.disc(0.105 * side, 0.935, 0.009, palette.light))
    return shapes


def owl(place: Place, palette: Palette) -> list[Shape]:
    """An owl on a branch."""
    coat = mix(palette.near, (120, 84, 58), 0.6)
    belly, dark = mix(coat, palette.light, 0.5), mix(palette.near, (15, 12, 20), 0.4)
    body = [
        (0, 1.06),
        (0.26, 0.98),
        (0.34, 0.6),
        (0.26, 0.2),
        (0, 0.06),
        (-0.26, 0.2),
        (-0.34, 0.6),
        (-0.26, 0.98),
    ]
    shapes: list[Shape] = [
        place.stroke((-0.95, 0.0), (0.95, 0.1), 0.09, dark),
        place.polygon([(-0.28, 0.95), (-0.3, 1.2), (-0.05, 1.03)], coat),
        place.polygon([(0.28, 0.95), (0.3, 1.2), (0.05, 1.03)], coat),
        place.curve(body, coat),
        place.oval(0, 0.42, 0.19, 0.3, belly),
    ]
    for row in range(4):
        for column in range(3 - row % 2):
            x = 0.11 * (column - (2 - row % 2) / 2)
            shapes.append(place.oval(x, 0.56 - 0.1 * row, 0.03, 0.025, coat))
    for side in (-1, 1):
        wing = [(0.3 * side, 0.78), (0.38 * side, 0.5), (0.28 * side, 0.18), (0.2 * side, 0.45)]
        shapes += [
            place.curve(wing, mix(coat, dark, 0.4)),
            place.disc(0.135 * side, 0.85, 0.125, mix(belly, palette.light, 0.5)),
            place.disc(0.135 * side, 0.85, 0.075, palette.accent),
            place.disc(0.135 * side, 0.85, 0.045, dark),
        ]
    return [*shapes, place.polygon([(-0.045, 0.8), (0.045, 0.8), (0, 0.69)], (240, 170, 60))]


def bird(place: Place, palette: Palette) -> list[Shape]:
    """A songbird on a twig."""
    coat, dark = palette.accent, mix(palette.near, (15, 12, 20), 0.4)
    breast, wing = mix(coat, palette.light, 0.6), mix(coat, dark, 0.45)
    body = [
        (-0.5, 0.7),
        (-0.3, 0.9),
        (-0.05, 0.8),
        (0.2, 0.55),
        (0.62, 0.12),
        (0.3, 0.16),
        (0, 0.14),
        (-0.32, 0.28),
        (-0.46, 0.5),
    ]
    return [
        place.stroke((-1.1, 0.0), (1.0, 0.08), 0.05, dark),
        place.oval(0.62, 0.11, 0.12, 0.045, mix(dark, (80, 140, 80), 0.5)),
        place.stroke((-0.06, 0.05), (-0.06, 0.2), 0.025, dark),
        place.stroke((0.06, 0.05), (0.06, 0.2), 0.025, dark),
        place.polygon([(0.45, 0.3), (0.95, 0.02), (0.86, -0.06), (0.4, 0.16)], wing),
        place.curve(body, coat),
        place.curve(
            [(-0.46, 0.52), (-0.3, 0.55), (-0.1, 0.38), (0.05, 0.15), (-0.3, 0.26)], breast
        ),
        place.curve([(-0.12, 0.62), (0.12, 0.56), (0.58, 0.16), (0.2, 0.24), (-0.06, 0.38)], wing),
        place.polygon([(-0.5, 0.75), (-0.68, 0.68), (-0.48, 0.65)], (246, 176, 66)),
        place.disc(-0.36, 0.75, 0.035, dark),
        place.disc(-0.37, 0.76, 0.011, (255, 255, 255)),
    ]


def whale(place: Place, palette: Palette) -> list[Shape]:
    """A whale that breaks the surface and blows."""
    skin = mix(palette.near, palette.accent, 0.25)
    belly, foam = mix(skin, palette.light, 0.55), mix(palette.sky[2], (255, 255, 255), 0.6)
    back = [
        (-0.95, 0.06),
        (-0.8, 0.4),
        (-0.4, 0.58),
        (0.1, 0.5),
        (0.55, 0.2),
        (0.75, -0.02),
        (-0.1, -0.06),
        (-0.8, -0.06),
    ]
    tail = [
        (0.86, 0.0),
        (0.95, 0.36),
        (0.76, 0.62),
        (1.0, 0.54),
        (1.08, 0.46),
        (1.18, 0.54),
        (1.42, 0.6),
        (1.2, 0.36),
        (1.08, 0.0),
    ]
    shapes: list[Shape] = [
        place.curve(back, skin),
        place.curve(
            [(-0.94, 0.06), (-0.7, 0.12), (-0.3, 0.1), (-0.1, -0.05), (-0.8, -0.06)], belly
        ),
        place.curve(tail, skin),
        place.disc(-0.6, 0.2, 0.028, palette.light),
        place.disc(-0.605, 0.2, 0.014, (10, 10, 20)),
    ]
    for index in range(9):
        angle = math.pi * (0.2 + 0.6 * index / 8)
        reach = 0.34 + 0.1 * math.sin(index * 2.3)
        x, y = -0.42 + reach * math.cos(angle) * 0.8, 0.6 + reach * math.sin(angle)
        shapes.append(place.disc(x, y, 0.022 + 0.008 * (index % 3), foam))
        shapes.append(place.stroke((-0.42, 0.58), (x, y), 0.012, foam))
    for x, across in ((-0.9, 0.3), (0.0, 0.5), (0.55, 0.3), (1.0, 0.28)):
        shapes.append(place.oval(x, -0.05, across, 0.025, foam))
    return shapes


def fish(place: Place, palette: Palette) -> list[Shape]:
    """A fish with a sweeping tail and rising bubbles."""
    up = Place(place.x, place.y - 0.3 * place.size, place.size, place.facing)
    skin, dark = palette.accent, mix(palette.accent, palette.near, 0.6)
    body = [
        (-0.62, 0.3),
        (-0.35, 0.54),
        (0.05, 0.56),
        (0.42, 0.36),
        (0.42, 0.24),
        (0.05, 0.04),
        (-0.35, 0.06),
    ]
    tail = [(0.38, 0.3), (0.62, 0.5), (0.95, 0.66), (0.8, 0.3), (0.95, -0.04), (0.62, 0.1)]
    fin = [(-0.2, 0.52), (0.05, 0.78), (0.32, 0.66), (0.26, 0.46)]
    light = mix(skin, palette.light, 0.7)
    return [
        up.curve(tail, dark),
        up.curve(fin, dark),
        up.curve(body, skin),
        *(up.oval(x, 0.3, 0.035, 0.2 - abs(x) * 0.18, light) for x in (-0.18, 0.02, 0.2)),
        up.disc(-0.42, 0.36, 0.055, (255, 255, 255)),
        up.disc(-0.43, 0.36, 0.028, (15, 15, 25)),
        *(
            up.disc(-0.8 - 0.05 * (i % 2), 0.45 + 0.17 * i, 0.03 + 0.012 * i, light)
            for i in range(3)
        ),
    ]


def person(place: Place, palette: Palette) -> list[Shape]:
    """Somebody in a long coat who looks at the distance."""
    coat, dark = palette.accent, mix(palette.near, (15, 14, 24), 0.45)
    body = [(-0.09, 0.78), (0.09, 0.78), (0.15, 0.5), (0.21, 0.16), (-0.21, 0.16), (-0.15, 0.5)]
    return [
        place.oval(0.1, 0.0, 0.36, 0.03, mix(palette.near, palette.far, 0.15)),
        place.box(-0.1, 0, -0.025, 0.2, dark),
        place.box(0.025, 0, 0.1, 0.2, dark),
        place.polygon(body, coat),
        place.polygon(
            [(0, 0.78), (0.09, 0.78), (0.15, 0.5), (0.21, 0.16), (0.03, 0.16)],
            mix(coat, dark, 0.25),
        ),
        place.stroke((0.1, 0.74), (0.17, 0.42), 0.055, mix(coat, dark, 0.4)),
        place.stroke((-0.1, 0.74), (-0.17, 0.42), 0.055, mix(coat, palette.light, 0.15)),
        place.disc(0, 0.89, 0.09, (226, 178, 148)),
        place.curve(
            [
                (-0.1, 0.9),
                (-0.07, 1.0),
                (0.04, 1.01),
                (0.11, 0.92),
                (0.1, 0.8),
                (0.03, 0.87),
                (-0.06, 0.93),
            ],
            dark,
        ),
        place.curve(
            [(-0.1, 0.8), (0.1, 0.8), (0.3, 0.7), (0.34, 0.62), (0.1, 0.73), (-0.09, 0.74)],
            mix(palette.light, coat, 0.25),
        ),
    ]


def astronaut(place: Place, palette: Palette) -> list[Shape]:
    """An astronaut who waves."""
    suit, dark = (240, 240, 244), mix(palette.near, (20, 20, 40), 0.4)
    shade = mix(suit, dark, 0.22)
    return [
        place.oval(0.05, 0, 0.42, 0.04, mix(palette.near, palette.far, 0.2)),
        place.curve([(-0.3, 0.78), (-0.3, 0.36), (0.3, 0.36), (0.3, 0.78), (0, 0.84)], shade),
        place.stroke((-0.12, 0.4), (-0.15, 0.06), 0.17, suit),
        place.stroke((0.12, 0.4), (0.15, 0.06), 0.17, shade),
        place.oval(-0.16, 0.05, 0.12, 0.06, dark),
        place.oval(0.17, 0.05, 0.12, 0.06, dark),
        place.stroke((-0.2, 0.68), (-0.4, 0.42), 0.13, suit),
        place.stroke((0.2, 0.68), (0.42, 0.9), 0.13, suit),
        place.disc(-0.41, 0.4, 0.075, palette.accent),
        place.disc(0.43, 0.92, 0.075, palette.accent),
        place.curve(
            [(-0.23, 0.76), (0.23, 0.76), (0.24, 0.5), (0.17, 0.34), (-0.17, 0.34), (-0.24, 0.5)],
            suit,
        ),
        place.box(-0.11, 0.5, 0.11, 0.63, shade),
        place.disc(-0.05, 0.57, 0.025, palette.accent),
        place.disc(0.04, 0.57, 0.025, palette.light),
        place.disc(0, 0.97, 0.245, suit),
        place.oval(0, 0.96, 0.185, 0.155, dark),
        place.oval(0.03, 0.98, 0.13, 0.1, mix(dark, palette.accent, 0.5)),
        place.oval(-0.08, 1.02, 0.04, 0.025, (255, 255, 255)),
    ]
