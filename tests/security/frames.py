"""Attacks a product over WebSocket with bad messages and bad frames and judges what comes back.

python -m tests.security.frames --count 10000 --seed 1
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import socket
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.load.report import print_figure, tracebacks
from tests.security.malformed import JUNK, UNKNOWN
from tests.support.product import Product, running_product

TIMEOUT_S = 10.0
PER_CONNECTION = 40
"""Below what a connection may send before it is cut as a flood."""
MAX_FRAME = 32 * 1024
TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
CLOSED = b""
MESSAGES = (
    '{"action":"subscribe"}',
    '{"action":"fly"}',
    '{"action":["ping"]}',
    '{"action":null,"jobId":"x"}',
    '{"action":"subscribe","jobId":""}',
    '{"action":"subscribe","jobId":7}',
    '{"action":"subscribe","jobId":{"S":"x"}}',
    '{"action":"subscribe","unknown":[1]}',
    '{"action":"subscribe","jobId":"' + "j" * 64 + '"}',
    '{"action":"subscribe","jobId":"' + "j" * 65 + '"}',
    '{"action":"subscribe","jobId":"JOB#\\u0000"}',
    '{"action":"subscribe","jobId":"\\ud800"}',
    '{"action":"unsubscribe","jobId":"' + UNKNOWN + '"}',
    '{"action":"ping","padding":"' + "x" * 30_000 + '"}',
    '{"message":"Internal server error"}',
    '{"type":"job","job":{}}',
)


@dataclass(frozen=True)
class Frame:
    """One frame, valid or not."""

    opcode: int
    payload: bytes
    final: bool = True
    masked: bool = True
    reserved: int = 0
    claimed: int | None = None

    @property
    def keeps_the_protocol(self) -> bool:
        """Whether the frame is valid: it must be answered, and the connection stay open."""
        known = self.opcode in (TEXT, BINARY) and self.final and self.masked and not self.reserved
        small = self.claimed is None and len(self.payload) <= MAX_FRAME
        return known and small and self._is_text_if_it_says_so()

    def wire(self, mask: bytes) -> bytes:
        head = bytes([self.final << 7 | self.reserved << 4 | self.opcode])
        length = len(self.payload) if self.claimed is None else self.claimed
        flag = 0x80 if self.masked else 0
        if length < 126:
            head += bytes([flag | length])
        elif length < 65536:
            head += bytes([flag | 126]) + length.to_bytes(2, "big")
        else:
            head += bytes([flag | 127]) + length.to_bytes(8, "big")
        if not self.masked:
            return head + self.payload
        return head + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(self.payload))

    def _is_text_if_it_says_so(self) -> bool:
        if self.opcode == BINARY:
            return True
        try:
            self.payload.decode()
        except UnicodeDecodeError:
            return False
        return True


def bad_frame(rng: random.Random) -> Frame:
    """Return the next frame: mostly messages that the app must refuse, sometimes a broken frame."""
    if rng.random() < 0.9:
        return Frame(BINARY if rng.random() < 0.1 else TEXT, _message(rng)[:32_000])
    payload = rng.randbytes(rng.randint(0, 100))
    return rng.choice(
        (
            Frame(TEXT, b"\xff\xfe\xfd"),
            Frame(rng.choice((3, 4, 7, 11, 15)), payload),
            Frame(TEXT, b"{}", reserved=rng.randint(1, 7)),
            Frame(PING, b"x" * 126),
            Frame(PING, b"x", final=False),
            Frame(0, payload),
            Frame(CLOSE, b"\x03"),
            Frame(CLOSE, (999).to_bytes(2, "big")),
            Frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"),
            Frame(TEXT, b"", claimed=2**40),
            Frame(TEXT, b"{" * 60_000),
        )
    )


def _message(rng: random.Random) -> bytes:
    noise = rng.randbytes(rng.randint(1, 300)).decode("latin-1").encode()
    return rng.choice((rng.choice(MESSAGES).encode("utf-8", "replace"), rng.choice(JUNK), noise))


class Client:
    """A WebSocket client that sends any frame, valid or not."""

    def __init__(self, url: str, rng: random.Random) -> None:
        parts = urlsplit(url)
        self._rng = rng
        self._socket = socket.create_connection(("127.0.0.1", int(parts.port or 80)), TIMEOUT_S)
        key = base64.b64encode(rng.randbytes(16)).decode()
        self._socket.sendall(
            f"GET /ws HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._stream = self._socket.makefile("rb")
        if b" 101 " not in self._stream.readline():
            raise ConnectionError("no handshake")
        while self._stream.readline() not in (b"\r\n", b""):
            continue

    def send(self, frame: Frame) -> bytes:
        """Return the next message, or CLOSED when the connection ends instead."""
        try:
            self._socket.sendall(frame.wire(self._rng.randbytes(4)))
            return self._receive()
        except ConnectionError:
            return CLOSED

    def _receive(self) -> bytes:
        while head := self._stream.read(2):
            length = head[1] & 0x7F
            if length > 125:
                length = int.from_bytes(self._stream.read(2 if length == 126 else 8), "big")
            payload = self._stream.read(length)
            if head[0] & 0x0F == TEXT:
                return payload
            if head[0] & 0x0F == CLOSE:
                return CLOSED
        return CLOSED

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


@dataclass
class Findings:
    """Answers by code, and every one that breaks the contract."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, frame: Frame, answer: bytes) -> None:
        self.answers[self._kind(frame, answer)] += 1

    def _kind(self, frame: Frame, answer: bytes) -> str:
        if answer == CLOSED:
            if frame.keeps_the_protocol:
                self.wrong.append(f"cut for {str(frame)[:300]}")
            return "closed"
        try:
            body = json.loads(answer)
            code = str(body["code"])
            typed = body["type"] == "error" and bool(body["error"])
        except (ValueError, KeyError, TypeError):
            typed, code = False, "untyped"
        if not typed or code == "INTERNAL":
            self.wrong.append(f"{answer[:200]!r} for {str(frame)[:300]}")
        return code


def attack(url: str, count: int, seed: int) -> Findings:
    """Send that many frames, a few over each connection."""
    rng, findings = random.Random(seed), Findings()
    client, sent = Client(url, rng), 0
    for _ in range(count):
        if sent == PER_CONNECTION:
            client.close()
            client, sent = Client(url, rng), 0
        frame = bad_frame(rng)
        try:
            answer = client.send(frame)
        except TimeoutError:
            findings.wrong.append(f"no answer for {str(frame)[:300]}")
            answer = CLOSED
        findings.note(frame, answer)
        sent = PER_CONNECTION if answer == CLOSED else sent + 1
    client.close()
    return findings


def figures(product: Product, findings: Findings) -> dict[str, float]:
    """Return the figures of the score card."""
    return {
        "frames": sum(findings.answers.values()),
        "wrong_answers": len(findings.wrong),
        "tracebacks": len(tracebacks(product.data_dir)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, print the figures, and return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as directory, running_product(Path(directory)) as product:
        findings = attack(product.url, chosen.count, chosen.seed)
        measured = figures(product, findings)
    print(f"answers: {dict(findings.answers)}")
    print("\n".join(findings.wrong[:20]))
    print_figure("S1 frames", **measured)
    return int(bool(findings.wrong or measured["tracebacks"]))


if __name__ == "__main__":
    sys.exit(main())
