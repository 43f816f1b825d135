"""WebP: chunks in a RIFF container whose sizes have to add up."""

import struct
from collections.abc import Iterator

from chalicelib.images.structure import exif
from chalicelib.images.structure.base import (
    ANIMATION,
    BadImage,
    Canvas,
    check_end,
    check_parts,
    check_pixels,
)

_HEADER = 12
_ANIMATED = 0x02
_LOSSLESS_MARK = 0x2F
_START_CODE = b"\x9d\x01\x2a"
_SIDE = 0x3FFF
"""The fourteen bits of a side."""


def is_webp(data: bytes) -> bool:
    """Return whether the bytes begin as WebP does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def canvas(data: bytes) -> Canvas:
    """Return the size and orientation; raise BadImage where the structure is broken."""
    end = int.from_bytes(data[4:8], "little") + 8
    check_end(data, end, "WebP")
    extended: tuple[int, int] | None = None
    frame: tuple[int, int] | None = None
    turned = exif.UPRIGHT
    for number, (kind, body) in enumerate(_chunks(data, end)):
        check_parts(number)
        if kind == b"VP8X" and number == 0:
            extended = _extended(body)
        elif kind in (b"ANIM", b"ANMF"):
            raise BadImage(ANIMATION)
        elif kind in (b"VP8 ", b"VP8L") and frame is None:
            frame = _lossy(body) if kind == b"VP8 " else _lossless(body)
        elif kind == b"EXIF" and extended:
            turned = exif.orientation(bytes(body))
    if frame is None:
        raise BadImage("a WebP without pixels")
    if extended not in (None, frame):
        raise BadImage("a WebP whose canvas is not filled")
    return Canvas(*frame, turned)


def _chunks(data: bytes, end: int) -> Iterator[tuple[bytes, memoryview]]:
    view, at = memoryview(data), _HEADER
    while at < end:
        kind, size = struct.unpack_from("<4sI", data, at)
        begin, at = at + 8, at + 8 + size + size % 2
        if at > end:
            raise BadImage("a WebP with a broken chunk")
        yield kind, view[begin : begin + size]


def _extended(body: memoryview) -> tuple[int, int]:
    if len(body) < 10:
        raise BadImage("a WebP with a broken header")
    if body[0] & _ANIMATED:
        raise BadImage(ANIMATION)
    width = int.from_bytes(body[4:7], "little") + 1
    height = int.from_bytes(body[7:10], "little") + 1
    check_pixels(width, height)
    return width, height


def _lossy(body: memoryview) -> tuple[int, int]:
    tag = int.from_bytes(body[:3], "little")
    shown_alone = not tag & 1
    if not shown_alone or body[3:6] != _START_CODE or tag >> 5 > len(body) - 10:
        raise BadImage("a WebP with a broken header")
    width, height = struct.unpack_from("<HH", body, 6)
    check_pixels(width & _SIDE, height & _SIDE)
    return width & _SIDE, height & _SIDE


def _lossless(body: memoryview) -> tuple[int, int]:
    mark, bits = struct.unpack_from("<BI", body)
    if mark != _LOSSLESS_MARK or bits >> 29:
        raise BadImage("a WebP with a broken header")
    width, height = (bits & _SIDE) + 1, (bits >> 14 & _SIDE) + 1
    check_pixels(width, height)
    return width, height
