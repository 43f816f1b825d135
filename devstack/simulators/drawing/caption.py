"""The caption strip: which model the picture stands for, and that it is simulated."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

STRIP_SHARE = 0.045
MIN_STRIP = 18
INK = (255, 255, 255)
SHADE = (12, 14, 20)
SHADE_SHARE = 0.62
NOTICE = "SIMULATED"


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def add_caption(picture: Image.Image, model: str) -> None:
    """Darkens a strip at the foot of the picture and writes the caption on it."""
    strip = max(MIN_STRIP, round(min(picture.size) * STRIP_SHARE))
    box = (0, picture.height - strip, picture.width, picture.height)
    foot = picture.crop(box)
    picture.paste(Image.blend(foot, Image.new("RGB", foot.size, SHADE), SHADE_SHARE), box)
    pen = ImageDraw.Draw(picture)
    font = _font(round(strip * 0.56))
    middle, margin = picture.height - strip / 2, strip * 0.5
    pen.text((picture.width - margin, middle), NOTICE, INK, font, anchor="rm")
    room = picture.width - 3 * margin - font.getlength(NOTICE)
    pen.text((margin, middle), _fitted(model, font, room), INK, font, anchor="lm")


def _fitted(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: float) -> str:
    """As much of the text as there is room for."""
    while text and font.getlength(text) > room:
        text = text[:-1]
    return text
