"""One meaning of the variables for proxies and certificates."""

import ssl
from pathlib import Path

import certifi
import pytest

from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.transport.network import (
    certificate_file,
    proxy_for,
    proxy_url,
    tls,
    variables_set,
)

API = "https://api.example.com/v1"
PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"HTTPS_PROXY": PROXY}, "HTTPS_PROXY"),
        ({"https_proxy": PROXY}, "HTTPS_PROXY"),
        ({"ALL_PROXY": PROXY}, "ALL_PROXY"),
        ({"HTTPS_PROXY": PROXY, "ALL_PROXY": "socks5://127.0.0.1:9"}, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "proxy.example:3128"}, "HTTPS_PROXY"),
        (
            {"HTTPS_PROXY": PROXY, "NO_PROXY": "other.com,le.com,api.example.com:8443"},
            "HTTPS_PROXY",
        ),
    ],
)
def test_the_scheme_decides_and_all_proxy_is_the_rest(
    environ: dict[str, str], variable: str
) -> None:
    proxy = proxy_for(API, environ)

    assert proxy is not None
    assert (proxy.url, proxy.variable) == (PROXY, variable)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HTTPS_PROXY": " "},
        {"HTTP_PROXY": PROXY},
        *[
            {"HTTPS_PROXY": PROXY, "NO_PROXY": excepted}
            for excepted in (
                "*", "example.com", ".example.com", "*.example.com", "a.b, API.example.com",
                "api.example.com:443",
            )
        ],
        {"HTTPS_PROXY": PROXY, "no_proxy": "example.com"},
    ],
)  # fmt: skip
def test_a_host_is_reached_directly_where_no_proxy_is_meant(environ: dict[str, str]) -> None:
    assert proxy_url("https://api.example.com:443/v1", environ) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "localhost", "a.localhost"])
@pytest.mark.parametrize("value", [PROXY, "socks5://127.0.0.1:9", "nonsense://"])
def test_loopback_is_never_reached_by_a_proxy(host: str, value: str) -> None:
    environ = {"HTTP_PROXY": value, "HTTPS_PROXY": value, "ALL_PROXY": value}

    assert proxy_for(f"http://{host}:8000/v1", environ) is None


def test_an_address_is_excepted_by_its_network() -> None:
    environ = {"HTTP_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}

    assert proxy_for("http://10.1.2.3/v1", environ) is None
    assert proxy_for("http://11.1.2.3/v1", environ) is not None


@pytest.mark.parametrize(
    "value",
    ["socks5://127.0.0.1:9", "socks5h://proxy:1080", "socks4://p", "https://proxy", "http://",
     "http://proxy:port", "http://[::1"],
)  # fmt: skip
def test_what_is_not_an_http_proxy_is_named_by_its_variable(value: str) -> None:
    with pytest.raises(ProviderDown, match="ALL_PROXY") as caught:
        proxy_for(API, {"ALL_PROXY": value})

    assert caught.value.billed == "no"
    assert "127.0.0.1" not in caught.value.sentence


def test_a_user_of_the_proxy_is_sent_in_its_header_and_never_shown() -> None:
    proxy = proxy_for(API, {"HTTPS_PROXY": "http://user:p%40ss@proxy.example"})

    assert proxy is not None
    assert proxy.address == ("proxy.example", 80)
    assert proxy.authorization == {"Proxy-Authorization": "Basic dXNlcjpwQHNz"}
    assert "ss@" not in repr(proxy)


def test_the_certificates_are_the_public_ones_unless_a_variable_names_others(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.pem"
    own.write_text(Path(certifi.where()).read_text())

    assert certificate_file(API, {}) == certifi.where()
    assert certificate_file(API, {"REQUESTS_CA_BUNDLE": str(own)}) == str(own)
    both = {"SSL_CERT_FILE": str(own), "REQUESTS_CA_BUNDLE": "/nonexistent"}
    assert certificate_file(API, both) == str(own)
    assert tls(API, both).get_ca_certs()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize("text", [None, "", "not a certificate"])
def test_certificates_that_cannot_be_read_are_named_by_their_variable(
    variable: str, text: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "certificates.pem"
    if text is not None:
        path.write_text(text)
    environ = {variable: str(path)}

    for read in (tls, certificate_file):
        with pytest.raises(ProviderDown, match=variable):
            read(API, environ)


def test_plain_http_needs_no_certificates() -> None:
    environ = {"SSL_CERT_FILE": "/nonexistent"}

    assert tls("http://127.0.0.1:8000", environ).verify_mode == ssl.CERT_REQUIRED
    assert certificate_file("http://127.0.0.1:8000", environ) == "/nonexistent"


def test_the_variables_in_force_can_be_named() -> None:
    assert variables_set({}) == ()
    assert variables_set({"all_proxy": PROXY, "SSL_CERT_FILE": "x", "NO_PROXY": "y"}) == (
        "ALL_PROXY",
        "SSL_CERT_FILE",
    )
