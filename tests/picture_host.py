"""A host of pictures on the loopback interface that answers byte by byte as a test wants."""

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[[str], Iterator[bytes]]
"""The pieces of the whole answer, headers included, to the request for a path."""


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """A complete HTTP answer; a header's name is given with underscores."""
    fields = {"Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """An answer that leads elsewhere."""
    return answer(b"", status, Location=location)


def trickle(data: bytes, pause: float) -> Iterator[bytes]:
    """One byte at a time, for ever so long."""
    for position in range(len(data)):
        yield data[position : position + 1]
        time.sleep(pause)


@dataclass
class PictureHost:
    """Where the host listens and what it was asked."""

    port: int
    requests: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """The names asked for in the TLS handshake."""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self) -> dict[str, str]:
        """The headers of the last request, names in lower case."""
        lines = self.requests[-1].split("\r\n")[1:]
        return {n.lower(): v for n, _, v in (line.partition(": ") for line in lines if line)}


@contextmanager
def picture_host(respond: Answer, tls: ssl.SSLContext | None = None) -> Iterator[PictureHost]:
    """Runs a host for the time of the context."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with _secured(self.request, tls) as sock:
                    _serve(sock, host, respond)
            except OSError:  # The other side left, which many tests are about.
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        host = PictureHost(server.server_address[1])
        if tls:
            tls.sni_callback = lambda _, name, __: host.names.append(name or "")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield host
        server.shutdown()
        thread.join()


def _secured(sock: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return tls.wrap_socket(sock, server_side=True) if tls else sock


def _serve(sock: socket.socket, host: PictureHost, respond: Answer) -> None:
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        received = sock.recv(4096)
        if not received:
            return
        request += received
    host.requests.append(request.decode("latin-1"))
    for piece in respond(host.requests[-1].split(" ")[1]):
        sock.sendall(piece)
