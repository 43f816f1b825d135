"""What can stand in a scene, as lists of shapes.

A subject begins with its size in short sides of the picture, the place where it is at home, and
its words; then comes one shape a line: its kind, its tone, its numbers. It stands with its foot at
(0, 0), is about 1 tall, and y runs upwards. `poly` and `curve` (soft) list points, `oval` a
centre and two radii, `glow` a centre, a radius and a strength. A tone is a name from `_tones` or
a hex colour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from devstack.simulators.drawing.canvas import BLACK, WHITE, Canvas, Colour, mix
from devstack.simulators.drawing.palette import Palette


@dataclass(frozen=True)
class Subject:
    """A thing to draw."""

    size: float
    home: str
    words: frozenset[str]
    shapes: tuple[str, ...]


def draw_subject(subject: Subject, frame: Canvas, palette: Palette) -> None:
    """Draw the subject in the frame."""
    tones = _tones(palette)
    for line in subject.shapes:
        kind, tone, *numbers = line.split()
        colour = tones[tone] if tone in tones else _hex(tone)
        values = [float(number) for number in numbers]
        if kind == "glow":
            x, y, radius, strength = values
            frame.glow(x, y, radius, colour, strength)
        elif kind == "oval":
            x, y, across, down = values
            frame.ellipse(x, y, across, down, colour)
        else:
            points = list(zip(values[::2], values[1::2], strict=True))
            (frame.curve if kind == "curve" else frame.polygon)(points, colour)


def _tones(palette: Palette) -> Mapping[str, Colour]:
    return {
        "near": palette.near,
        "far": palette.far,
        "stone": palette.land(0.6),
        "dark": mix(palette.near, BLACK, 0.4),
        "light": palette.light,
        "white": mix(palette.light, WHITE, 0.4),
        "shade": mix(palette.light, palette.sky[1], 0.4),
        "accent": palette.accent,
        "pale": mix(palette.accent, palette.light, 0.5),
        "deep": mix(palette.accent, palette.near, 0.4),
    }


def _hex(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


def _subjects(table: str) -> tuple[Subject, ...]:
    found: list[Subject] = []
    for block in re.split(r"\n(?=\d)", table.strip()):
        head, *shapes = block.splitlines()
        measures, _, words = head.partition(":")
        size, home = measures.split()
        found.append(Subject(float(size), home, frozenset(words.split()), tuple(shapes)))
    return tuple(found)


SUBJECTS = _subjects("""
0.5 sea: lighthouse
  poly shade 0 1 1.9 1.3 1.9 1.05
  poly shade 0 1 -1.6 1.24 -1.6 1.04
  glow light 0 1.02 0.75 0.75
  curve near -0.75 -0.12 -0.5 0 -0.3 0.1 0 0.13 0.26 0.11 0.5 0.02 0.82 -0.12 0 -0.2
  poly white -0.146 0.1 0.146 0.1 0.11 0.9 -0.11 0.9
  poly accent -0.146 0.1 0.146 0.1 0.139 0.26 -0.139 0.26
  poly accent -0.131 0.42 0.131 0.42 0.124 0.58 -0.124 0.58
  poly accent -0.117 0.74 0.117 0.74 0.11 0.9 -0.11 0.9
  poly deep -0.15 0.9 0.15 0.9 0.15 0.935 -0.15 0.935
  poly light -0.075 0.935 0.075 0.935 0.075 1.06 -0.075 1.06
  poly deep -0.11 1.06 0.11 1.06 0 1.17
  poly deep -0.03 0.29 0.03 0.29 0.03 0.36 -0.03 0.36
0.4 mountains: castle palace fortress kingdom
  poly stone -0.55 0 0.55 0 0.55 0.42 -0.55 0.42
  poly near -0.67 0 -0.43 0 -0.43 0.66 -0.67 0.66
  poly near 0.43 0 0.67 0 0.67 0.66 0.43 0.66
  poly stone -0.3 0 -0.1 0 -0.1 0.84 -0.3 0.84
  poly stone 0.02 0 0.3 0 0.3 1 0.02 1
  poly accent -0.71 0.66 -0.39 0.66 -0.55 1
  poly accent 0.39 0.66 0.71 0.66 0.55 1
  poly accent -0.34 0.84 -0.06 0.84 -0.2 1.12
  poly accent -0.03 1 0.35 1 0.16 1.4
  poly dark 0.15 1.38 0.17 1.38 0.17 1.56 0.15 1.56
  poly pale 0.17 1.56 0.42 1.49 0.17 1.43
  poly light -0.57 0.48 -0.53 0.48 -0.53 0.6 -0.57 0.6
  poly light 0.13 0.8 0.19 0.8 0.19 0.94 0.13 0.94
  curve dark -0.11 -0.02 -0.11 0.18 0 0.28 0.11 0.18 0.11 -0.02
0.36 sea: boat boats ship sailboat sailing yacht fishing
  oval shade 0 -0.06 0.46 0.012
  oval shade 0.03 -0.13 0.36 0.012
  oval shade 0.01 -0.2 0.25 0.01
  poly dark -0.011 0.1 0.011 0.1 0.011 1.12 -0.011 1.12
  curve white 0.03 0.24 0.035 0.7 0.03 1.08 0.3 0.66 0.47 0.26 0.2 0.22
  curve shade -0.03 0.3 -0.03 0.9 -0.2 0.58 -0.36 0.3 -0.2 0.27
  curve deep -0.52 0.18 -0.2 0.155 0.2 0.155 0.58 0.2 0.4 0 0 -0.035 -0.38 0
  poly pale -0.5 0.15 0.55 0.16 0.55 0.185 -0.5 0.175
0.3 hills: house houses cabin cottage hut home farm village kitchen
  oval shade 0.36 1.08 0.06 0.05
  oval shade 0.42 1.24 0.08 0.07
  oval shade 0.52 1.42 0.1 0.08
  poly dark 0.28 0.6 0.4 0.6 0.4 0.98 0.28 0.98
  poly deep -0.55 0 0.55 0 0.55 0.5 -0.55 0.5
  poly dark -0.66 0.47 -0.3 0.92 0.38 0.92 0.66 0.47
  glow light -0.18 0.27 0.5 0.6
  poly light -0.36 0.16 -0.02 0.16 -0.02 0.38 -0.36 0.38
  poly deep -0.2 0.16 -0.18 0.16 -0.18 0.38 -0.2 0.38
  poly dark 0.25 0 0.41 0 0.41 0.33 0.25 0.33
0.4 hills: balloon balloons airship
  curve accent 0 1.62 .3 1.55 .44 1.28 .36 .98 .1 .7 -.1 .7 -.36 .98 -.44 1.28 -.3 1.55
  curve white 0 1.62 .21 1.55 .31 1.28 .26 .98 .07 .7 -.07 .7 -.26 .98 -.31 1.28 -.21 1.55
  curve accent 0 1.62 .13 1.55 .18 1.28 .15 .98 .04 .7 -.04 .7 -.15 .98 -.18 1.28 -.13 1.55
  poly dark -0.09 0.72 -0.08 0.72 -0.05 0.52 -0.06 0.52
  poly dark 0.09 0.72 0.08 0.72 0.05 0.52 0.06 0.52
  poly 7a4a28 -0.08 0.53 0.08 0.53 0.065 0.4 -0.065 0.4
0.36 forest: fox foxes dog dogs puppy wolf
  curve d86026 .15 .02 .5 0 .78 .16 .82 .42 .68 .62 .58 .4 .4 .26 .15 .18
  curve fff4e4 0.82 0.42 0.68 0.62 0.6 0.46 0.71 0.4
  curve d86026 -.33 .02 -.34 .3 -.2 .62 0 .74 .2 .62 .34 .3 .33 .02 0 -.02
  curve fff4e4 -0.17 0.66 0 0.7 0.17 0.66 0.12 0.36 0 0.2 -0.12 0.36
  poly 6e3822 -0.145 0 -0.055 0 -0.055 0.3 -0.145 0.3
  poly 6e3822 0.055 0 0.145 0 0.145 0.3 0.055 0.3
  poly d86026 -0.24 0.94 -0.25 1.23 -0.04 1.07
  poly d86026 0.24 0.94 0.25 1.23 0.04 1.07
  poly 26181a -0.21 1.03 -0.22 1.17 -0.1 1.07
  poly 26181a 0.21 1.03 0.22 1.17 0.1 1.07
  oval d86026 0 0.9 0.27 0.225
  curve fff4e4 -.27 .88 -.12 .9 0 .86 .12 .9 .27 .88 .12 .76 0 .68 -.12 .76
  poly d86026 -0.09 0.9 0.09 0.9 0 0.72
  oval 26181a 0 0.69 0.04 0.032
  oval 26181a -0.115 0.925 0.03 0.034
  oval 26181a 0.115 0.925 0.03 0.034
0.38 hills: cat cats kitten owl
  curve dark .2 .03 .5 .04 .66 .2 .6 .42 .5 .4 .54 .22 .42 .13 .2 .13
  curve dark -.33 .02 -.34 .3 -.2 .62 0 .74 .2 .62 .34 .3 .33 .02 0 -.02
  poly dark -0.24 0.94 -0.25 1.23 -0.04 1.07
  poly dark 0.24 0.94 0.25 1.23 0.04 1.07
  poly deep -0.2 1.02 -0.21 1.16 -0.09 1.07
  poly deep 0.2 1.02 0.21 1.16 0.09 1.07
  oval dark 0 0.9 0.27 0.225
  oval light -0.11 0.92 0.062 0.055
  oval light 0.11 0.92 0.062 0.055
  oval dark -0.11 0.92 0.016 0.05
  oval dark 0.11 0.92 0.016 0.05
  poly pale -0.03 0.85 0.03 0.85 0 0.815
0.36 hills: cup coffee tea mug espresso kettle copper
  oval pale 0 0.03 0.7 0.07
  oval deep 0.47 0.4 0.17 0.17
  oval stone 0.47 0.4 0.1 0.1
  poly accent -0.42 0.62 0.42 0.62 0.4 0.34 0.22 0.08 -0.22 0.08 -0.4 0.34
  oval deep 0 0.62 0.42 0.075
  oval 4a2c1e 0 0.615 0.36 0.055
  curve white -0.16 0.72 -0.11 0.84 -0.18 0.98 -0.12 1.18 -0.15 0.98 -0.08 0.84
  curve white 0.04 0.72 0.09 0.86 0.02 1.02 0.08 1.24 0.05 1.02 0.12 0.86
  curve white 0.22 0.72 0.27 0.84 0.2 0.98 0.26 1.18 0.23 0.98 0.3 0.84
0.36 hills: person man woman girl boy child wanderer portrait king queen wizard astronaut
  oval dark 0.1 0 0.36 0.03
  poly dark -0.1 0 -0.025 0 -0.025 0.2 -0.1 0.2
  poly dark 0.025 0 0.1 0 0.1 0.2 0.025 0.2
  poly accent -0.09 0.78 0.09 0.78 0.15 0.5 0.21 0.16 -0.21 0.16 -0.15 0.5
  poly deep 0 0.78 0.09 0.78 0.15 0.5 0.21 0.16 0.03 0.16
  oval e2b294 0 0.89 0.09 0.09
  curve dark -.1 .9 -.07 1 .04 1.01 .11 .92 .1 .8 .03 .87 -.06 .93
  curve pale -0.1 0.8 0.1 0.8 0.3 0.7 0.34 0.62 0.1 0.73 -0.09 0.74
""")
