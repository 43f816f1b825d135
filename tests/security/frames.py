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
from tests.security.malformed import FIELDS, JUNK, UNKNOWN
from tests.support.product import Product, running_product

PATIENCE_S = 10.0
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
    """One frame as a client would send it, or should not."""

    opcode: int
    payload: bytes
    final: bool = True
    masked: bool = True
    reserved: int = 0
    claimed: int | None = None

    @property
    def keeps_the_protocol(self) -> bool:
        """Whether the connection must live on and the message be answered."""
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


def bad_frame(dice: random.Random) -> Frame:
    """The next one: mostly messages that the app must refuse, sometimes no message at all."""
    if dice.random() < 0.9:
        return Frame(BINARY if dice.random() < 0.1 else TEXT, _message(dice)[:32_000])
    payload = dice.randbytes(dice.randint(0, 100))
    return dice.choice(
        (
            Frame(TEXT, b"\xff\xfe\xfd"),
            Frame(dice.choice((3, 4, 7, 11, 15)), payload),
            Frame(TEXT, b"{}", reserved=dice.randint(1, 7)),
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


def _message(dice: random.Random) -> bytes:
    kind = dice.randrange(4)
    if kind == 0:
        return dice.choice(MESSAGES).encode("utf-8", "replace")
    if kind == 1:
        return dice.choice(JUNK)
    if kind == 2:
        return dice.randbytes(dice.randint(1, 300)).decode("latin-1").encode()
    name = dice.choice(sorted(FIELDS))
    return json.dumps({"action": "subscribe", name: dice.choice(FIELDS[name])}).encode()


class Client:
    """A WebSocket client that speaks the protocol no better than it is told to."""

    def __init__(self, url: str, dice: random.Random) -> None:
        parts = urlsplit(url)
        self._dice = dice
        self._socket = socket.create_connection(("127.0.0.1", int(parts.port or 80)), PATIENCE_S)
        key = base64.b64encode(dice.randbytes(16)).decode()
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
        """The next message that comes back; CLOSED when the connection ends instead."""
        try:
            self._socket.sendall(frame.wire(self._dice.randbytes(4)))
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
    """What came back, by code, and every answer that must not be."""

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
    """Sends so many frames, each connection a few, and opens another when one is closed."""
    dice, findings = random.Random(seed), Findings()
    client, sent = Client(url, dice), 0
    for _ in range(count):
        if sent == PER_CONNECTION:
            client.close()
            client, sent = Client(url, dice), 0
        frame = bad_frame(dice)
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
    """What the score card wants to know of an attack."""
    return {
        "frames": sum(findings.answers.values()),
        "wrong_answers": len(findings.wrong),
        "tracebacks": len(tracebacks(product.data_dir)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The status says whether every promise held."""
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
