"""Pictures that arrive as text, in whatever wrapping: they are paid for."""

import binascii
import re
from base64 import b64decode

from chalicelib.providers.failures import Failures

_DATA_URL = re.compile(r"data:[a-z0-9.+/;=-]{0,80},", re.ASCII | re.IGNORECASE)
_MAGICS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_BLANKS = re.compile(r"\s+")


def from_base64(encoded: object, failures: Failures) -> bytes:
    """Return the bytes; raise BadResponse for anything but the base64 of something.

    A `data:` prefix, line breaks, missing padding and the alphabet of addresses are understood.
    """
    found = decoded(encoded)
    if found is None:
        raise failures.bad_response()
    return found


def decoded(encoded: object) -> bytes | None:
    """Return the bytes of base64, None for anything else."""
    if not isinstance(encoded, str):
        return None
    head = _DATA_URL.match(encoded)
    text = _BLANKS.sub("", encoded[head.end() if head else 0 :]).rstrip("=")
    padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
    try:
        return b64decode(padded, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def is_picture(data: bytes) -> bool:
    """Return whether the bytes begin as those of a picture do."""
    return data.startswith(_MAGICS) or data[4:8] == b"ftyp"
