"""The one way to fetch an address that a provider named.

The address comes from outside, so nothing about it is believed: it must be https at an expected
host, the host must resolve to public addresses only, and the connection is made to the address
that was checked, never to the name again. Each redirect starts from the beginning.
"""

import http.client
import re
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from threading import Event, Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from chalicelib.providers.base import Deadline
from chalicelib.providers.errors import BadResponse, ProviderDown, TimedOut
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import begun
from chalicelib.providers.transport.network import Proxy, proxy_for

Resolve = Callable[[str, int], Sequence[str]]
"""Gives every address of a host; called once per connection."""
Hold = Callable[[socket.socket], None]
"""Is given every socket that is opened."""
Connect = Callable[[tuple[str, int], float], socket.socket]
"""Connects to an address and port within so many seconds."""

MAX_BYTES = 32 * 1024 * 1024
MAX_REDIRECTS = 3
CONNECT_SECONDS = 10.0
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "pixel-prompt"}
_COMPRESSED = re.compile(r"gzip|deflate", re.IGNORECASE)
_ANY_HEADER = 47
"""Tells zlib to find out by itself which of the two it is."""
_PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without the space and the backslash, which parsers read differently."""

_GLOBAL_IPV6 = ip_network("2000::/3")
"""The only part of IPv6 that is given out; NAT64 and other disguises of IPv4 lie outside."""
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "3fff::/20")))
"""What Python 3.11 calls global although it is not, or leads through a tunnel to elsewhere."""


def certificates() -> ssl.SSLContext:
    """Return the authorities that the machine's settings name, else the public ones."""
    return network.tls("https://")


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Every IPv4 and IPv6 address that the system's resolver knows."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """True for an address of the public internet, the only kind a provider may lead us to."""
    ip = ip_address(address)
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if ip.version == 6 and ip not in _GLOBAL_IPV6:
        return False
    return not any(ip in network for network in _SPECIAL)


@dataclass(frozen=True)
class _Target:
    """A checked address; `trusted` ones may be plain http and need not be public."""

    authority: str
    host: str
    port: int
    path: str
    secure: bool
    trusted: bool

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.path}"


@dataclass(frozen=True)
class Fetcher:
    """Fetches pictures from a provider's own hosts; shared by threads.

    `allowed_hosts` are exact names, or patterns: "*.bfl.ai" is any name below bfl.ai, "*" any host
    (of a gateway whose pictures may lie anywhere), public like all others.
    `trusted_origin` is the base URL that the operator configured: its host is reached on any
    port, over http too, wherever it resolves to.
    """

    allowed_hosts: tuple[str, ...]
    trusted_origin: str | None = None
    max_bytes: int = MAX_BYTES
    resolve: Resolve = addresses_of
    connect: Connect = socket.create_connection
    tls: Callable[[], ssl.SSLContext] = certificates
    proxy: Callable[[str], Proxy | None] = proxy_for

    def get(self, url: str, deadline: Deadline) -> bytes:
        """Returns the body of the 200 answer, without sending any credentials.

        Raises BadResponse (not allowed, too big, gone, too many redirects), TimedOut, or
        ProviderDown; in all of them the picture has been drawn, and so billed.
        """
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._visit(self._checked(url), deadline)
            if isinstance(answer, bytes):
                return answer
            url = _joined(url, answer)
        raise _refused("redirects more than three times")

    def _checked(self, url: str) -> _Target:
        parts, port = _split(url)
        host = (parts.hostname or "").lower()
        trusted = host != "" and host == self._trusted_host()
        secure = parts.scheme == "https"
        if "@" in parts.netloc or parts.scheme not in ("http", "https"):
            raise _refused("holds a user, or is neither http nor https")
        if not trusted and not secure and port in (None, 80):
            # Some gateways name http where https serves the same; plain http is never asked.
            secure, port = True, None
        if not trusted and not (secure and port in (None, 443) and self._expects(host)):
            raise _refused("is not https at one of the provider's own hosts")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        port = port or (443 if secure else 80)
        authority = parts.netloc.removesuffix(":80") if secure else parts.netloc
        return _Target(authority, host, port, path, secure, trusted)

    def _trusted_host(self) -> str | None:
        return urlsplit(self.trusted_origin).hostname if self.trusted_origin else None

    def _expects(self, host: str) -> bool:
        return any(
            host.endswith(pattern[1:]) if pattern.startswith("*") else host == pattern
            for pattern in self.allowed_hosts
        )

    def _visit(self, target: _Target, deadline: Deadline) -> bytes | str:
        """Returns the body, or the address that the answer redirects to."""
        proxy = self._proxy(target)
        try:
            with _shut_at_the_end(deadline) as hold:
                sock = self._open(target, proxy, deadline, hold)
                with closing(_ask(sock, target, proxy)) as response:
                    return self._read(response)
        except TimeoutError:
            raise _timed_out() from None
        except (OSError, http.client.HTTPException, ValueError):
            # The cause may quote the address, whose query is often a signature.
            raise _down("could not be reached or broke off") from None

    def _proxy(self, target: _Target) -> Proxy | None:
        try:
            return self.proxy(target.url)
        except ProviderDown as problem:
            raise ProviderDown(problem.sentence, billed="yes") from None

    def _open(
        self, target: _Target, proxy: Proxy | None, deadline: Deadline, hold: Hold
    ) -> socket.socket:
        sock = self._reach(target, proxy, deadline, hold)
        if not target.secure:
            return sock
        try:
            context = self.tls()
        except ProviderDown as problem:
            raise ProviderDown(problem.sentence, billed="yes") from None
        # What was shut meanwhile has no peer to shake hands with.
        sock.settimeout(_remaining(deadline))
        # The handshake begins only when the socket that does it can be shut.
        secured = context.wrap_socket(
            sock, server_hostname=target.host, do_handshake_on_connect=False
        )
        hold(secured)
        secured.do_handshake()
        return secured

    def _reach(
        self, target: _Target, proxy: Proxy | None, deadline: Deadline, hold: Hold
    ) -> socket.socket:
        """Connect to a checked address, or through the proxy to the name or address checked."""
        if proxy is None:
            sock = self._connected(self._addresses(target, deadline), target.port, deadline)
            hold(sock)
            return sock
        host = target.host if self._is_named(target) else self._addresses(target, deadline)[0]
        where, port = proxy.address
        sock = self._connected(self._resolved(where, port, deadline), port, deadline)
        hold(sock)
        if target.secure:
            _tunnel(sock, host, target.port, proxy)
        return sock

    def _is_named(self, target: _Target) -> bool:
        """Whether a proxy may look the name up: the operator's or the provider's own, no other."""
        return target.trusted or ("*" not in self.allowed_hosts)

    def _addresses(self, target: _Target, deadline: Deadline) -> Sequence[str]:
        addresses = self._resolved(target.host, target.port, deadline)
        if not target.trusted and not all(is_public(address) for address in addresses):
            raise _refused("leads to an address that is not public")
        return addresses

    def _resolved(self, host: str, port: int, deadline: Deadline) -> Sequence[str]:
        """Look the name up; a resolver that does not answer is left behind at the deadline."""
        return begun(lambda: self.resolve(host, port)).result(_remaining(deadline))

    def _connected(self, addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
        sock = self._first_to_answer(addresses, port, deadline)
        sock.settimeout(_remaining(deadline))
        return sock

    def _first_to_answer(
        self, addresses: Sequence[str], port: int, deadline: Deadline
    ) -> socket.socket:
        for address in addresses:
            try:
                return self.connect((address, port), min(CONNECT_SECONDS, _remaining(deadline)))
            except OSError:
                continue
        _remaining(deadline)
        raise _down("could not be reached")

    def _read(self, response: http.client.HTTPResponse) -> bytes | str:
        if response.status in _REDIRECTS:
            return response.headers.get("Location", "")
        # Stores say 403 of what is not there yet, as they do of what is gone.
        if response.status >= 500 or response.status in (403, 404, 425, 429):
            raise _down(f"answered {response.status}")
        if response.status != 200:
            raise _refused(f"answered {response.status}")
        return self._body(response)

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        if (response.length or 0) > self.max_bytes:
            raise _refused(f"holds more than {self.max_bytes} bytes")
        body = response.read(self.max_bytes + 1)
        if len(body) > self.max_bytes:
            raise _refused(f"holds more than {self.max_bytes} bytes")
        if response.length:
            raise _down("broke off")
        if _COMPRESSED.search(response.headers.get("Content-Encoding", "")):
            return self._unzipped(body)
        return body

    def _unzipped(self, body: bytes) -> bytes:
        """Undo a compression that was not asked for, within the same bound."""
        inflater = zlib.decompressobj(_ANY_HEADER)
        try:
            whole = inflater.decompress(body, self.max_bytes + 1)
        except zlib.error:
            raise _down("sent a broken compression") from None
        if len(whole) > self.max_bytes:
            raise _refused(f"holds more than {self.max_bytes} bytes")
        return whole


def _split(url: str) -> tuple[SplitResult, int | None]:
    if not _PLAIN.fullmatch(url):
        raise _refused("is no plain web address")
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise _refused("is no web address") from None


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise _refused("redirects to no web address") from None


def _tunnel(sock: socket.socket, host: str, port: int, proxy: Proxy) -> None:
    """Have the proxy connect the socket to the host."""
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {where} HTTP/1.1", f"Host: {where}"]
    lines += [f"{name}: {value}" for name, value in proxy.authorization.items()]
    sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    with closing(http.client.HTTPResponse(sock, method="CONNECT")) as response:
        response.begin()
        if response.status != 200:
            sock.close()
            raise _down(f"could not be reached: the proxy of {proxy.variable} refused")


def _ask(sock: socket.socket, target: _Target, proxy: Proxy | None) -> http.client.HTTPResponse:
    """Send the request on a socket that is already connected."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    # The name as the address spells it: signatures of signed addresses cover it.
    headers, path = _HEADERS | {"Host": target.authority}, target.path
    if proxy and not target.secure:
        headers, path = headers | proxy.authorization, target.url
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


@contextmanager
def _shut_at_the_end(deadline: Deadline) -> Iterator[Hold]:
    """Close the sockets it is given, and shut them at the deadline, whatever they are doing.

    A socket's own timeout begins anew with each byte, in a handshake and a tunnel too.
    """
    ended, held = Event(), list[socket.socket]()

    def end() -> None:
        ended.set()
        for sock in held:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def hold(sock: socket.socket) -> None:
        held.append(sock)
        if ended.is_set():
            raise TimeoutError

    timer = Timer(_remaining(deadline), end)
    timer.daemon = True
    timer.start()
    try:
        yield hold
    finally:
        timer.cancel()
        for sock in held:
            sock.close()
        if ended.is_set():
            raise TimeoutError


def _remaining(deadline: Deadline) -> float:
    seconds = deadline.remaining()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _refused(problem: str) -> BadResponse:
    return BadResponse(f"The provider's picture address {problem}; try again.", billed="yes")


def _down(problem: str) -> ProviderDown:
    return ProviderDown(f"The provider's picture host {problem}; try again.", billed="yes")


def _timed_out() -> TimedOut:
    return TimedOut("The provider's picture did not arrive in time; try again.", billed="yes")
