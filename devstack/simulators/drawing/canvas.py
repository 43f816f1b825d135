"""Shapes on a picture, drawn at twice its size and averaged, so that edges are smooth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]
Size = tuple[int, int]

OVERSAMPLING = 2
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (14, 12, 22)
_FADING = Image.radial_gradient("L").point(
    [round(255 * max(0.0, 1 - distance / 181) ** 2) for distance in range(256)]
)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour at the given share of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@dataclass(frozen=True)
class Canvas:
    """An image, and a frame in which its points are given: an origin, and pixels per unit."""

    image: Image.Image
    origin: Point
    across: float
    down: float

    @classmethod
    def of_sky(cls, sky: Sequence[Colour], size: Size) -> Canvas:
        """Return a sky that passes evenly from its first colour to its last at the foot.

        One unit is the short side; y runs downwards from the top left corner.
        """
        width, height = size[0] * OVERSAMPLING, size[1] * OVERSAMPLING
        column = Image.new("RGB", (1, len(sky)))
        column.putdata(list(sky))
        box = (0.0, 0.5, 1.0, len(sky) - 0.5)
        column = column.resize((1, height), Image.Resampling.BILINEAR, box)
        unit = min(width, height)
        return cls(column.resize((width, height), Image.Resampling.NEAREST), (0, 0), unit, unit)

    def at(self, x: float, y: float, size: float, facing: int = 1) -> Canvas:
        """Return a frame with its origin at a point of this one, `size` large, y upwards."""
        return Canvas(
            self.image, self._pixel((x, y)), facing * size * self.across, -size * self.down
        )

    def picture(self) -> Image.Image:
        """Return what was drawn, at the picture's own size."""
        return self.image.reduce(OVERSAMPLING)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon([self._pixel(point) for point in points], colour)

    def curve(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a soft outline through the points."""
        self.polygon(_smooth(points), colour)

    def ellipse(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        centre, reach = self._pixel((x, y)), (abs(across * self.across), abs(down * self.down))
        left, top = centre[0] - reach[0], centre[1] - reach[1]
        self._pen.ellipse((left, top, centre[0] + reach[0], centre[1] + reach[1]), colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Shine a round light that fades to nothing at its radius."""
        centre, reach = self._pixel((x, y)), radius * abs(self.across)
        left, top = max(0, round(centre[0] - reach)), max(0, round(centre[1] - reach))
        right = min(self.image.width, round(centre[0] + reach))
        foot = min(self.image.height, round(centre[1] + reach))
        if left >= right or top >= foot:
            return
        # Only what the image shows: a large glow is mostly outside it.
        share = _FADING.width / (2 * reach)
        sides = ((left, centre[0]), (top, centre[1]), (right, centre[0]), (foot, centre[1]))
        x0, y0, x1, y1 = (
            min(256.0, max(0.0, (side - middle + reach) * share)) for side, middle in sides
        )
        light = _FADING.point([round(value * strength) for value in range(256)])
        size = right - left, foot - top
        mask = light.resize(size, Image.Resampling.BILINEAR, (x0, y0, x1, y1))
        self.image.paste(colour, (left, top, right, foot), mask)

    def haze(self, foot: float, depth: float, colour: Colour, strength: float) -> None:
        """Veil the whole width: densest at the foot, clear at `depth` above it."""
        rows = max(1, round(depth * self.down))
        column = Image.linear_gradient("L").resize((1, rows))
        faded = column.point([round(value * strength) for value in range(256)])
        veil = faded.resize((self.image.width, rows), Image.Resampling.NEAREST)
        top = round(foot * self.down) - rows
        self.image.paste(colour, (0, top, self.image.width, top + rows), veil)

    @cached_property
    def _pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def _pixel(self, point: Point) -> Point:
        return (
            self.origin[0] + point[0] * self.across,
            self.origin[1] + point[1] * self.down,
        )


def _smooth(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """Return a closed curve through the points (Catmull-Rom)."""
    count = len(points)
    return [
        _between([points[(index + offset) % count] for offset in (-1, 0, 1, 2)], step / steps)
        for index in range(count)
        for step in range(steps)
    ]


def _between(corners: Sequence[Point], t: float) -> Point:
    """Return the point at share t of the way from the second corner to the third."""
    weights = (
        -0.5 * t + t**2 - 0.5 * t**3,
        1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3,
        -0.5 * t**2 + 0.5 * t**3,
    )
    x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
    y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
    return x, y
