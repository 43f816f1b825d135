"""The picture of a commission: composed, rendered, captioned, encoded."""

from __future__ import annotations

import hashlib
import io
import random
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image

from devstack.simulators.drawing.caption import add_caption
from devstack.simulators.drawing.scene import compose
from devstack.simulators.drawing.shapes import Scene
from devstack.simulators.drawing.styles import style_of
from devstack.simulators.drawing.svg import to_svg
from devstack.simulators.faults import without_marks

BOMB_EDGE: Final = 30_000
MAX_DRAWN_PIXELS: Final = 1_300_000
KEPT_PICTURES: Final = 96
SVG: Final = "svg"


@dataclass(frozen=True)
class Commission:
    """A picture to draw: whose, of what, how large, and in which format."""

    provider: str
    model: str
    prompt: str
    width: int
    height: int
    seed: int = 0
    format: str = "png"

    @property
    def content_type(self) -> str:
        """The media type of the finished picture."""
        return "image/svg+xml" if self.format == SVG else f"image/{self.format}"


@lru_cache(maxsize=KEPT_PICTURES)
def draw(commission: Commission) -> bytes:
    """The finished picture in the commission's size and format."""
    subject = without_marks(commission.prompt)
    chance = random.Random(_digest(subject, commission.model, commission.seed))
    scene = compose(subject, commission.width / commission.height, chance)
    if commission.format == SVG:
        return to_svg(scene, commission.width, commission.height, commission.model)
    return _encode(_painted(commission, scene, chance), commission.format)


def _painted(commission: Commission, scene: Scene, chance: random.Random) -> Image.Image:
    size = commission.width, commission.height
    drawn = _drawn_size(*size)
    picture = style_of(commission.provider, commission.model)(scene, drawn, chance)
    if drawn != size:
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    add_caption(picture, commission.model)
    return picture


def _digest(subject: str, model: str, seed: int) -> bytes:
    return hashlib.sha256(f"{model}\0{seed}\0{subject}".encode(errors="replace")).digest()


def _drawn_size(width: int, height: int) -> tuple[int, int]:
    """A very large picture is drawn at about one megapixel and enlarged."""
    scale = min(1.0, (MAX_DRAWN_PIXELS / (width * height)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _encode(picture: Image.Image, picture_format: str) -> bytes:
    encoded = io.BytesIO()
    if picture_format == "png":
        picture.save(encoded, "PNG", compress_level=1)
    elif picture_format == "webp":
        picture.save(encoded, "WEBP", quality=88, method=0)
    else:
        picture.save(encoded, "JPEG", quality=90)
    return encoded.getvalue()


@lru_cache(maxsize=1)
def picture_bomb() -> bytes:
    """A small, valid PNG that decodes to 900 megapixels."""
    header = BOMB_EDGE.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    row = bytes(1 + (BOMB_EDGE + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(BOMB_EDGE)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", pixels)
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + checksum
