"""A picture as heavy as the real ones, and as much work to shrink."""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO

from PIL import Image, ImageChops

SIDE = 1024
TEXTURE_SIDE, TEXTURE_LEVELS = 256, 40
"""Details of this coarseness survive shrinking, so that thumbnails weigh what real ones do."""
GRAIN = {1.5: 5, 2.0: 18}
"""Levels of film grain that make the PNG that many megabytes heavy."""


@cache
def photograph(megabytes: float = 1.5) -> bytes:
    """A PNG of 1024 × 1024 pixels and 1.5 or 2.0 megabytes; always the same bytes."""
    dice = random.Random(7)
    texture = _noise(dice, TEXTURE_SIDE, TEXTURE_LEVELS).resize(
        (SIDE, SIDE), Image.Resampling.BICUBIC
    )
    out = BytesIO()
    ImageChops.add(texture, _noise(dice, SIDE, GRAIN[megabytes])).save(out, "PNG")
    return out.getvalue()


def _noise(dice: random.Random, side: int, levels: int) -> Image.Image:
    scaled = bytes(value * levels // 256 for value in range(256))
    return Image.frombytes("RGB", (side, side), dice.randbytes(side * side * 3).translate(scaled))
