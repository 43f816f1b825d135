"""The public keys that sign the pool's tokens, kept in memory and fetched when they change."""

import base64
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import logs
from chalicelib.errors import Unavailable

KEPT_MS = 3_600_000
"""After so long the keys are fetched again; until that succeeds, those that are known count."""
AGAIN_MS = 10_000
"""An unknown key makes us ask again no sooner than this: anybody can invent its name."""
FIRST_AGAIN_MS = 1_000
"""The same while no key is known at all."""
SMALLEST_MODULUS, SMALLEST_EXPONENT = 1 << 2047, 3


@dataclass(frozen=True)
class PublicKey:
    """An RSA key: modulus and exponent."""

    modulus: int
    exponent: int


class KeySet:
    """The keys by their `kid`; `fetch` returns the document, `clock` epoch milliseconds."""

    def __init__(self, fetch: Callable[[], bytes], clock: Callable[[], int]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched_ms = self._asked_ms = -KEPT_MS

    def find(self, kid: str) -> PublicKey | None:
        """Return the key, None for one that the pool does not have.

        Raise Unavailable while no key could be fetched yet.
        """
        now, known = self._clock(), self._keys.get(kid)
        if known is None or now - self._fetched_ms >= KEPT_MS:
            with self._lock:
                self._refresh(kid, now)
        if not self._keys:
            raise Unavailable("Sign-ins cannot be checked at the moment. Try again.")
        return self._keys.get(kid)

    def _refresh(self, kid: str, now: int) -> None:
        fresh = now - self._fetched_ms < KEPT_MS
        if fresh and kid in self._keys:
            return  # Another thread has just fetched it.
        if now - self._asked_ms < (AGAIN_MS if self._keys else FIRST_AGAIN_MS):
            return
        self._asked_ms = now
        try:
            self._keys = parse(self._fetch())
        except Exception:
            # Whatever went wrong, those who are signed in stay so.
            logs.failure("token_keys_not_fetched")
            return
        self._fetched_ms = now


def parse(document: bytes) -> dict[str, PublicKey]:
    """Return the RSA signing keys of a JWKS document; raise ValueError where it has none."""
    listed = json.loads(document)["keys"]
    keys = {str(entry["kid"]): _key(entry) for entry in listed if _signs(entry)}
    if not keys:
        raise ValueError("the document has no RSA signing key")
    return keys


def _signs(entry: Mapping[str, Any]) -> bool:
    usable = entry.get("use", "sig") == "sig" and entry.get("alg", "RS256") == "RS256"
    return usable and entry.get("kty") == "RSA"


def _key(entry: Mapping[str, Any]) -> PublicKey:
    key = PublicKey(_number(entry["n"]), _number(entry["e"]))
    if key.modulus < SMALLEST_MODULUS or key.exponent < SMALLEST_EXPONENT:
        raise ValueError("a key is too weak to be believed")
    return key


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
