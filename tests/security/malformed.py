"""Bodies, headers and paths that no schema describes, made from a seed.

Well-formed JSON with wrong fields is schemathesis' work; here is what it cannot send.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN = "00000000-0000-4000-8000-000000000000"
LONG = 66_000
Headers = tuple[tuple[str, bytes], ...]

JUNK: Sequence[bytes] = (
    b"",
    b"null",
    b"true",
    b"0",
    b'""',
    b"[]",
    b"{",
    b"}",
    b'{"prompt":}',
    b'{"prompt":NaN}',
    b'{"prompt":"a","steps":Infinity}',
    b'{"prompt":"a","steps":-Infinity}',
    b'{"prompt":"a","guidance":1e999}',
    b'{"prompt":"a","seed":' + b"9" * 5000 + b"}",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b'{"prompt":"\xff\xfe"}',
    b'{"prompt":"\\ud800"}',
    b'{"prompt":"\\u0000"}',
    b"[" * 30_000,
    b'{"a":' * 10_000,
    b'{"prompt":"' + b"x" * LONG + b'"}',
    b"prompt=a+lighthouse",
    b"<prompt>a lighthouse</prompt>",
    b"\x00" * 64,
    b"{'prompt': 'a'}",
    b'{"prompt":"a"} {"prompt":"b"}',
)
CONTENT_TYPES: Sequence[bytes] = (
    b"application/json",
    b"application/json; charset=utf-16",
    b"APPLICATION/JSON",
    b"application/json;",
    b"text/plain",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data",
    b"application/xml",
    b"image/png",
    b";;;",
    b"",
    b"a" * 4000,
    b"application/json\xff",
)
ODD_HEADERS: Headers = (
    ("Idempotency-Key", b""),
    ("Idempotency-Key", b"k" * 256),
    ("Idempotency-Key", b"\xf0\x9f\x92\xa9"),
    ("If-None-Match", b'"' * 500),
    ("If-None-Match", b"*"),
    ("If-None-Match", b'W/"a", "b"' * 200),
    ("Accept", b"image/\xff"),
    ("Accept", b""),
    ("Accept-Encoding", b"gzip;q=nan"),
    ("Cookie", b"=" * 3000),
    ("Origin", b"null"),
    ("Origin", b"https://evil.example"),
    ("X-Forwarded-For", b"127.0.0.1, ::1, not-an-address"),
    ("X-HTTP-Method-Override", b"DELETE"),
    ("CloudFront-Viewer-Address", b":::::"),
    ("X-Origin-Secret", b"\xff"),
    ("Content-Encoding", b"gzip"),
    ("Authorization", b"Bearer " + b"." * 500),
    ("Range", b"bytes=-1"),
)
PATHS = (
    "/generate",
    "/generate",
    "/generate",
    "/enhance",
    f"/jobs/{UNKNOWN}/retry",
    f"/jobs/{UNKNOWN}/cancel",
)
SEGMENTS = (
    UNKNOWN,
    "x",
    "%00",
    "%ff%fe",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "%",
    "%zz",
    "a" * 3000,
    "{job_id}",
    "'%20OR%201=1--",
    "%F0%9F%92%A9",
    "a%0d%0aX-Injected:1",
)
ADDRESSES = (
    "/status/{}",
    "/gallery/{}",
    "/jobs/{}",
    "/gallery?limit={}",
    "/gallery?cursor={}",
    "/{}",
)
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")


@dataclass(frozen=True)
class Malformed:
    """One request as it goes over the wire, below `/api`."""

    method: str
    path: str
    headers: Headers
    body: bytes


def malformed(rng: random.Random) -> Malformed:
    """The next request; nearly all of them have to be refused."""
    if rng.random() < 0.3:
        return _odd_address(rng)
    headers = (("Content-Type", _content_type(rng)), *_odd_headers(rng))
    body = rng.choice((rng.choice(JUNK), _damaged(rng), rng.randbytes(rng.randint(1, 400))))
    return Malformed("POST", rng.choice(PATHS), headers, body)


def _odd_address(rng: random.Random) -> Malformed:
    """A request whose address is the odd thing about it."""
    path = rng.choice(ADDRESSES).format(rng.choice(SEGMENTS).replace("{", "%7B"))
    method = rng.choice(VERBS) if rng.random() < 0.3 else "GET"
    return Malformed(method, path, _odd_headers(rng), b"")


def _content_type(rng: random.Random) -> bytes:
    return b"application/json" if rng.random() < 0.8 else rng.choice(CONTENT_TYPES)


def _odd_headers(rng: random.Random) -> Headers:
    return tuple(rng.sample(ODD_HEADERS, rng.choice((0, 0, 1, 2))))


def _damaged(rng: random.Random) -> bytes:
    """A good body with bytes flipped, lost or doubled."""
    body = bytearray(json.dumps({"prompt": "a lighthouse", "steps": 28, "models": [1]}).encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(body))
        body[at : at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
    return bytes(body)
