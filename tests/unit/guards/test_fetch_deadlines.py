"""Every download ends at its deadline, wherever the host stalls, and not before."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import trustme

from chalicelib.providers.errors import TimedOut
from chalicelib.providers.transport.fetch import CONNECT_SECONDS, Fetcher
from chalicelib.providers.transport.network import Proxy
from tests.clocks import In
from tests.picture_host import answer, picture_host, trickle
from tests.unit.guards.street import Street

SECONDS, SOON = 0.4, 6.0
"""The deadline, and when a test gives up: far from the minutes that a stall would last."""
STATUS, HEAD = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"
TUNNEL, RECORD = b"HTTP/1.1 200 OK\r\n\r\n", b"\x16\x03\x03\x40\x00"
"""A proxy's consent, and the beginning of a TLS record of 16 KiB."""
STALLS: dict[str, tuple[str, bool, tuple[bytes, ...]]] = {
    "a status line": ("http", False, (b"",)),
    "headers": ("http", False, (STATUS,)),
    "a body": ("http", False, (HEAD,)),
    "a handshake": ("https", False, (RECORD,)),
    "a handshake that does not begin": ("https", False, (b"",)),
    "a proxy's status line": ("http", True, (b"",)),
    "a proxy's body": ("http", True, (HEAD,)),
    "a tunnel": ("https", True, (STATUS + b"X: ",)),
    "a tunnel that does not begin": ("https", True, (b"",)),
    "a handshake in a tunnel": ("https", True, (TUNNEL, RECORD)),
}
"""The scheme, whether by a proxy, and what the other side sends before it stalls."""


@contextmanager
def stalling(pieces: Sequence[bytes], drips: bool) -> Iterator[int]:
    """Answer each request with a piece; then be silent, or send a byte now and then."""
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                for piece in pieces:
                    connection.recv(65536)
                    connection.sendall(piece)
                while not ended.wait(0.02):
                    if drips:
                        connection.sendall(b"x")
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def assert_times_out(fetcher: Fetcher, url: str, seconds: float = SECONDS) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        fetcher.get(url, In(seconds))
    assert time.monotonic() - began < SOON
    assert caught.value.billed == "yes"


@pytest.mark.parametrize(
    ("stall", "drips"),
    [(name, drips) for name in STALLS for drips in (False, True) if not (drips and "not" in name)],
)
def test_a_host_that_stalls_ends_at_the_deadline(stall: str, drips: bool) -> None:
    scheme, proxied, pieces = STALLS[stall]
    with stalling(pieces, drips) as port:
        proxy = Proxy(f"http://127.0.0.1:{port}", "ALL_PROXY") if proxied else None
        origin = f"{scheme}://127.0.0.1" + ("" if proxied else f":{port}")
        fetcher = Fetcher((), trusted_origin=origin, proxy=lambda _: proxy)
        assert_times_out(fetcher, f"{origin}/a.png")


def test_a_secure_host_that_drips_ends_at_the_deadline() -> None:
    authority, server = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("delivery.bfl.ai").configure_cert(server)

    def respond(_: str) -> Iterator[bytes]:
        yield HEAD
        yield from trickle(b"x" * 400, 0.02)

    with picture_host(respond, server) as host:
        street = Street(authority, host, ["93.184.215.14"])
        # Long enough for the host to begin its handshake, however busy the machine is.
        assert_times_out(street.fetcher("*.bfl.ai"), "https://delivery.bfl.ai/a.png", 1.5)


@pytest.mark.parametrize("proxied", [False, True])
def test_a_resolver_that_does_not_answer_is_left_at_the_deadline(proxied: bool) -> None:
    ended = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        ended.wait(30)
        return ["127.0.0.1"]

    proxy = Proxy("http://proxy.test:3128", "ALL_PROXY") if proxied else None
    fetcher = Fetcher(("pictures.test",), resolve=resolve, proxy=lambda _: proxy)
    assert_times_out(fetcher, "https://pictures.test/a.png")
    ended.set()


def test_connecting_has_no_more_time_than_is_left() -> None:
    given: list[float] = []

    def connect(address: tuple[str, int], seconds: float) -> socket.socket:
        given.append(seconds)
        time.sleep(seconds)
        raise TimeoutError

    addresses = ["9.9.9.9", "9.9.9.10", "9.9.9.11"]
    fetcher = Fetcher(("pictures.test",), resolve=lambda *_: addresses, connect=connect)
    assert_times_out(fetcher, "https://pictures.test/a.png")
    assert sum(given) <= SECONDS


@pytest.mark.parametrize("secure", [False, True])
def test_a_host_may_be_silent_for_as_long_as_there_is_time(secure: bool) -> None:
    authority, server = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pictures.test").configure_cert(server)
    patience: list[float | None] = []
    held: list[socket.socket] = []

    def respond(_: str) -> Iterator[bytes]:
        patience.extend(sock.gettimeout() for sock in held)
        yield answer(b"a picture")

    def connect(address: tuple[str, int], seconds: float) -> socket.socket:
        assert seconds <= CONNECT_SECONDS
        held.append(socket.create_connection(("127.0.0.1", host.port), seconds))
        return held[-1]

    with picture_host(respond, server if secure else None) as host:
        street = Street(authority, host, ["127.0.0.1"])
        origin = f"{'https' if secure else 'http'}://pictures.test"
        fetcher = Fetcher((), origin, resolve=street.resolve, connect=connect, tls=street.tls)
        assert fetcher.get(f"{origin}/a.png", In(60)) == b"a picture"

    (seconds,) = patience
    assert seconds is not None
    assert CONNECT_SECONDS < seconds <= 60
