"""From a scene to pixels: shapes drawn at twice the size and averaged, so that edges are smooth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

from devstack.simulators.drawing.shapes import (
    Colour,
    Ellipse,
    Glow,
    Haze,
    Layer,
    Polygon,
    Scene,
    Shape,
)

OVERSAMPLING = 2
_RADIAL = Image.radial_gradient("L").point(
    [round(255 * max(0.0, 1 - distance / 181) ** 2) for distance in range(256)]
)
_DISC = Image.radial_gradient("L").point([255 * (distance < 181) for distance in range(256)])


def render(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """The scene in flat colours."""
    canvas = gradient(scene.sky, (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
    paint(canvas, scene.layers, canvas.width / scene.width)
    return canvas.reduce(OVERSAMPLING)


def paint(canvas: Image.Image, layers: Iterable[Layer], scale: float) -> None:
    """Paints the layers onto the canvas, from back to front."""
    pen = ImageDraw.Draw(canvas)
    for layer in layers:
        for shape in layer.shapes:
            fill(canvas, pen, shape, scale)


def silhouette(layers: Iterable[Layer], size: tuple[int, int], scene_width: float) -> Image.Image:
    """White where the layers have solid shapes, black elsewhere."""
    mask = Image.new("L", size)
    pen, scale = ImageDraw.Draw(mask), size[0] / scene_width
    for layer in layers:
        for shape in layer.shapes:
            if isinstance(shape, Polygon | Ellipse):
                outline(pen, shape, scale, 255)
    return mask


def gradient(stops: Sequence[Colour], size: tuple[int, int]) -> Image.Image:
    """A picture that passes evenly from the first colour at the top to the last at the foot."""
    column = Image.new("RGB", (1, len(stops)))
    column.putdata(list(stops))
    box = (0.0, 0.5, 1.0, len(stops) - 0.5)
    return column.resize((1, size[1]), Image.Resampling.BILINEAR, box).resize(
        size, Image.Resampling.NEAREST
    )


def fill(canvas: Image.Image, pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    """Fills one shape."""
    match shape:
        case Glow():
            _shine(canvas, shape, scale)
        case Haze():
            _veil(canvas, shape, scale)
        case _:
            outline(pen, shape, scale, shape.colour)


def outline(
    pen: ImageDraw.ImageDraw, shape: Polygon | Ellipse, scale: float, colour: Colour | int
) -> None:
    """Fills a solid shape in the given colour."""
    if isinstance(shape, Polygon):
        pen.polygon([(x * scale, y * scale) for x, y in shape.points], colour)
        return
    left, top = (shape.x - shape.across) * scale, (shape.y - shape.down) * scale
    right, foot = left + 2 * shape.across * scale, top + 2 * shape.down * scale
    pen.ellipse((left, top, right, foot), colour)


def _shine(canvas: Image.Image, glow: Glow, scale: float) -> None:
    """Lights only what the canvas shows: a large glow is mostly outside it."""
    left, top = round((glow.x - glow.radius) * scale), round((glow.y - glow.radius) * scale)
    edge = max(1, round(2 * glow.radius * scale))
    seen = max(0, left), max(0, top), min(canvas.width, left + edge), min(canvas.height, top + edge)
    if seen[0] >= seen[2] or seen[1] >= seen[3]:
        return
    light = _DISC if glow.is_flat else _RADIAL
    faded = light.point([round(value * glow.strength) for value in range(256)])
    share = light.width / edge
    corner = (seen[0] - left) * share, (seen[1] - top) * share
    size = seen[2] - seen[0], seen[3] - seen[1]
    box = (*corner, corner[0] + size[0] * share, corner[1] + size[1] * share)
    canvas.paste(glow.colour, seen, faded.resize(size, Image.Resampling.BILINEAR, box))


def _veil(canvas: Image.Image, haze: Haze, scale: float) -> None:
    top, foot = round(haze.top * scale), round(haze.foot * scale)
    column = Image.linear_gradient("L").resize((1, max(1, foot - top)))
    faded = column.point([round(value * haze.strength) for value in range(256)])
    mask = faded.resize((canvas.width, faded.height), Image.Resampling.NEAREST)
    canvas.paste(haze.colour, (0, top, canvas.width, top + mask.height), mask)
