"""How each provider renders a scene: eight hands, one subject."""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from devstack.simulators.drawing.render import gradient, paint, render, silhouette
from devstack.simulators.drawing.shapes import Colour, Glow, Layer, Scene, Shape, mix

Size = tuple[int, int]
Style = Callable[[Scene, Size, random.Random], Image.Image]
PAPER: Colour = (250, 245, 233)
SHADOW: Colour = (12, 8, 24)
LARGE_GLOW = 0.3
MAX_SHEETS = 3


def poster(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """A screen-printed poster: the light in rings, a paper margin, a thin frame."""
    picture = render(_ringed(scene), size)
    margin = round(min(size) * 0.035)
    framed = Image.new("RGB", size, PAPER)
    inner = size[0] - 2 * margin, size[1] - 2 * margin
    box = ((size[0] - inner[0]) // 2, margin)
    framed.paste(picture.resize(inner, Image.Resampling.BILINEAR, reducing_gap=2), box)
    pen = ImageDraw.Draw(framed)
    pen.rectangle((*box, box[0] + inner[0], box[1] + inner[1]), outline=scene.sky[0], width=2)
    return framed


def _ringed(scene: Scene) -> Scene:
    """The scene with every large glow drawn as flat rings, as a screen print would."""
    return replace(scene, layers=[_rings(layer) for layer in scene.layers])


def _rings(layer: Layer) -> Layer:
    shapes: list[Shape] = []
    for shape in layer.shapes:
        if isinstance(shape, Glow) and shape.radius > LARGE_GLOW:
            shapes += [
                replace(shape, radius=shape.radius * share, is_flat=True, strength=0.16)
                for share in (1, 0.6)
            ]
        else:
            shapes.append(shape)
    return replace(layer, shapes=shapes)


def dream(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Soft focus: bright parts bloom, and discs of light float in front."""
    picture = render(scene, size)
    small = picture.reduce(4).filter(ImageFilter.GaussianBlur(min(size) / 150))
    bloom = small.point([round(255 * (v / 255) ** 2.2) for v in range(256)] * 3)
    picture = ImageChops.screen(picture, bloom.resize(size, Image.Resampling.BILINEAR))
    bokeh = Image.new("RGB", (size[0] // 4, size[1] // 4))
    pen = ImageDraw.Draw(bokeh)
    for _ in range(26):
        x, y = chance.uniform(0, bokeh.width), bokeh.height * chance.uniform(0.1, 1)
        radius = min(bokeh.size) * chance.uniform(0.008, 0.045)
        tone = chance.uniform(0.1, 0.26)
        colour = mix((0, 0, 0), scene.sky[2], tone)
        pen.ellipse(
            (x - radius, y - radius, x + radius, y + radius),
            colour,
            mix(colour, scene.sky[2], 0.12),
        )
    soft = bokeh.filter(ImageFilter.GaussianBlur(0.8)).resize(size, Image.Resampling.BILINEAR)
    return ImageChops.screen(picture, soft)


def watercolour(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Wet pigment on paper: wandering edges, blooms, white at the rim."""
    flat = _wobble(render(scene, size), chance, cells=22, amount=0.005)
    paper = Image.new("RGB", size, PAPER)
    edges = _difference(flat).point([255 - min(110, round(v * 0.9)) for v in range(256)])
    blooms = _clouds(size, 7, chance).point([round(205 + v * 0.2) for v in range(256)])
    pigment = ImageChops.multiply(edges, blooms)
    wet = ImageChops.multiply(Image.blend(flat, paper, 0.2), Image.merge("RGB", (pigment,) * 3))
    return Image.composite(wet, paper, _brushed_rim(size, chance))


def _difference(picture: Image.Image) -> Image.Image:
    """Where tones meet: dark lines of pigment that gathered at the edge of a wash."""
    tone = picture.convert("L")
    return ImageChops.difference(tone, tone.filter(ImageFilter.BoxBlur(3)))


def _brushed_rim(size: Size, chance: random.Random) -> Image.Image:
    """A mask that is open in the middle and frayed at the rim, as by a wide dry brush."""
    small = size[0] // 4, size[1] // 4
    inset = round(min(small) * 0.05)
    mask = Image.new("L", small, 0)
    open_box = (inset, inset, small[0] - inset, small[1] - inset)
    ImageDraw.Draw(mask).rectangle(open_box, 255)
    soft = mask.filter(ImageFilter.GaussianBlur(inset * 0.5))
    noise = _clouds(small, 120, chance).point([round(88 + v * 0.31) for v in range(256)])
    frayed = ImageChops.add(soft, noise, 2, 0)
    sharp = frayed.point([max(0, min(255, (v - 118) * 7)) for v in range(256)])
    return sharp.resize(size, Image.Resampling.BICUBIC)


def _wobble(picture: Image.Image, chance: random.Random, cells: int, amount: float) -> Image.Image:
    """The picture seen through uneven glass: a mesh of quads whose corners wander."""
    width, height = picture.size
    reach = min(width, height) * amount
    xs = [round(width * i / cells) for i in range(cells + 1)]
    ys = [round(height * i / cells) for i in range(cells + 1)]
    moved = {
        (x, y): (x + chance.uniform(-reach, reach), y + chance.uniform(-reach, reach))
        for x in xs
        for y in ys
    }
    mesh = []
    for left, right in pairwise(xs):
        for top, foot in pairwise(ys):
            corners = ((left, top), (left, foot), (right, foot), (right, top))
            quad = tuple(value for corner in corners for value in moved[corner])
            mesh.append(((left, top, right, foot), quad))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _clouds(size: Size, cells: int, chance: random.Random) -> Image.Image:
    """Smooth noise with about the given number of blotches across."""
    small = cells, max(1, round(cells * size[1] / size[0]))
    noise = Image.frombytes("L", small, chance.randbytes(small[0] * small[1]))
    return noise.resize(size, Image.Resampling.BICUBIC)


def facets(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Low-poly: the land cut into triangles, the subject set before it."""
    behind = replace(scene, layers=[layer for layer in scene.layers if not layer.is_subject])
    tones = render(behind, (size[0] // 4, size[1] // 4))
    canvas = Image.new("RGB", (size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(canvas)
    columns = max(8, round(34 * size[0] / min(size)))
    rows = max(8, round(34 * size[1] / min(size)))
    corners = _grid(columns, rows, chance)
    for row in range(rows):
        for column in range(columns):
            a, b = corners[row][column], corners[row][column + 1]
            c, d = corners[row + 1][column + 1], corners[row + 1][column]
            halves = ((a, b, c), (a, c, d)) if (row + column) % 2 else ((a, b, d), (b, c, d))
            for triangle in halves:
                colour = _tone(tones, triangle, chance)
                pen.polygon([(x * canvas.width, y * canvas.height) for x, y in triangle], colour)
    paint(canvas, [layer for layer in scene.layers if layer.is_subject], canvas.width / scene.width)
    return canvas.reduce(2)


def _grid(columns: int, rows: int, chance: random.Random) -> list[list[tuple[float, float]]]:
    """The corners of a grid over the unit square, shaken except at the rim."""

    def shaken(index: int, count: int) -> float:
        return (index + (chance.uniform(-0.34, 0.34) if 0 < index < count else 0)) / count

    return [
        [(shaken(column, columns), shaken(row, rows)) for column in range(columns + 1)]
        for row in range(rows + 1)
    ]


def _tone(
    tones: Image.Image, triangle: tuple[tuple[float, float], ...], chance: random.Random
) -> Colour:
    x = sum(point[0] for point in triangle) / 3 * (tones.width - 1)
    y = sum(point[1] for point in triangle) / 3 * (tones.height - 1)
    shade = chance.uniform(-0.07, 0.09)
    target: Colour = (255, 255, 255) if shade > 0 else (0, 0, 0)
    return mix(_pixel(tones, x, y), target, abs(shade))


def brushwork(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Oil: strokes that follow a slow current, broad ones under fine ones."""
    flat = render(scene, size)
    canvas = flat.copy()
    bend = chance.uniform(0, math.tau)
    for brush in (_Brush(0.085, 0.02, 900), _Brush(0.05, 0.011, 1800)):
        _strokes(canvas, flat, brush, bend, chance)
    canvas.paste(flat, (0, 0), _subject_mask(scene, size))
    _strokes(canvas, flat, _Brush(0.02, 0.0042, 4200), bend, chance)
    return canvas


@dataclass(frozen=True)
class _Brush:
    """The length and width of a stroke in short sides of the picture, and how many."""

    length: float
    width: float
    strokes: int


def _strokes(
    canvas: Image.Image, model: Image.Image, brush: _Brush, bend: float, chance: random.Random
) -> None:
    pen, unit = ImageDraw.Draw(canvas), min(canvas.size)
    width = max(1, round(brush.width * unit))
    for _ in range(brush.strokes):
        u, v = chance.random(), chance.random()
        x, y = u * canvas.width, v * canvas.height
        angle = bend + 1.7 * math.sin(3.1 * u + bend) + 1.3 * math.cos(2.7 * v - bend)
        reach = brush.length * unit * chance.uniform(0.3, 0.6)
        dx, dy = reach * math.cos(angle), reach * 0.6 * math.sin(angle)
        tint = _lifted(_pixel(model, x, y), chance.randint(-9, 9))
        pen.line((x - dx, y - dy, x, y + dy * 0.25, x + dx, y + dy), tint, width)


def _pixel(picture: Image.Image, x: float, y: float) -> Colour:
    """The colour at a point, or at the nearest one inside."""
    at = min(picture.width - 1, max(0, int(x))), min(picture.height - 1, max(0, int(y)))
    return cast(Colour, picture.getpixel(at))


def _lifted(colour: Colour, lift: int) -> Colour:
    return colour[0] + lift, colour[1] + lift, colour[2] + lift


def _subject_mask(scene: Scene, size: Size) -> Image.Image:
    """White where the subject stands, black elsewhere."""
    return silhouette([layer for layer in scene.layers if layer.is_subject], size, scene.width)


def pointillism(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Dabs of colour on a dark ground, large ones under small ones."""
    flat = render(scene, size)
    canvas = Image.blend(flat, Image.new("RGB", size, mix(scene.sky[0], (10, 10, 24), 0.4)), 0.3)
    pen, unit = ImageDraw.Draw(canvas), min(size)
    for radius, dabs in ((0.011, 3600), (0.007, 6000)):
        for _ in range(dabs):
            x, y = chance.random() * size[0], chance.random() * size[1]
            tint = _lifted(_pixel(flat, x, y), chance.randint(-16, 20))
            reach = radius * unit * chance.uniform(0.6, 1)
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), tint)
    canvas.paste(Image.blend(canvas, flat, 0.75), (0, 0), _subject_mask(scene, size))
    return canvas


def engraving(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """One ink on tinted paper: lines that swell where the scene is dark."""
    flat = render(scene, size)
    tone = ImageOps.equalize(flat.convert("L").filter(ImageFilter.BoxBlur(1)))
    tone = tone.point([round(96 + v * 0.62) for v in range(256)])
    lines = ImageChops.subtract(tone, _line_screen(size, round(min(size) / 110)), 1, 128)
    ink = lines.point([max(0, min(255, 128 + (v - 128) * 4)) for v in range(256)])
    tint = Image.blend(flat, Image.new("RGB", size, PAPER), 0.5)
    return Image.composite(tint, Image.new("RGB", size, mix(scene.sky[0], (14, 16, 36), 0.75)), ink)


def _line_screen(size: Size, pitch: int) -> Image.Image:
    """Horizontal lines that pass softly from dark to light and back."""
    wave = Image.new("L", (1, pitch))
    wave.putdata([round(128 - 112 * math.cos(math.tau * i / pitch)) for i in range(pitch)])
    column = Image.new("L", (1, size[1]))
    for top in range(0, size[1], pitch):
        column.paste(wave, (0, top))
    return column.resize(size, Image.Resampling.NEAREST)


def papercut(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Sheets of cut paper, each with its shadow on the one below."""
    canvas = gradient([mix(colour, PAPER, 0.12) for colour in scene.sky], size).resize(
        (size[0] * 2, size[1] * 2), Image.Resampling.NEAREST
    )
    scale = canvas.width / scene.width
    for sheet in _sheets(scene):
        _cast_shadow(canvas, sheet, scene.width)
        paint(canvas, sheet, scale)
    return canvas.reduce(2)


def _sheets(scene: Scene) -> list[list[Layer]]:
    """The solid parts of the scene in at most six sheets, from back to front."""
    solid = [
        replace(layer, shapes=[shape for shape in layer.shapes if not isinstance(shape, Glow)])
        for layer in scene.layers
    ]
    per_sheet = math.ceil(len(solid) / MAX_SHEETS)
    return [solid[start : start + per_sheet] for start in range(0, len(solid), per_sheet)]


def _cast_shadow(canvas: Image.Image, sheet: list[Layer], scene_width: float) -> None:
    small = canvas.width // 8, canvas.height // 8
    shape = silhouette(sheet, small, scene_width).filter(ImageFilter.GaussianBlur(2))
    fallen = ImageChops.offset(shape.point([round(v * 0.36) for v in range(256)]), 1, 2)
    mask = fallen.resize(canvas.size, Image.Resampling.BILINEAR)
    canvas.paste(SHADOW, (0, 0, *canvas.size), mask)


def mosaic(scene: Scene, size: Size, chance: random.Random) -> Image.Image:
    """Small hexagonal tiles in grout."""
    tones = render(scene, (size[0] // 4, size[1] // 4))
    canvas = Image.new("RGB", (size[0] * 2, size[1] * 2), mix(scene.sky[0], (20, 20, 30), 0.6))
    pen, radius = ImageDraw.Draw(canvas), min(size) / 56
    across, down = radius * math.sqrt(3), radius * 1.5
    turns = [math.tau * corner / 6 for corner in range(6)]
    tile = [(radius * 0.94 * math.sin(turn), radius * 0.94 * math.cos(turn)) for turn in turns]
    for row in range(int(canvas.height / down) + 2):
        for column in range(int(canvas.width / across) + 2):
            x, y = (column + 0.5 * (row % 2)) * across, row * down
            tint = _lifted(_pixel(tones, x / 8, y / 8), chance.randint(-10, 10))
            pen.polygon([(x + dx, y + dy) for dx, dy in tile], tint)
    return canvas.reduce(2)


_DABBING_MODELS = ("flux-2", "flux-pro", "flux-dev")
_OWN: Mapping[str, Style] = {
    "openai": poster,
    "google": dream,
    "bedrock": watercolour,
    "stability": facets,
    "bfl": brushwork,
    "recraft": engraving,
    "qwen": papercut,
    "generic": mosaic,
}


def style_of(provider: str, model: str) -> Style:
    """Return the style of a provider's model; one that has none of its own is dealt one."""
    if model.startswith(_DABBING_MODELS):
        return pointillism
    dealt = tuple(_OWN.values())[zlib.crc32(provider.encode()) % len(_OWN)]
    return _OWN.get(provider, dealt)
