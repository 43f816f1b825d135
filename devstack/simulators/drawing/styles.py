"""How a provider's pictures look: a filter over the drawn scene, named by its simulator."""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Mapping
from typing import cast

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from devstack.simulators.drawing.canvas import Colour, Size

Style = Callable[[Image.Image, random.Random], Image.Image]
PAPER: Colour = (250, 245, 233)
INK: Colour = (22, 22, 48)


def poster(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Print in few inks, with a paper margin."""
    inks = picture.reduce(8).quantize(24, Image.Quantize.MEDIANCUT)
    flat = picture.quantize(palette=inks, dither=Image.Dither.NONE).convert("RGB")
    margin = round(min(flat.size) * 0.035)
    framed = Image.new("RGB", flat.size, PAPER)
    framed.paste(flat.resize((flat.width - 2 * margin, flat.height - 2 * margin)), (margin, margin))
    return framed


def bloom(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Let bright parts glow, and discs of light float in front."""
    small = picture.reduce(4)
    bright = small.point([round(255 * (v / 255) ** 2.2) for v in range(256)] * 3)
    pen = ImageDraw.Draw(bright)
    for _ in range(22):
        x, y = rng.uniform(0, small.width), small.height * rng.uniform(0.1, 1)
        radius = min(small.size) * rng.uniform(0.008, 0.045)
        tint = _lifted(_pixel(bright, x, y), rng.randint(12, 48))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), tint)
    soft = bright.filter(ImageFilter.GaussianBlur(2))
    return ImageChops.screen(picture, soft.resize(picture.size, Image.Resampling.BILINEAR))


def watercolour(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Lay wet pigment on paper: dark at the edges of a wash, uneven, white at the rim."""
    paper = Image.new("RGB", picture.size, PAPER)
    tone = picture.convert("L")
    edges = ImageChops.difference(tone, tone.filter(ImageFilter.BoxBlur(3)))
    edges = edges.point([255 - min(110, v) for v in range(256)])
    pigment = ImageChops.multiply(edges, _clouds(picture.size, 7, rng, 205, 51))
    wet = ImageChops.multiply(Image.blend(picture, paper, 0.2), Image.merge("RGB", (pigment,) * 3))
    small = picture.width // 4, picture.height // 4
    inset = round(min(small) * 0.05)
    mask = Image.new("L", small)
    mask.paste(255, (inset, inset, small[0] - inset, small[1] - inset))
    soft = mask.filter(ImageFilter.GaussianBlur(inset * 0.5))
    frayed = ImageChops.add(soft, _clouds(small, 120, rng, 88, 79), 2)
    sharp = frayed.point([max(0, min(255, (v - 118) * 7)) for v in range(256)])
    return Image.composite(wet, paper, sharp.resize(picture.size, Image.Resampling.BICUBIC))


def brushwork(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Paint strokes that follow a slow current, broad ones under fine ones."""
    pen, unit = ImageDraw.Draw(canvas := picture.copy()), min(picture.size)
    bend, broad = rng.uniform(0, math.tau), rng.uniform(0.7, 1.4)
    for length, width, strokes in ((0.06, 0.014, 1500), (0.024, 0.005, 4500)):
        for _ in range(strokes):
            u, v = rng.random(), rng.random()
            x, y = u * canvas.width, v * canvas.height
            angle = bend + 1.7 * math.sin(3.1 * u + bend) + 1.3 * math.cos(2.7 * v - bend)
            reach = length * unit * broad * rng.uniform(0.3, 0.6)
            dx, dy = reach * math.cos(angle), reach * 0.6 * math.sin(angle)
            tint = _lifted(_pixel(picture, x, y), rng.randint(-9, 9))
            pen.line((x - dx, y - dy, x + dx, y + dy), tint, max(1, round(width * unit * broad)))
    return canvas


def engraving(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Engrave in one ink on tinted paper: lines that swell where the picture is dark."""
    tinted = Image.blend(picture, Image.new("RGB", picture.size, PAPER), 0.5)
    return _inked(picture, _waves(picture.size), tinted)


def halftone(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Print dots of ink over the colours; they grow where the picture is dark."""
    across = _waves(picture.size[::-1]).transpose(Image.Transpose.ROTATE_90)
    screen = Image.blend(_waves(picture.size), across, 0.5)
    return _inked(picture, screen, picture)


def _waves(size: Size) -> Image.Image:
    """Return horizontal lines that pass softly from dark to light and back."""
    pitch = max(3, round(min(size) / 110))
    column = Image.new("L", (1, size[1]))
    column.putdata([round(128 - 112 * math.cos(math.tau * y / pitch)) for y in range(size[1])])
    return column.resize(size, Image.Resampling.NEAREST)


def _inked(picture: Image.Image, screen: Image.Image, ground: Image.Image) -> Image.Image:
    """Return the ground with ink wherever the picture is darker than the screen."""
    tone = ImageOps.equalize(picture.convert("L")).point([round(96 + v * 0.62) for v in range(256)])
    lines = ImageChops.subtract(tone, screen, 1, 128)
    uninked = lines.point([max(0, min(255, 128 + (v - 128) * 4)) for v in range(256)])
    return Image.composite(ground, Image.new("RGB", picture.size, INK), uninked)


def relief(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Cut sheets of paper: every edge throws a soft shadow."""
    tone = picture.convert("L").filter(ImageFilter.BoxBlur(2))
    lit = ImageChops.subtract(tone, ImageChops.offset(tone, 5, 7), 1, 128)
    shade = lit.point([max(60, min(160, 128 + (v - 128) * 2)) for v in range(256)])
    return ImageChops.overlay(picture, Image.merge("RGB", (shade,) * 3))


def mosaic(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Set small hexagonal tiles in grout."""
    canvas = Image.new("RGB", (picture.width * 2, picture.height * 2), INK)
    pen, radius = ImageDraw.Draw(canvas), min(picture.size) / 56
    across, down = radius * math.sqrt(3), radius * 1.5
    turns = [math.tau * corner / 6 for corner in range(6)]
    tile = [(radius * 0.94 * math.sin(turn), radius * 0.94 * math.cos(turn)) for turn in turns]
    for row in range(int(canvas.height / down) + 2):
        for column in range(int(canvas.width / across) + 2):
            x, y = (column + 0.5 * (row % 2)) * across, row * down
            tint = _lifted(_pixel(picture, x / 2, y / 2), rng.randint(-10, 10))
            pen.polygon([(x + dx, y + dy) for dx, dy in tile], tint)
    return canvas.reduce(2)


STYLES: Mapping[str, Style] = {
    style.__name__: style
    for style in (poster, bloom, watercolour, halftone, brushwork, engraving, relief, mosaic)
}


def dealt_style(provider: str) -> str:
    """Return the style of a provider whose simulator names none."""
    return list(STYLES)[zlib.crc32(provider.encode()) % len(STYLES)]


def _clouds(size: Size, cells: int, rng: random.Random, base: int, span: int) -> Image.Image:
    """Return smooth noise from `base` to `base + span`, with so many blotches across."""
    small = cells, max(1, round(cells * size[1] / size[0]))
    noise = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    toned = noise.point([round(base + span * v / 255) for v in range(256)])
    return toned.resize(size, Image.Resampling.BICUBIC)


def _pixel(picture: Image.Image, x: float, y: float) -> Colour:
    """Return the colour at a point, or at the nearest one inside."""
    at = min(picture.width - 1, max(0, int(x))), min(picture.height - 1, max(0, int(y)))
    return cast(Colour, picture.getpixel(at))


def _lifted(colour: Colour, lift: int) -> Colour:
    return colour[0] + lift, colour[1] + lift, colour[2] + lift
