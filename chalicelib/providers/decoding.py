"""Pictures that arrive as text."""

import binascii
import re
from base64 import b64decode

from chalicelib.providers.failures import Failures

_DATA_URL = re.compile(r"data:image/[a-z0-9.+-]{1,40};base64,", re.ASCII)


def from_base64(encoded: object, failures: Failures) -> bytes:
    """The bytes; raises BadResponse for anything but the base64 of something."""
    if not isinstance(encoded, str) or not encoded:
        raise failures.bad_response()
    try:
        return b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise failures.bad_response() from None


def from_data_url(url: str, failures: Failures) -> bytes | None:
    """The bytes of a data URL, None for any other address."""
    if not url.startswith("data:"):
        return None
    head = _DATA_URL.match(url)
    return from_base64(url[head.end() :] if head else None, failures)
