"""AVIF: boxes that fill the file; the primary item's properties tell its size and its turn."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.images.structure.base import (
    ANIMATION,
    PADDING,
    BadImage,
    Canvas,
    check_parts,
    check_pixels,
)

_STILL = b"avif"
_OTHER_NAMES = (b"mif1", b"miaf", b"MA1A", b"MA1B", b"avio")
"""What an AVIF may be called first, where it is one among others."""
_MOST_BRANDS = 256
_TURNED = {0: 1, 1: 8, 2: 3, 3: 6}
"""EXIF orientation by quarter turns against the clock."""
_MIRRORED = {0: (4, 2), 1: (5, 7), 2: (2, 4), 3: (7, 5)}
"""The same, with a mirror at the horizontal or at the vertical axis."""


@dataclass(frozen=True)
class _Box:
    kind: bytes
    body: memoryview


def is_avif(data: bytes) -> bool:
    """Return whether the bytes begin as a still AVIF does."""
    if data[4:8] != b"ftyp":
        return False
    major, end = data[8:12], min(int.from_bytes(data[:4], "big"), _MOST_BRANDS)
    brands = [data[at : at + 4] for at in range(16, end, 4)]
    return major == _STILL or (major in _OTHER_NAMES and _STILL in brands)


def named_plainly(data: bytes) -> bytes:
    """Return the file under the one name that every decoder knows."""
    return data[:8] + _STILL + data[12:]


def canvas(data: bytes) -> Canvas:
    """Return the size and orientation; raise BadImage where the structure is broken."""
    boxes = list(_boxes(memoryview(data)))
    if sum(box.kind == b"ftyp" for box in boxes) > 1:
        raise BadImage("an AVIF that something else follows")
    if any(box.kind == b"moov" for box in boxes):
        raise BadImage(ANIMATION)
    meta = _one(boxes, b"meta").body[4:]
    inner = list(_boxes(meta))
    item = _primary(_one(inner, b"pitm").body)
    properties = list(_boxes(_one(inner, b"iprp").body))
    known = list(_boxes(_one(properties, b"ipco").body))
    sizes = [struct.unpack_from(">II", box.body, 4) for box in known if box.kind == b"ispe"]
    for size in sizes:
        check_pixels(*size)
    own = [known[i - 1] for i in _associated(_one(properties, b"ipma").body, item)]
    width, height = struct.unpack_from(">II", _one(own, b"ispe").body, 4)
    if not {box.kind for box in (*boxes, *inner)} & {b"mdat", b"idat"}:
        raise BadImage("an AVIF without pixels")
    return Canvas(width, height, _orientation(own))


def _boxes(view: memoryview) -> Iterator[_Box]:
    at = count = 0
    while at < len(view):
        size, kind = struct.unpack_from(">I4s", bytes(view[at : at + 8]).ljust(8, b"\0"))
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", view, at + 8)
            header = 16
        if size < header or at + size > len(view):
            if not bytes(view[at:]).strip(PADDING):
                return
            raise BadImage("an AVIF that is cut off, or that something else follows")
        yield _Box(kind, view[at + header : at + size])
        at += size
        count += 1
        check_parts(count)


def _one(boxes: list[_Box], kind: bytes) -> _Box:
    found = next((box for box in boxes if box.kind == kind), None)
    if found is None:
        raise BadImage(f"an AVIF without {kind.decode()}")
    return found


def _primary(body: memoryview) -> int:
    (item,) = struct.unpack_from(">I" if body[0] else ">H", body, 4)
    return int(item)


def _associated(body: memoryview, item: int) -> list[int]:
    """Return the numbers, from 1, of an item's properties."""
    version, wide = body[0], body[3] & 1
    (entries,) = struct.unpack_from(">I", body, 4)
    check_parts(entries)
    at, id_form, step = 8, ">I" if version else ">H", 2 if wide else 1
    for _ in range(entries):
        (of_item,) = struct.unpack_from(id_form, body, at)
        at += 4 if version else 2
        count, at = body[at], at + 1
        raw = [int.from_bytes(body[at + n * step : at + (n + 1) * step]) for n in range(count)]
        if of_item == item:
            return [number for value in raw if (number := value & (0x7FFF if wide else 0x7F))]
        at += count * step
    return []


def _orientation(properties: list[_Box]) -> int:
    angle = next((box.body[0] & 3 for box in properties if box.kind == b"irot"), 0)
    axis = next((box.body[0] & 1 for box in properties if box.kind == b"imir"), None)
    return _TURNED[angle] if axis is None else _MIRRORED[angle][axis]
