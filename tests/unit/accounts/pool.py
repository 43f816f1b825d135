"""A user pool of the tests' own: it signs tokens as Cognito does, and as a forger would."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Tests"
CLIENT = "the-client"
ANN, BEN, ADA = (f"{n}" * 8 + "-aaaa-4bbb-8ccc-000000000000" for n in (1, 2, 3))
"""Two users and an administrator."""
NAMES = {ANN: "ann@example.org", BEN: "ben@example.org", ADA: "ada@example.org"}


def encode(value: bytes | object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Return the key of that name; made once, because making one takes long."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Pool:
    """A pool with two keys, whose clock stands at `now_s`."""

    now_s: int = 1_800_000_000
    kids: tuple[str, ...] = ("access-key", "id-key")
    fetched: int = field(default=0)
    broken: bool = False

    def clock(self) -> int:
        return self.now_s * 1000

    def keys(self) -> bytes:
        """Return the JWKS document, and count that it was fetched."""
        self.fetched += 1
        if self.broken:
            raise OSError("the pool does not answer")
        return json.dumps({"keys": [self._public(kid) for kid in self.kids]}).encode()

    def _public(self, kid: str) -> Mapping[str, str]:
        numbers = key(kid).public_key().public_numbers()
        n, e = (
            encode(v.to_bytes((v.bit_length() + 7) // 8, "big")) for v in (numbers.n, numbers.e)
        )
        return {"kid": kid, "kty": "RSA", "use": "sig", "alg": "RS256", "n": n, "e": e}

    def claims(self, user: str, use: str = "access", **others: Any) -> dict[str, Any]:
        """Return what a token of the pool says; None among `others` leaves a claim out."""
        own = {"client_id": CLIENT} if use == "access" else {"aud": CLIENT, "email": NAMES[user]}
        said = {
            "sub": user,
            "iss": ISSUER,
            "token_use": use,
            "exp": self.now_s + 3600,
            "iat": self.now_s,
            "cognito:groups": ["admin"] if user == ADA else ["user"],
            **own,
            **others,
        }
        return {name: value for name, value in said.items() if value is not None}

    def token(self, user: str = ANN, use: str = "access", kid: str = "", **others: Any) -> str:
        return signed(self.claims(user, use, **others), kid or f"{use}-key")


def signed(claims: object, kid: str, /, by: str = "", **header: Any) -> str:
    """Return a token signed with the key called `kid`, or with that called `by`."""
    body = f"{encode({'alg': 'RS256', 'kid': kid, **header})}.{encode(claims)}"
    signature = key(by or kid).sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{body}.{encode(signature)}"


def unsigned(claims: object, kid: str, alg: str = "none") -> str:
    return f"{encode({'alg': alg, 'kid': kid})}.{encode(claims)}."


def signed_with_public_key(claims: object, kid: str) -> str:
    """Return an HS256 token whose secret is the public key, in the form that everybody can get."""
    pem = (
        key(kid)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    body = f"{encode({'alg': 'HS256', 'kid': kid})}.{encode(claims)}"
    return f"{body}.{encode(hmac.new(pem, body.encode(), hashlib.sha256).digest())}"


def forgeries(pool: Pool) -> dict[str, str]:
    """Return every kind of bad token, all of them for an administrator."""
    good, kid = pool.claims(ADA), "access-key"
    head, body, signature = pool.token(ADA).split(".")
    return {
        "expired": pool.token(ADA, exp=pool.now_s),
        "not yet": pool.token(ADA, nbf=pool.now_s + 60),
        "without end": pool.token(ADA, exp=None),
        "alg none": unsigned(good, kid),
        "alg None": unsigned(good, kid, "None"),
        "alg none beside a signature": f"{unsigned(good, kid)}{signature}",
        "HS256 with the public key": signed_with_public_key(good, kid),
        "RS384": signed(good, kid, alg="RS384"),
        "another pool": signed({**good, "iss": ISSUER + "x"}, kid),
        "another pool's key": signed(good, kid, by="a stranger's"),
        "another client": pool.token(ADA, client_id="another"),
        "another client, id": pool.token(ADA, "id", aud="another"),
        "a list of clients": pool.token(ADA, "id", aud=[CLIENT]),
        "wrong use": pool.token(ADA, token_use="refresh"),
        "no use": pool.token(ADA, token_use=None),
        "access without client": pool.token(ADA, client_id=None),
        "unknown kid": signed(good, "nobody's", by=kid),
        "no kid": signed(good, kid, kid=None),
        "changed claims": f"{head}.{encode({**good, 'sub': BEN})}.{signature}",
        "changed signature": f"{head}.{body}.{'A' * len(signature)}",
        "short signature": f"{head}.{body}.{signature[:-4]}",
        "padded": pool.token(ADA) + "=",
        "critical extension": signed(good, kid, crit=["exp"]),
        "no user": pool.token(ADA, sub=None),
        "a user that is a path": pool.token(ADA, sub="a#b"),
        "claims that are a list": signed([good], kid),
        "not a token": "a.b.c",
        "two parts": f"{head}.{body}",
        "empty": "",
        "too long": pool.token(ADA, more="x" * 9000),
        "no ASCII": "é.é.é",
    }
