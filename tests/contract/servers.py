"""Two small servers for what no simulator does: trickle for ever, and repeat documented answers."""

import gzip
import io
import json
import socket
import threading
import zlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from tests.contract.case import Answer

DRIP_SECONDS = 0.02
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"


def _small_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "PNG")
    return buffer.getvalue()


PNG = _small_png()


@contextmanager
def trickling_server() -> Iterator[str]:
    """Answers every request at once, and then sends one space after another until the end."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=_accept, args=(listener, ended), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        listener.close()


def _accept(listener: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_drip, args=(connection, ended), daemon=True).start()


def _drip(connection: socket.socket, ended: threading.Event) -> None:
    with connection:
        try:
            connection.recv(65536)
            connection.sendall(HEAD)
            while not ended.wait(DRIP_SECONDS):
                connection.sendall(b" ")
        except OSError:
            return


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@dataclass
class ReplayServer:
    """Gives the documented answers one after another, the last one again and again.

    `{origin}` stands for the server's own address, `{png}` for a picture in base64.
    """

    answers: Sequence[Answer]
    origin: str = ""
    paths: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def begin(self, answers: Sequence[Answer]) -> None:
        """Give these answers from now on, and forget what was asked before."""
        self.answers = answers
        for kept in (self.paths, self.headers, self.bodies):
            kept.clear()

    def next(self, path: str) -> Answer:
        self.paths.append(path)
        return self.answers[min(len(self.paths), len(self.answers)) - 1]

    def body(self, answer: Answer) -> bytes:
        """Return what the answer says, compressed where it is so by force."""
        if answer.picture:
            return (
                gzip.compress(PNG) if answer.gzip else zlib.compress(PNG) if answer.deflate else PNG
            )
        text = answer.raw if answer.raw is not None else json.dumps(answer.body)
        text = text.replace("{origin}", self.origin).replace("{host}", self.origin[7:])
        return text.replace("{png}", b64encode(PNG).decode()).encode()


def _stall(connection: socket.socket, how: str, ended: threading.Event) -> None:
    """Say nothing, or a byte of an answer now and then, until the end; nothing where not asked."""
    try:
        if how == "drips":
            connection.sendall(HEAD)
        while how and not ended.wait(DRIP_SECONDS):
            if how == "drips":
                connection.sendall(b" ")
    except OSError:
        return


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


@contextmanager
def replay_server(answers: Sequence[Answer]) -> Iterator[ReplayServer]:
    replay, ended = ReplayServer(answers), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            replay.bodies.append(self.rfile.read(length))
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            replay.headers.append(str(self.headers))
            answer = replay.next(self.path)
            if answer.drop or answer.stall:
                self.close_connection = True
                _stall(self.connection, answer.stall, ended)
                return
            body = replay.body(answer)
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value.replace("{origin}", replay.origin))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing: the test's output is the test's."""

    server = _Server(("127.0.0.1", 0), Handler)
    replay.origin = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield replay
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
