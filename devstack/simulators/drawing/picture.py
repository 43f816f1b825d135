"""A picture from its specification: drawn, styled, captioned, encoded."""

from __future__ import annotations

import hashlib
import io
import random
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from devstack.simulators.drawing.scene import draw_scene
from devstack.simulators.drawing.styles import STYLES
from devstack.simulators.faults import without_marks

BOMB_EDGE: Final = 30_000
MAX_DRAWN_PIXELS: Final = 1_300_000
KEPT_PICTURES: Final = 96
NOTICE = "SIMULATED"
MIN_STRIP, STRIP_SHARE = 18, 0.045
SHADE = (12, 14, 20)
INK = (255, 255, 255)
_ENCODINGS = {
    "png": {"compress_level": 1},
    "webp": {"quality": 88, "method": 0},
    "jpeg": {"quality": 90},
}


@dataclass(frozen=True)
class PictureSpec:
    """A picture to draw: in whose style and name, of what, how large, and in which format."""

    style: str
    model: str
    prompt: str
    width: int
    height: int
    seed: int = 0
    format: str = "png"

    @property
    def content_type(self) -> str:
        """The media type of the finished picture."""
        return f"image/{self.format}"


@lru_cache(maxsize=KEPT_PICTURES)
def draw(spec: PictureSpec) -> bytes:
    """Return the finished picture in the asked size and format."""
    subject = without_marks(spec.prompt)
    told = f"{spec.model}\0{spec.seed}\0{subject}".encode(errors="replace")
    rng = random.Random(hashlib.sha256(told).digest())
    drawn = draw_scene(subject, _drawn_size(spec.width, spec.height), rng).picture()
    picture = STYLES[spec.style](drawn, rng)
    if picture.size != (spec.width, spec.height):
        picture = picture.resize((spec.width, spec.height), Image.Resampling.BICUBIC)
    _add_caption(picture, spec.model)
    encoded = io.BytesIO()
    picture.save(encoded, spec.format.upper(), **_ENCODINGS[spec.format])
    return encoded.getvalue()


def _drawn_size(width: int, height: int) -> tuple[int, int]:
    """Return the size to draw at: about one megapixel at most, enlarged afterwards."""
    scale = min(1.0, (MAX_DRAWN_PIXELS / (width * height)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _add_caption(picture: Image.Image, model: str) -> None:
    """Write on a darkened strip which model the picture stands for, and that it is simulated."""
    strip = max(MIN_STRIP, round(min(picture.size) * STRIP_SHARE))
    box = (0, picture.height - strip, picture.width, picture.height)
    foot = picture.crop(box)
    picture.paste(Image.blend(foot, Image.new("RGB", foot.size, SHADE), 0.62), box)
    pen, font = ImageDraw.Draw(picture), _font(round(strip * 0.56))
    middle, margin = picture.height - strip / 2, strip * 0.5
    pen.text((picture.width - margin, middle), NOTICE, INK, font, anchor="rm")
    room = picture.width - 3 * margin - font.getlength(NOTICE)
    while model and font.getlength(model) > room:
        model = model[:-1]
    pen.text((margin, middle), model, INK, font, anchor="lm")


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@lru_cache(maxsize=1)
def picture_bomb() -> bytes:
    """Return a small, valid PNG that decodes to 900 megapixels."""
    header = BOMB_EDGE.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    row = bytes(1 + (BOMB_EDGE + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(BOMB_EDGE)) + packer.flush()
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + checksum
