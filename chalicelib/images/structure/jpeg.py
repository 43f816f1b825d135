"""JPEG: markers from SOI to EOI, between them segments of known length and compressed scans."""

import re
import struct
from dataclasses import dataclass

from chalicelib.images.structure import exif
from chalicelib.images.structure.base import (
    PADDING,
    BadImage,
    Canvas,
    check_end,
    check_parts,
    check_pixels,
)

MAGIC = b"\xff\xd8\xff"
_MAX_SCANS = 100
"""Progressive pictures have about ten; each costs a pass over all pixels."""
_SOI, _EOI, _SOS, _EXIF, _MPF = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2
_FRAMES = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)
"""Baseline, extended and progressive."""
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF)
"""Lossless and hierarchical ones, which no browser shows."""
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends compressed data: neither a stuffed byte, nor a fill byte, nor a restart."""


@dataclass
class _Read:
    """What is known of one picture while its markers are read."""

    width: int = 0
    height: int = 0
    orientation: int = exif.UPRIGHT
    scans: int = 0
    has_others: bool = False


def canvas(data: bytes) -> Canvas:
    """Return the size and orientation; raise BadImage where the structure is broken.

    Further pictures may follow where the first one announces them (multi-picture format).
    """
    first, at = _picture(data, 0)
    while first.has_others and data.startswith(MAGIC, at := _behind_padding(data, at)):
        _, at = _picture(data, at)
    check_end(data, at, "JPEG")
    return Canvas(first.width, first.height, first.orientation)


def _picture(data: bytes, at: int) -> tuple[_Read, int]:
    """Read one picture from its SOI; return it and the position behind its EOI."""
    found, at, parts = _Read(), at + 2, 0
    while True:
        at, marker = _marker(data, at)
        parts += 1
        check_parts(parts)
        if marker == _EOI:
            break
        (size,) = struct.unpack_from(">H", data, at)
        end = at + size
        if size < 2 or end > len(data):
            raise BadImage("a JPEG that is cut off")
        _note(found, marker, data[at + 2 : end])
        at = _behind_scan(data, end) if marker == _SOS else end
    if not found.scans:
        raise BadImage("a JPEG without pixels")
    return found, at


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the position behind the next marker and the marker; fill bytes may stand before it."""
    begin = at
    while data[at] == 0xFF:
        at += 1
    if at == begin or data[at] in (0x00, _SOI):
        raise BadImage("a JPEG with a broken marker")
    check_parts(at - begin)
    return at + 1, data[at]


def _note(found: _Read, marker: int, body: bytes) -> None:
    if marker in _OTHER_FRAMES:
        raise BadImage("a JPEG of a kind that browsers do not show")
    if marker in _FRAMES:
        if found.width:
            raise BadImage("a JPEG of two frames")
        _, found.height, found.width = struct.unpack_from(">BHH", body)
        check_pixels(found.width, found.height)
    elif marker == _SOS:
        found.scans += 1
        if not found.width:
            raise BadImage("a JPEG whose pixels come before its header")
        if found.scans > _MAX_SCANS:
            raise BadImage("a JPEG of too many scans")
    elif marker == _EXIF and body.startswith(b"Exif\0\0") and not found.scans:
        found.orientation = exif.orientation(body)
    elif marker == _MPF and body.startswith(b"MPF\0"):
        found.has_others = True


def _behind_scan(data: bytes, at: int) -> int:
    found = _MARKER.search(data, at)
    if found is None:
        raise BadImage("a JPEG that is cut off")
    return found.start()


def _behind_padding(data: bytes, at: int) -> int:
    while data[at : at + 1] and data[at : at + 1] in PADDING:
        at += 1
    return at
