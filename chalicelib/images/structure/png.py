"""PNG: chunks, each with its length and its checksum, from IHDR to IEND."""

import struct
import zlib
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

MAGIC = b"\x89PNG\r\n\x1a\n"
MAX_UNPACKED = 16 * 1024 * 1024
"""Bytes that all texts and profiles of one file may unpack to."""
_STEP = 64 * 1024
_OVERHEAD = 12
"""Length, kind and checksum of a chunk."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""By colour type."""


def canvas(data: bytes) -> Canvas:
    """Return the size and orientation; raise BadImage where the structure is broken."""
    width = height = pixels = unpacked = 0
    turned = exif.UPRIGHT
    for number, (kind, body) in enumerate(_chunks(data)):
        check_parts(number)
        if (kind == b"IHDR") != (number == 0):
            raise BadImage("a PNG whose header is not in its place")
        if kind == b"IHDR":
            width, height = _header(body)
        elif kind == b"IDAT":
            pixels += len(body)
        elif kind == b"acTL":
            raise BadImage(ANIMATION)
        elif kind == b"eXIf":
            turned = exif.orientation(bytes(body))
        elif kind in (b"iCCP", b"zTXt", b"iTXt"):
            unpacked += _unpacked(_packed(kind, bytes(body)), MAX_UNPACKED - unpacked)
    if not pixels:
        raise BadImage("a PNG without pixels")
    return Canvas(width, height, turned)


def text(data: bytes, keyword: str) -> str:
    """Return the text that a whole PNG has under a keyword, if it is there and is not packed.

    Raise BadImage where the structure is broken before it.
    """
    begins = keyword.encode("latin-1") + b"\0\0\0"
    found = (bytes(body) for kind, body in _chunks(data) if kind == b"iTXt")
    body = next((body for body in found if body.startswith(begins)), b"\0\0")
    # After the keyword's flags: its language, its translation, and then the text.
    return body.removeprefix(begins).split(b"\0", 2)[-1].decode(errors="replace")


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield every chunk up to IEND, each checked."""
    view, at, kind = memoryview(data), len(MAGIC), b""
    while kind != b"IEND":
        if at + _OVERHEAD > len(data):
            raise BadImage("a PNG that is cut off")
        size, kind = struct.unpack_from(">I4s", data, at)
        end = at + size + _OVERHEAD
        if end > len(data):
            raise BadImage("a PNG that is cut off")
        (told,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(view[at + 4 : end - 4]) != told:
            raise BadImage("a PNG with a wrong checksum")
        yield kind, view[at + 8 : end - 4]
        at = end
    check_end(data, at, "PNG")


def _header(body: memoryview) -> tuple[int, int]:
    if len(body) != 13:
        raise BadImage("a PNG with a broken header")
    width, height, depth, colour = struct.unpack_from(">IIBB", body)
    if depth not in _DEPTHS.get(colour, ()):
        raise BadImage("a PNG with a broken header")
    check_pixels(width, height)
    return width, height


def _packed(kind: bytes, body: bytes) -> bytes:
    """Return the compressed part of a text or profile, empty where there is none."""
    _, _, rest = body.partition(b"\0")
    if kind != b"iTXt":
        return rest[1:]
    compressed, rest = rest[:1] == b"\1", rest[2:]
    return rest.split(b"\0", 2)[-1] if compressed else b""


def _unpacked(packed: bytes, limit: int) -> int:
    """Return how many bytes this unpacks to; raise BadImage above the limit."""
    unpacker, size = zlib.decompressobj(), 0
    try:
        while packed:
            size += len(unpacker.decompress(packed, _STEP))
            packed = unpacker.unconsumed_tail
            if size > limit:
                raise BadImage(f"a PNG whose texts are larger than {MAX_UNPACKED} bytes")
    except zlib.error:
        return size
    return size
