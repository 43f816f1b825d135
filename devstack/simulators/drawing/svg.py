"""A scene as a vector drawing, for the models that answer with SVG."""

from __future__ import annotations

from html import escape

from devstack.simulators.drawing.caption import INK, NOTICE, SHADE
from devstack.simulators.drawing.shapes import Colour, Ellipse, Glow, Haze, Polygon, Scene, Shape


def to_svg(scene: Scene, width: int, height: int, model: str) -> bytes:
    """The scene and its caption as one SVG document of the given size."""
    stops = "".join(
        f'<stop offset="{index / (len(scene.sky) - 1):.2f}" stop-color="{_hex(colour)}"/>'
        for index, colour in enumerate(scene.sky)
    )
    drawn = "".join(_element(shape, scene) for layer in scene.layers for shape in layer.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {scene.width:.4f} {scene.height:.4f}">'
        f'<defs><linearGradient id="sky" x2="0" y2="1">{stops}</linearGradient></defs>'
        f'<rect width="100%" height="100%" fill="url(#sky)"/>{drawn}'
        f"{_caption(scene, model)}</svg>"
    ).encode()


def _element(shape: Shape, scene: Scene) -> str:
    match shape:
        case Polygon(points, colour):
            listed = " ".join(f"{x:.4f},{y:.4f}" for x, y in points)
            return f'<polygon points="{listed}" fill="{_hex(colour)}"/>'
        case Ellipse(x, y, across, down, colour):
            return _ellipse(x, y, across, down, colour, 1.0)
        case Glow(x, y, radius, colour, strength):
            reach = radius * 0.6
            return _ellipse(x, y, reach, reach, colour, strength * 0.4)
        case Haze(top, foot, colour, strength):
            return (
                f'<rect y="{top:.4f}" width="{scene.width:.4f}" height="{foot - top:.4f}" '
                f'fill="{_hex(colour)}" opacity="{strength * 0.3:.2f}"/>'
            )


def _ellipse(x: float, y: float, across: float, down: float, colour: Colour, opacity: float) -> str:
    return (
        f'<ellipse cx="{x:.4f}" cy="{y:.4f}" rx="{across:.4f}" ry="{down:.4f}" '
        f'fill="{_hex(colour)}" opacity="{opacity:.2f}"/>'
    )


def _caption(scene: Scene, model: str) -> str:
    top = scene.height - 0.045
    text = f'y="{scene.height - 0.014:.4f}" font-family="sans-serif" font-size="0.026"'
    return (
        f'<rect y="{top:.4f}" width="{scene.width:.4f}" height="0.045" fill="{_hex(SHADE)}" '
        f'opacity="0.62"/><g fill="{_hex(INK)}"><text x="0.02" {text}>{escape(model)}</text>'
        f'<text x="{scene.width - 0.02:.4f}" text-anchor="end" {text}>{NOTICE}</text></g>'
    )


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
