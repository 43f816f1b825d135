"""A client that knows a base URL and finds everything else as a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from websockets.sync.client import connect

from tests.api.visitor import Socket, Visitor

COLD_START_SECONDS = 60


@dataclass(frozen=True)
class Guest(Visitor):
    """Asks for the socket's address instead of knowing it."""

    @contextmanager
    def socket(self, origin: str | None = None) -> Iterator[Socket]:
        address = self.call("GET", "/models").json()["websocketUrl"]
        options: Any = {"origin": origin, "proxy": None, "open_timeout": COLD_START_SECONDS}
        with connect(address, **options) as connection:
            yield Socket(connection)

    def page(self, path: str, **options: Any) -> requests.Response:
        """Anything but the API, without following redirects."""
        return requests.get(self.url + path, timeout=30, allow_redirects=False, **options)
