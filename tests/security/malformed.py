"""Bodies, headers and paths that no honest client sends, made from a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

JSON_TYPE = "application/json"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
LONG = 66_000
Headers = tuple[tuple[str, bytes], ...]
Body = Callable[[random.Random], bytes]

FIELDS: dict[str, Sequence[Any]] = {
    "prompt": ["a lighthouse", "", " ", "x" * 1001, None, 7, [], {}, "\ud800", "\x00", "‮"],
    "steps": [28, 0, 101, -1, 1.5, "28", True, 10**400, None, [28]],
    "guidance": [5, -0.1, 20.1, "5", None, False, 10**308],
    "control": [1.0, 2.1, -1, "1", {}],
    "seed": [0, -1, 4_294_967_295, 2**64, 0.5, "0"],
    "negativePrompt": ["", "x" * 1001, None, 1, ["blur"]],
    "aspectRatio": ["1:1", "2:1", "", None, 1, ["1:1"]],
    "models": [[1], [], [1, 1], [99], [-1], ["1"], [1.0], [True], 1, "all", [1] * 21, {"0": 1}],
    "ip": ["203.0.113.1", None, {}],
    "__proto__": [{}],
    "unknown": [1],
}
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
    " ".join(["a"]) + "%0d%0aX-Injected:1",
)
LOOKS = ("/status/{}", "/gallery/{}", "/jobs/{}", "/gallery?limit={}", "/gallery?cursor={}", "/{}")
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")


@dataclass(frozen=True)
class Malformed:
    """One request as it goes over the wire, below `/api`."""

    method: str
    path: str
    headers: Headers
    body: bytes

    def wire(self, host: str) -> bytes:
        """A whole HTTP/1.1 request; the connection may be used again."""
        lines = [f"{self.method} /api{self.path} HTTP/1.1".encode(), f"Host: {host}".encode()]
        lines += [name.encode() + b": " + value for name, value in self.headers]
        lines.append(f"Content-Length: {len(self.body)}".encode())
        return b"\r\n".join([*lines, b"", self.body])


def malformed(dice: random.Random) -> Malformed:
    """The next request; nearly all of them have to be refused."""
    if dice.random() < 0.3:
        return _look(dice)
    headers = (("Content-Type", _content_type(dice)), *_odd_headers(dice))
    body = dice.choice(BODIES)(dice)
    return Malformed("POST", dice.choice(PATHS), headers, body)


def _look(dice: random.Random) -> Malformed:
    """A request whose address is the odd thing about it."""
    path = dice.choice(LOOKS).format(dice.choice(SEGMENTS).replace("{", "%7B"))
    method = dice.choice(VERBS) if dice.random() < 0.3 else "GET"
    return Malformed(method, path, _odd_headers(dice), b"")


def _content_type(dice: random.Random) -> bytes:
    return b"application/json" if dice.random() < 0.8 else dice.choice(CONTENT_TYPES)


def _odd_headers(dice: random.Random) -> Headers:
    return tuple(dice.sample(ODD_HEADERS, dice.choice((0, 0, 1, 2))))


def _wrong_fields(dice: random.Random) -> bytes:
    names = dice.sample(sorted(FIELDS), dice.randint(1, 4))
    fields = {name: dice.choice(FIELDS[name]) for name in names}
    return json.dumps({"models": [1], **fields, "steps": fields.get("steps", 0)}).encode()


def _junk(dice: random.Random) -> bytes:
    return dice.choice(JUNK)


def _damaged(dice: random.Random) -> bytes:
    """A good body with bytes flipped, lost or doubled."""
    body = bytearray(json.dumps({"prompt": "a lighthouse", "steps": 28, "models": [1]}).encode())
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body))
        body[at : at + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
    return bytes(body)


def _noise(dice: random.Random) -> bytes:
    return dice.randbytes(dice.randint(1, 400))


BODIES: Sequence[Body] = (_wrong_fields, _wrong_fields, _junk, _damaged, _noise)
