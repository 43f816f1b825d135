"""The one verifier of the pool's tokens, for HTTP and socket alike.

RS256 and nothing else, with the standard library: see docs/decisions/accounts.md. Every token that
does not pass is refused in the same words, so that a refusal tells nothing.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.accounts.keyset import PublicKey
from chalicelib.callers import Caller
from chalicelib.errors import Unauthenticated

LONGEST_TOKEN = 8192
LATEST_S = 10_000_000_000
_TOKEN = re.compile(r"([\w-]+)\.([\w-]+)\.([\w-]+)", re.ASCII)
_USER_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""How PKCS #1 (RFC 8017, section 9.2) writes down that a digest is SHA-256."""
_CLIENT_CLAIM = {"access": "client_id", "id": "aud"}
Claims = Mapping[str, Any]


class Keys(Protocol):
    """Where signing keys are found."""

    def find(self, kid: str) -> PublicKey | None: ...


@dataclass(frozen=True)
class TokenVerifier:
    """Checks access and id tokens of one client of one pool; `clock` in epoch milliseconds."""

    issuer: str
    client_id: str
    keys: Keys
    clock: Callable[[], int]

    def verify(self, token: str) -> Caller:
        """Return who the token is of; raise Unauthenticated, or Unavailable without keys."""
        claims = self._claims(token)
        if not claims or not self._is_ours(claims) or not self._is_current(claims):
            raise Unauthenticated
        caller = _caller(claims)
        if caller is None:
            raise Unauthenticated
        return caller

    def _claims(self, token: str) -> Claims | None:
        """Return what a token says whose signature is right."""
        parts = _TOKEN.fullmatch(token) if len(token) <= LONGEST_TOKEN else None
        header = _json(parts[1]) if parts else None
        if parts is None or header is None or header.get("alg") != "RS256" or "crit" in header:
            return None
        kid = header.get("kid")
        key = self.keys.find(kid) if isinstance(kid, str) else None
        signed = f"{parts[1]}.{parts[2]}".encode()
        if key is None or not is_signed(signed, _bytes(parts[3]), key):
            return None
        return _json(parts[2])

    def _is_ours(self, claims: Claims) -> bool:
        use = claims.get("token_use")
        client = _CLIENT_CLAIM.get(use) if isinstance(use, str) else None
        mine = client is not None and claims.get(client) == self.client_id
        return mine and bool(self.client_id) and claims.get("iss") == self.issuer

    def _is_current(self, claims: Claims) -> bool:
        now_s = self.clock() / 1000
        begun, ends = _time(claims.get("nbf", 0)), _time(claims.get("exp"))
        return ends is not None and begun is not None and begun <= now_s < ends


def is_signed(signed: bytes, signature: bytes | None, key: PublicKey) -> bool:
    """Return whether the signature is RSASSA-PKCS1-v1_5 with SHA-256 by this key.

    The whole block is built and compared, so that nothing in it is left to be parsed.
    """
    length = (key.modulus.bit_length() + 7) // 8
    if signature is None or len(signature) != length:
        return False
    number = int.from_bytes(signature, "big")
    if number >= key.modulus:
        return False
    told = _SHA256 + hashlib.sha256(signed).digest()
    wanted = b"\0\1" + b"\xff" * (length - len(told) - 3) + b"\0" + told
    found = pow(number, key.exponent, key.modulus).to_bytes(length, "big")
    return hmac.compare_digest(found, wanted)


def _caller(claims: Claims) -> Caller | None:
    user_id, groups, email = (
        claims.get("sub"),
        claims.get("cognito:groups", []),
        claims.get("email"),
    )
    if not isinstance(user_id, str) or not _USER_ID.fullmatch(user_id):
        return None
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        return None
    return Caller(
        user_id=user_id,
        email=email if isinstance(email, str) else "",
        groups=frozenset(groups),
        expires_at_ms=int(claims["exp"] * 1000),
    )


def _time(value: object) -> float | None:
    """Return a time in epoch seconds, None for what is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value < LATEST_S else None


def _json(part: str) -> Claims | None:
    try:
        found = json.loads(_bytes(part) or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _bytes(part: str) -> bytes | None:
    """Return what base64 without padding says; None for text that no encoder would write."""
    try:
        found = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return None
    again = base64.urlsafe_b64encode(found).decode().rstrip("=")
    return found if again == part else None
