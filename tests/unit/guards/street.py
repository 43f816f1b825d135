"""A network in which every name and address is one host on this machine."""

import socket
import ssl
from collections.abc import Sequence

import trustme

from chalicelib.providers.transport.fetch import Fetcher
from tests.picture_host import PictureHost


class Street:
    """A network where every address leads to one local host, and every step is written down."""

    def __init__(self, authority: trustme.CA, host: PictureHost, *addresses: Sequence[str]) -> None:
        self.authority, self.host = authority, host
        self.addresses = list(addresses)
        self.resolved: list[str] = []
        self.connected: list[str] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        return self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.connected.append(address[0])
        return socket.create_connection(("127.0.0.1", self.host.port), timeout)

    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def fetcher(self, *allowed: str) -> Fetcher:
        return Fetcher(allowed, resolve=self.resolve, connect=self.connect, tls=self.tls)
