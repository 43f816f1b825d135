"""Proxies and certificates of the machine mean the same to every provider's client."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.providers.base import EndsAt
from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.transport.fetch import Fetcher
from devstack.simulators import Simulators
from tests.contract.case import ADAPTERS, ModelCase
from tests.contract.driving import driver_at, simulated
from tests.contract.servers import closed_port

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE",
             "REQUESTS_CA_BUNDLE")  # fmt: skip
ELSEWHERE = "https://gateway.invalid/v1"
every_adapter = pytest.mark.parametrize("case", ADAPTERS, ids=str)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine that sets none of the variables yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@contextmanager
def refusing_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that keeps what each request asks for, and answers 502 to it."""
    asked: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(65536).split(b" HTTP/1.")[0].decode())
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@every_adapter
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_host_elsewhere_is_reached_by_the_proxy(
    case: ModelCase, variable: str, machine: pytest.MonkeyPatch
) -> None:
    with refusing_proxy() as (url, asked):
        machine.setenv(variable, url)
        error = driver_at(case, ELSEWHERE).error("a harbour")

    assert set(asked) == {"CONNECT gateway.invalid:443"}
    assert error is not None
    assert (error.code, error.billed) == ("UNAVAILABLE", "no")
    assert variable.upper() in error.sentence


@every_adapter
def test_a_host_that_is_excepted_is_not(case: ModelCase, machine: pytest.MonkeyPatch) -> None:
    with refusing_proxy() as (url, asked):
        machine.setenv("HTTPS_PROXY", url)
        machine.setenv("NO_PROXY", "gateway.invalid")
        code = driver_at(case, ELSEWHERE).code("a harbour")

    assert (asked, code) == ([], "UNAVAILABLE")


@every_adapter
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("HTTPS_PROXY", "https://proxy.invalid"),
        ("SSL_CERT_FILE", "/nonexistent"),
        ("REQUESTS_CA_BUNDLE", "/nonexistent"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_asked(
    case: ModelCase, variable: str, value: str, machine: pytest.MonkeyPatch
) -> None:
    machine.setenv(variable, value)

    error = driver_at(case, ELSEWHERE).error("a harbour")

    assert error is not None
    assert (error.code, error.billed) == ("UNAVAILABLE", "no")
    assert variable in error.sentence


@every_adapter
def test_loopback_is_reached_whatever_the_machine_says(
    case: ModelCase, machine: pytest.MonkeyPatch, simulators: Simulators
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        machine.setenv(name, "socks5://127.0.0.1:9")
    machine.setenv("SSL_CERT_FILE", "/nonexistent")
    machine.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")

    assert simulated(case, simulators).code("a harbour behind a proxy") == "picture"


def _in_ten_seconds() -> EndsAt:
    return EndsAt(10.0, lambda: 0.0)


def test_a_picture_is_fetched_by_the_proxy_under_the_providers_own_name(
    machine: pytest.MonkeyPatch,
) -> None:
    with refusing_proxy() as (url, asked):
        machine.setenv("HTTPS_PROXY", url)
        with pytest.raises(ProviderDown, match="HTTPS_PROXY") as caught:
            Fetcher(("*.bfl.invalid",)).get("https://cdn.bfl.invalid/a.png", _in_ten_seconds())

    assert asked == ["CONNECT cdn.bfl.invalid:443"]
    assert caught.value.billed == "yes"


def test_the_proxy_of_a_gateway_with_pictures_anywhere_is_told_the_checked_address(
    machine: pytest.MonkeyPatch,
) -> None:
    known = {"pictures.invalid": ["9.9.9.9"], "127.0.0.1": ["127.0.0.1"]}
    fetcher = Fetcher(("*",), resolve=lambda host, _: known[host])
    with refusing_proxy() as (url, asked):
        machine.setenv("HTTPS_PROXY", url)
        with pytest.raises(ProviderDown):
            fetcher.get("https://pictures.invalid/a.png", _in_ten_seconds())

    assert asked == ["CONNECT 9.9.9.9:443"]


@pytest.mark.parametrize("variable", ["ALL_PROXY", "SSL_CERT_FILE"])
def test_a_picture_that_cannot_be_fetched_names_the_variable_and_is_billed(
    variable: str, machine: pytest.MonkeyPatch
) -> None:
    machine.setenv(variable, "socks5://127.0.0.1:9")
    here = int(closed_port().rpartition(":")[2])
    with socket.create_server(("127.0.0.1", here)):
        fetcher = Fetcher(
            ("cdn.invalid",),
            resolve=lambda *_: ["9.9.9.9"],
            connect=lambda _, seconds: socket.create_connection(("127.0.0.1", here), seconds),
        )
        with pytest.raises(ProviderDown, match=variable) as caught:
            fetcher.get("https://cdn.invalid/a.png", _in_ten_seconds())

    assert caught.value.billed == "yes"
