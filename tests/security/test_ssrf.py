"""No address that a provider names leads to a connection inside our own network."""

import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest

from chalicelib.providers.errors import BadResponse, ProviderDown, ProviderError
from chalicelib.providers.transport.fetch import Fetcher, is_public
from tests.clocks import In
from tests.figures import RecordFigure
from tests.picture_host import answer, picture_host, redirect

CORPORA = Path(__file__).parent / "corpora"
PUBLIC = "93.184.215.14"
NAMES = {
    "localhost.localdomain": ["127.0.0.1"],
    "private.example": ["10.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "loopback.bfl.ai": ["127.0.0.1"],
    "mixed.bfl.ai": [PUBLIC, "127.0.0.1"],
    "sixtofour.bfl.ai": ["2002:7f00:1::"],
}
"""Names that an attacker can make resolve as they please."""


def corpus(name: str) -> list[str]:
    lines = (CORPORA / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Connections:
    """Every address that this process tried to connect to, as the interpreter reports it."""

    def __init__(self) -> None:
        self.watching = False
        self.tried: list[tuple[object, ...]] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.watching and event == "socket.connect":
            address = arguments[1]
            self.tried.append(address if isinstance(address, tuple) else (address,))

    def to_anything_but(self, port: int) -> list[tuple[object, ...]]:
        return [address for address in self.tried if address != ("127.0.0.1", port)]


_CONNECTIONS = Connections()
"""An audit hook cannot be taken away again, so there is one for the whole run."""


@pytest.fixture
def connections() -> Iterator[Connections]:
    _CONNECTIONS.tried.clear()
    _CONNECTIONS.watching = True
    yield _CONNECTIONS
    _CONNECTIONS.watching = False


class Trap:
    """A listener on the loopback interface that counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join(5)


@pytest.fixture
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.close()


def resolve(host: str, port: int) -> Sequence[str]:
    """What the system's resolver makes of a literal in any notation, without asking a server."""
    if host in NAMES:
        return NAMES[host]
    if host.rstrip(".").lower() == "localhost":
        return ["127.0.0.1", "::1"]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


def urls(trap: Trap) -> list[str]:
    return [line.replace("{port}", str(trap.port)) for line in corpus("private_urls.txt")]


def refused(fetcher: Fetcher, url: str) -> bool:
    try:
        fetcher.get(url, In(5))
    except ProviderError as error:
        return isinstance(error, BadResponse | ProviderDown)
    return False


@pytest.mark.parametrize("allowed", ["*", "*.bfl.ai"])
def test_no_way_to_write_a_private_address_is_connected_to(
    connections: Connections, trap: Trap, record_figure: RecordFigure, allowed: str
) -> None:
    fetcher = Fetcher((allowed,), resolve=resolve)
    forms = urls(trap)
    assert [url for url in forms if not refused(fetcher, url)] == []
    assert connections.tried == []
    assert trap.visits == 0
    assert len(forms) >= 60
    tried = len(connections.tried) + trap.visits
    record_figure("S2", test=f"urls, hosts {allowed}", forms=len(forms), connections=tried)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_no_redirect_leads_to_a_private_address(
    connections: Connections, trap: Trap, record_figure: RecordFigure, status: str
) -> None:
    forms = [url for url in urls(trap) if url.isascii()]
    replies = {f"/{n}": redirect(url, status) for n, url in enumerate(forms)}
    with picture_host(lambda path: iter([replies.get(path, answer(b"", "404 N"))])) as host:
        fetcher = Fetcher(
            ("*",),
            trusted_origin="http://pictures.test/v1",
            resolve=lambda name, port: (
                ["127.0.0.1"] if name == "pictures.test" else resolve(name, port)
            ),
        )
        for path in replies:
            assert refused(fetcher, f"http://pictures.test:{host.port}{path}"), replies[path]
        asked = len(connections.tried)
        strays = connections.to_anything_but(host.port)
    assert asked >= len(forms)
    assert strays == []
    assert trap.visits == 0
    record_figure("S2", test=f"redirects {status[:3]}", forms=len(forms), connections=len(strays))


@pytest.mark.parametrize("companion", [[], [PUBLIC]])
def test_a_name_with_one_private_address_is_connected_to_by_none(
    connections: Connections, record_figure: RecordFigure, companion: list[str]
) -> None:
    addresses = corpus("private_addresses.txt")
    for address in addresses:
        for answers in ([*companion, address], [address, *companion]):
            fetcher = Fetcher(("*",), resolve=lambda *_, answers=answers: answers)
            assert refused(fetcher, "https://pictures.example/a.png"), address
    assert connections.tried == []
    test = "addresses beside a public one" if companion else "addresses"
    record_figure("S2", test=test, forms=len(addresses), connections=len(connections.tried))


def test_a_name_that_changes_its_address_is_held_to_the_checked_one(
    connections: Connections, record_figure: RecordFigure
) -> None:
    """Rebinding: the first look-up is harmless, all later ones lead inside."""
    lookups: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        lookups.append(host)
        return [PUBLIC] if len(lookups) == 1 else ["127.0.0.1"]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    fetcher = Fetcher(("*",), resolve=rebinding, connect=connect)
    assert refused(fetcher, "https://rebinding.example/a.png")
    assert (lookups, connected) == (["rebinding.example"], [PUBLIC])
    for _ in range(20):
        assert refused(fetcher, "https://rebinding.example/a.png")
    assert connected == [PUBLIC]
    assert connections.tried == []
    private = len(connected) - connected.count(PUBLIC) + len(connections.tried)
    record_figure("S2", test="rebinding", forms=len(lookups), connections=private)


def test_a_redirect_is_looked_up_and_checked_anew(connections: Connections) -> None:
    """The trusted host leads to a public name whose address has become private meanwhile."""
    with picture_host(lambda _: iter([redirect("https://delivery.bfl.ai/a.png")])) as host:
        fetcher = Fetcher(
            ("*.bfl.ai",),
            trusted_origin=host.origin,
            resolve=lambda name, _: ["127.0.0.1" if name == "127.0.0.1" else "10.0.0.1"],
        )
        assert refused(fetcher, host.origin + "/a.png")
    assert connections.to_anything_but(host.port) == []


def test_a_path_cannot_smuggle_a_second_request(connections: Connections) -> None:
    with picture_host(lambda _: iter([answer(b"fine")])) as host:
        fetcher = Fetcher((), trusted_origin=host.origin)
        for raw in ("\r\nHost: evil\r\n\r\nGET /b", " HTTP/1.1\r\nX: y", "\n\n", "\x00", "\x7f"):
            assert refused(fetcher, f"{host.origin}/a{raw}")
        assert fetcher.get(f"{host.origin}/{quote('ä b')}", In(5)) == b"fine"
    assert len(host.requests) == 1


def test_the_watch_sees_connections_that_do_happen(connections: Connections, trap: Trap) -> None:
    fetcher = Fetcher((), trusted_origin=f"http://127.0.0.1:{trap.port}")
    assert refused(fetcher, f"http://127.0.0.1:{trap.port}/")
    assert connections.tried == [("127.0.0.1", trap.port)]
    assert trap.visits == 1


@pytest.mark.parametrize("address", corpus("private_addresses.txt"))
def test_private_addresses_are_not_public(address: str) -> None:
    assert ip_address(address)
    assert not is_public(address)
