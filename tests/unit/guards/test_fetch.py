"""The guarded fetcher against a host that behaves well and badly."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import trustme

from chalicelib.providers.errors import BadResponse, ProviderDown, ProviderError, TimedOut
from chalicelib.providers.transport.fetch import MAX_BYTES, Fetcher, is_public
from tests.clocks import In
from tests.picture_host import PictureHost, answer, picture_host, redirect, trickle
from tests.unit.guards.street import Street

PICTURE = b"\x89PNG some bytes"
PUBLIC = "93.184.215.14"


def serving(*pieces: bytes) -> AbstractContextManager[PictureHost]:
    return picture_host(lambda _: iter(pieces))


def fetch(
    host: PictureHost,
    path: str = "/a.png",
    url: str = "",
    seconds: float = 5,
    max_bytes: int = MAX_BYTES,
) -> bytes:
    fetcher = Fetcher((), trusted_origin=host.origin, max_bytes=max_bytes)
    return fetcher.get(url or host.origin + path, In(seconds))


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_host(authority: trustme.CA) -> Iterator[PictureHost]:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("delivery.bfl.ai").configure_cert(server)
    with picture_host(lambda _: iter([answer(PICTURE)]), server) as host:
        yield host


def test_returns_the_bytes_of_a_trusted_host_over_plain_http() -> None:
    with serving(answer(PICTURE)) as host:
        assert fetch(host) == PICTURE


def test_sends_the_path_and_query_as_given_and_no_fragment() -> None:
    with serving(answer(PICTURE)) as host:
        fetch(host, "/a%2Fb.png?sig=x%3D&e=1#part")
    assert host.requests[0].startswith("GET /a%2Fb.png?sig=x%3D&e=1 HTTP/1.1\r\n")


def test_sends_no_credentials_even_where_the_environment_has_some(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(answer(PICTURE, Set_Cookie="a=b")) as host:
        fetch(host)
        fetch(host)
    assert set(host.headers()) == {"host", "accept", "accept-encoding", "user-agent"}


def test_ignores_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"from the proxy")) as proxy, serving(answer(PICTURE)) as host:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        assert fetch(host) == PICTURE
        assert proxy.requests == []


def test_reads_a_body_in_chunks() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving(head, b"4\r\nabcd\r\n", b"2\r\nef\r\n0\r\n\r\n") as host:
        assert fetch(host) == b"abcdef"


def test_reads_a_body_that_ends_with_the_connection() -> None:
    with serving(b"HTTP/1.0 200 OK\r\n\r\n", PICTURE) as host:
        assert fetch(host) == PICTURE


def test_proves_the_name_and_not_the_address_to_a_secure_host(
    authority: trustme.CA, secure_host: PictureHost
) -> None:
    street = Street(authority, secure_host, [PUBLIC])
    body = street.fetcher("*.bfl.ai").get("https://delivery.bfl.ai/a.png", In(5))
    assert body == PICTURE
    assert secure_host.names == ["delivery.bfl.ai"]
    assert secure_host.headers()["host"] == "delivery.bfl.ai"
    assert street.connected == [PUBLIC]


def test_refuses_a_certificate_of_another_name(
    authority: trustme.CA, secure_host: PictureHost
) -> None:
    street = Street(authority, secure_host, [PUBLIC])
    with pytest.raises(ProviderDown):
        street.fetcher("*.bfl.ai").get("https://other.bfl.ai/a.png", In(5))
    assert secure_host.requests == []


def test_refuses_a_certificate_of_an_unknown_authority(secure_host: PictureHost) -> None:
    street = Street(trustme.CA(), secure_host, [PUBLIC])
    with pytest.raises(ProviderDown):
        street.fetcher("*.bfl.ai").get("https://delivery.bfl.ai/a.png", In(5))
    assert secure_host.requests == []


def test_tries_the_next_address_when_one_does_not_answer() -> None:
    tried = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(address[0])
        if address[0] == "2001:db8::1":
            raise OSError("network is unreachable")
        return socket.create_connection(("127.0.0.1", host.port), timeout)

    with serving(answer(PICTURE)) as host:
        fetcher = Fetcher(
            (),
            trusted_origin="http://pictures.test",
            resolve=lambda *_: ["2001:db8::1", "127.0.0.1"],
            connect=connect,
        )
        assert fetcher.get("http://pictures.test/a", In(5)) == PICTURE
    assert tried == ["2001:db8::1", "127.0.0.1"]


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("delivery.bfl.ai", "delivery.bfl.ai"),
        ("delivery.bfl.ai", "DELIVERY.bfl.ai"),
        ("*.bfl.ai", "delivery.bfl.ai"),
        ("*", "delivery.bfl.ai"),
    ],
)
def test_reaches_expected_hosts(
    authority: trustme.CA, secure_host: PictureHost, pattern: str, host: str
) -> None:
    street = Street(authority, secure_host, [PUBLIC])
    assert street.fetcher(pattern).get(f"https://{host}/", In(5)) == PICTURE


def test_asks_by_https_where_a_provider_names_http(
    authority: trustme.CA, secure_host: PictureHost
) -> None:
    street = Street(authority, secure_host, [PUBLIC])
    assert street.fetcher("*.bfl.ai").get("http://delivery.bfl.ai:80/a.png", In(5)) == PICTURE
    assert secure_host.names == ["delivery.bfl.ai"]
    assert secure_host.headers()["host"] == "delivery.bfl.ai"


def test_unpacks_a_picture_that_was_compressed_by_force() -> None:
    with serving(answer(gzip.compress(PICTURE), Content_Encoding="gzip")) as host:
        assert fetch(host) == PICTURE


def test_bounds_what_a_compression_unpacks_to() -> None:
    with serving(answer(gzip.compress(bytes(40_000)), Content_Encoding="gzip")) as host:
        fetcher = Fetcher((), trusted_origin=host.origin, max_bytes=20_000)
        with pytest.raises(BadResponse, match="more than"):
            fetcher.get(f"{host.origin}/a.png", In(5))


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("delivery.bfl.ai", "x.delivery.bfl.ai"),
        ("*.bfl.ai", "bfl.ai"),
        ("*.bfl.ai", "evilbfl.ai"),
        ("*.bfl.ai", "x.bfl.ai.evil.example"),
        ("*.bfl.ai", "x.bfl.ai."),
    ],
)
def test_does_not_even_look_up_other_hosts(pattern: str, host: str) -> None:
    with pytest.raises(BadResponse):
        Fetcher((pattern,), resolve=_unreachable).get(f"https://{host}/", In(5))


@pytest.mark.parametrize("url", ["http://delivery.bfl.ai:8080/", "https://delivery.bfl.ai:8443/"])
def test_wants_https_on_its_own_port_from_a_provider(url: str) -> None:
    with pytest.raises(BadResponse):
        Fetcher(("*.bfl.ai",), resolve=_unreachable).get(url, In(5))


def test_refuses_an_address_that_carries_a_user_or_password() -> None:
    with serving(answer(PICTURE)) as host, pytest.raises(BadResponse, match="user"):
        fetch(host, url=f"http://someone:secret@127.0.0.1:{host.port}/a.png")
    assert host.requests == []


def _unreachable(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host} must not be looked up")


def test_trusts_every_port_of_the_configured_host_and_no_other_host() -> None:
    with serving(answer(PICTURE)) as host:
        fetcher = Fetcher((), trusted_origin="http://127.0.0.1:9/v1")
        assert fetcher.get(host.origin + "/a", In(5)) == PICTURE
        with pytest.raises(BadResponse):
            fetcher.get(f"http://localhost:{host.port}/a", In(5))


def test_follows_three_redirects_relative_ones_too() -> None:
    answers = {
        "/0": redirect("/1"),
        "/1": redirect("2?a=b"),
        "/2?a=b": redirect("//127.0.0.1:{}/3"),
    }

    def respond(path: str) -> Iterator[bytes]:
        yield answers.get(path, answer(PICTURE)).replace(b"{}", str(host.port).encode())

    with picture_host(respond) as host:
        assert fetch(host, "/0") == PICTURE
    assert len(host.requests) == 4


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_ends_a_redirect_loop(status: str) -> None:
    with serving(redirect("/again", status)) as host, pytest.raises(BadResponse, match="redirects"):
        fetch(host)
    assert len(host.requests) == 4


def test_refuses_a_redirect_without_a_location() -> None:
    with serving(answer(b"", "302 Found")) as host, pytest.raises(BadResponse):
        fetch(host)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", ProviderDown),
        ("401 Unauthorized", BadResponse),
        ("403 Forbidden", ProviderDown),
        ("410 Gone", BadResponse),
        ("204 No Content", BadResponse),
        ("425 Too Early", ProviderDown),
        ("429 Too Many Requests", ProviderDown),
        ("500 Oops", ProviderDown),
        ("503 Busy", ProviderDown),
    ],
)
def test_tells_a_picture_that_is_gone_from_a_host_that_is_down(
    status: str, error: type[ProviderError]
) -> None:
    with serving(answer(b"", status)) as host, pytest.raises(error):
        fetch(host)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
    ],
)
def test_turns_nonsense_and_broken_connections_into_a_typed_error(nonsense: bytes) -> None:
    with serving(nonsense) as host, pytest.raises(ProviderDown):
        fetch(host)


def test_refuses_a_body_announced_as_too_big_without_reading_it() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n"
    with serving(head) as host, pytest.raises(BadResponse, match="more than 1000 bytes"):
        fetch(host, max_bytes=1000)


@pytest.mark.parametrize("length", ["", "Content-Length: -5\r\n", "Content-Length: x\r\n"])
def test_stops_reading_a_body_that_grows_too_big(length: str) -> None:
    def endless(_: str) -> Iterator[bytes]:
        yield f"HTTP/1.1 200 OK\r\n{length}\r\n".encode()
        while True:
            yield b"x" * 65536

    with picture_host(endless) as host, pytest.raises(BadResponse, match="more than"):
        fetch(host, max_bytes=100_000)


def test_takes_a_body_of_exactly_the_most_bytes() -> None:
    with serving(answer(b"x" * 1000)) as host:
        assert fetch(host, max_bytes=1000) == b"x" * 1000


@pytest.mark.parametrize(
    "prefix",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n190\r\n",
    ],
)
def test_ends_a_trickle_at_the_deadline(prefix: bytes) -> None:
    def respond(_: str) -> Iterator[bytes]:
        yield prefix
        yield from trickle(b"x" * 400, 0.02)

    began = time.monotonic()
    with picture_host(respond) as host, pytest.raises(TimedOut):
        fetch(host, seconds=0.4)
    assert 0.35 < time.monotonic() - began < 5


def test_ends_a_silent_tls_handshake_at_the_deadline() -> None:
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimedOut):
            Fetcher((), trusted_origin=origin).get(origin + "/a", In(0.3))
    assert time.monotonic() - began < 5


def test_asks_nobody_when_the_deadline_has_passed() -> None:
    with serving(answer(PICTURE)) as host, pytest.raises(TimedOut):
        fetch(host, seconds=-1)
    assert host.requests == []


def test_says_that_a_closed_port_and_an_unknown_name_are_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ProviderDown):
        Fetcher((), trusted_origin="http://127.0.0.1").get(f"http://127.0.0.1:{port}/", In(5))

    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(ProviderDown):
        Fetcher(("gone.example",), resolve=unknown).get("https://gone.example/", In(5))


def test_counts_the_picture_as_billed_and_never_shows_its_signed_address() -> None:
    for pieces in ([redirect("/a?sig=CANARY")], [answer(b"", "404 N")], [b"CANARY"], []):
        with serving(*pieces) as host, pytest.raises(ProviderError) as caught:
            fetch(host, "/a?sig=CANARY")
        assert caught.value.billed == "yes"
        assert "CANARY" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_leaves_no_thread_behind() -> None:
    with serving(answer(PICTURE)) as host:
        before = set(threading.enumerate())
        fetch(host)
        ours = [t for t in set(threading.enumerate()) - before if isinstance(t, threading.Timer)]
        for timer in ours:
            timer.join(2)
        assert not any(timer.is_alive() for timer in ours)


def test_serves_many_threads_at_once() -> None:
    bodies: list[bytes] = []
    with picture_host(lambda path: iter([answer(path.encode())])) as host:
        fetcher = Fetcher((), trusted_origin=host.origin)

        def get(number: int) -> None:
            bodies.append(fetcher.get(f"{host.origin}/{number}", In(10)))

        threads = [threading.Thread(target=get, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(15)
    assert sorted(bodies) == sorted(f"/{n}".encode() for n in range(16))


@pytest.mark.parametrize("address", ["1.1.1.1", PUBLIC, "2606:4700::1111", "2a00:1450:4001::1"])
def test_calls_addresses_of_the_internet_public(address: str) -> None:
    assert is_public(address)
