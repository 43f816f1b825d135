"""By which proxy and with which certificates a host is reached: the same for every client.

The variables are those that other programs know: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY
(in small letters too), SSL_CERT_FILE, and REQUESTS_CA_BUNDLE where that is not set. A client never
reads them itself, because each library reads others. Loopback is never reached by a proxy.
"""

import os
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from chalicelib.providers.errors import ProviderDown

_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
Environ = Mapping[str, str]


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy; `url` may hold a password, `variable` is where it was read."""

    url: str = field(repr=False)
    variable: str

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 80

    @property
    def authorization(self) -> dict[str, str]:
        """Return the header that the proxy asks for, empty where its address holds no user."""
        parts = urlsplit(self.url)
        if parts.username is None:
            return {}
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def proxy_for(url: str, environ: Environ = os.environ) -> Proxy | None:
    """Return the proxy that the URL is reached by, if any.

    Raise ProviderDown, naming the variable, for a proxy that is not an HTTP one.
    """
    parts = urlsplit(url)
    host, port = (parts.hostname or "").lower(), parts.port
    if is_loopback(host) or _is_excepted(host, port, environ):
        return None
    for variable in (f"{parts.scheme.upper()}_PROXY", "ALL_PROXY"):
        if value := _read(variable, environ):
            return _proxy(value, variable)
    return None


def proxy_url(url: str, environ: Environ = os.environ) -> str | None:
    """Return the proxy's address as clients take it, None for a direct connection."""
    proxy = proxy_for(url, environ)
    return proxy.url if proxy else None


def certificate_file(url: str, environ: Environ = os.environ) -> str:
    """Return the path of the authorities that the URL's host is checked with.

    Raise ProviderDown, naming the variable, for a file that cannot be read as certificates.
    """
    variable, path = _certificates(environ)
    if urlsplit(url).scheme == "https":
        _context(variable, path)
    return path


def tls(url: str, environ: Environ = os.environ) -> ssl.SSLContext:
    """Return the authorities that the URL's host is checked with; none for plain http.

    Raise ProviderDown, naming the variable, for a file that cannot be read as certificates.
    """
    if urlsplit(url).scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _context(*_certificates(environ))


def variables_set(environ: Environ = os.environ) -> tuple[str, ...]:
    """Return the names of the variables that decide how hosts are reached, as far as they are."""
    return tuple(name for name in (*_PROXIES, *_CERTIFICATES) if _read(name, environ))


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(variable: str, environ: Environ) -> str:
    return (environ.get(variable.lower()) or environ.get(variable) or "").strip()


def _proxy(value: str, variable: str) -> Proxy:
    url = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ProviderDown(
            f"{variable} is not the address of an HTTP proxy, such as http://proxy:3128; other "
            "kinds, SOCKS among them, are not supported."
        )
    return Proxy(url, variable)


def _is_excepted(host: str, port: int | None, environ: Environ) -> bool:
    return any(_matches(entry, host, port) for entry in _entries(environ))


def _entries(environ: Environ) -> Iterator[str]:
    for entry in _read("NO_PROXY", environ).lower().replace(",", " ").split():
        yield entry.removeprefix("*.").removeprefix(".")


def _matches(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        pass
    name, _, wanted = entry.partition(":")
    if wanted and wanted != str(port):
        return False
    return host == name or host.endswith(f".{name}")


def _certificates(environ: Environ) -> tuple[str, str]:
    for variable in _CERTIFICATES:
        if path := _read(variable, environ):
            return variable, path
    import certifi

    return "", certifi.where()


@lru_cache(maxsize=4)
def _context(variable: str, path: str) -> ssl.SSLContext:
    try:
        if os.path.isdir(path):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        raise ProviderDown(
            f"{variable} does not name a file of certificates that can be read."
        ) from None
