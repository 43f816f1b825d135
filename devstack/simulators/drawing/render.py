"""From a scene to pixels: shapes drawn at twice the size and averaged, so that edges are smooth."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from devstack.simulators.drawing.shapes import Colour, Ellipse, Scene, Shape

OVERSAMPLING = 2


def render(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """The scene in flat colours."""
    large = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
    canvas = gradient(scene.sky, large)
    pen = ImageDraw.Draw(canvas)
    scale = large[0] / scene.width
    for layer in scene.layers:
        for shape in layer:
            fill(pen, shape, scale)
    return canvas.reduce(OVERSAMPLING)


def gradient(stops: Sequence[Colour], size: tuple[int, int]) -> Image.Image:
    """A picture that passes evenly from the first colour at the top to the last at the foot."""
    column = Image.new("RGB", (1, len(stops)))
    column.putdata(list(stops))
    half = 0.5
    box = (0.0, half, 1.0, len(stops) - half)
    tall = column.resize((1, size[1]), Image.Resampling.BILINEAR, box)
    return tall.resize(size, Image.Resampling.NEAREST)


def fill(pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    """Fills one shape."""
    if isinstance(shape, Ellipse):
        x, y = shape.x * scale, shape.y * scale
        across, down = shape.across * scale, shape.down * scale
        pen.ellipse((x - across, y - down, x + across, y + down), shape.colour)
    else:
        pen.polygon([(x * scale, y * scale) for x, y in shape.points], shape.colour)
