"""Signed addresses of private pictures, as the CDN's function checks them.

The function is .chalice/picture-door.js; both are held to the same answers by
tests/security/corpora/picture-addresses.json. The address is taken as it came, since what is signed
has no second spelling.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

_TARGET = re.compile(r"(/group-images/[A-Za-z0-9_/-]+(?:\.[A-Za-z0-9_-]+)*)\?(.*)", re.ASCII)
_EXPIRY = re.compile(r"[0-9]{1,12}", re.ASCII)


class PictureDoor:
    """Lets through what has `?e=<epoch seconds>&s=<mac>` of this key for its own path."""

    def __init__(self, key: str, now_s: Callable[[], float]) -> None:
        self._key = key.encode()
        self._now_s = now_s

    def lets_in(self, target: str) -> bool:
        """Return whether a request's target, path and query as they came, is signed and in time."""
        asked = _TARGET.fullmatch(target)
        if asked is None:
            return False
        path, query = asked.groups()
        expiry, mac = _only(query, "e"), _only(query, "s")
        if not _EXPIRY.fullmatch(expiry) or int(expiry) < int(self._now_s()):
            return False
        digest = hmac.digest(self._key, f"{path}\n{expiry}".encode(), sha256)
        right = urlsafe_b64encode(digest).rstrip(b"=")
        return hmac.compare_digest(right, mac.encode("utf-8", "surrogateescape"))


def _only(query: str, name: str) -> str:
    """Return the value of a parameter that stands in the query once; empty for all others."""
    pairs = (pair.partition("=") for pair in query.split("&"))
    values = [value for found, _, value in pairs if found == name]
    return values[0] if len(values) == 1 else ""
