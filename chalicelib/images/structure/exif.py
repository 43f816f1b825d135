"""The one thing that EXIF says about a picture's shape: how it has to be turned."""

import struct

_ORIENTATION = 0x0112
_ENTRY_BYTES = 12
_MARK = b"Exif\0\0"
UPRIGHT = 1


def orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8; upright where the block does not say or is broken."""
    tiff = exif.removeprefix(_MARK)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(entries):
            at = first + 2 + number * _ENTRY_BYTES
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT
