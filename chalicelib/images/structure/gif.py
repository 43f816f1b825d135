"""GIF: a screen, then blocks of known length up to the trailer."""

import struct

from chalicelib.images.structure.base import (
    ANIMATION,
    BadImage,
    Canvas,
    check_end,
    check_parts,
    check_pixels,
)

MAGICS = (b"GIF87a", b"GIF89a")
_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, 0x3B
_MAX_SUB_BLOCKS = 140_000
"""32 MiB in sub-blocks of 255 bytes."""


def canvas(data: bytes) -> Canvas:
    """Return the size; raise BadImage where the structure is broken or holds two frames.

    A frame that is larger than the screen enlarges it, as in browsers.
    """
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    at = 13 + _table(packed)
    frames = parts = 0
    while (kind := data[at]) != _TRAILER:
        parts += 1
        check_parts(parts)
        if kind == _EXTENSION:
            at = _behind_sub_blocks(data, at + 2)
        elif kind == _FRAME:
            frames += 1
            left, top, across, down, packed = struct.unpack_from("<HHHHB", data, at + 1)
            check_pixels(across, down)
            width, height = max(width, left + across), max(height, top + down)
            at = _behind_sub_blocks(data, at + 11 + _table(packed))
        else:
            raise BadImage("a GIF with a broken block")
    check_end(data, at + 1, "GIF")
    if frames > 1:
        raise BadImage(ANIMATION)
    if not frames:
        raise BadImage("a GIF without pixels")
    check_pixels(width, height)
    return Canvas(width, height)


def _table(packed: int) -> int:
    """Return the bytes of the colour table that a packed field announces."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _behind_sub_blocks(data: bytes, at: int) -> int:
    for _ in range(_MAX_SUB_BLOCKS):
        size = data[at]
        at += 1 + size
        if not size:
            return at
    raise BadImage("a GIF of too many blocks")
