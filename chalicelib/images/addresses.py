"""Where pictures are shown: at an address that everybody has, or at one that is signed and ends."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

Address = Callable[[str], str]
"""Gives the address of a picture by its key."""
_PRIVATE = re.compile(r"group-images/[A-Za-z0-9._/-]+", re.ASCII)


@dataclass(frozen=True)
class Signing:
    """How addresses are signed: each works for `seconds` at least; `clock` in epoch ms.

    Ends fall on steps of a quarter of that, so that the same picture keeps its address for a
    while, and browsers their copy. The CDN checks the same signature.
    """

    key: bytes
    seconds: int
    clock: Callable[[], int]

    def end_s(self) -> int:
        """Return when what is signed now ends, in epoch seconds."""
        step = self.seconds // 4
        return (self.clock() // 1000 // step + 1) * step + self.seconds

    def query(self, key: str, end_s: int) -> str:
        """Return what stands behind the picture's path; raise ValueError for what is no picture."""
        if not _PRIVATE.fullmatch(key) or ".." in key:
            raise ValueError("only pictures have signed addresses")
        told = f"/{key}\n{end_s}".encode()
        mac = base64.urlsafe_b64encode(hmac.digest(self.key, told, hashlib.sha256))
        return f"?e={end_s}&s={mac.decode().rstrip('=')}"


@dataclass(frozen=True)
class PictureAddresses:
    """`base` stands before `/` and a picture's key: nothing on the page's own origin."""

    base: str = ""
    signing: Signing | None = None

    def of(self, key: str) -> str:
        """Return the address of a picture as it may be shown now."""
        return f"{self.base}/{key}" + (self.signing.query(key, self.end_s) if self.signing else "")

    @property
    def end_s(self) -> int:
        """Return when addresses that are given out now end; 0 for never."""
        return self.signing.end_s() if self.signing else 0

    def until(self, latest_ms: int) -> Address:
        """Return addresses that end then at the latest, in epoch milliseconds."""

        def of(key: str) -> str:
            if not self.signing:
                return self.of(key)
            end_s = min(self.end_s, latest_ms // 1000)
            return f"{self.base}/{key}{self.signing.query(key, end_s)}"

        return of
