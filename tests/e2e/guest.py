"""A client that knows a base URL and finds everything else as a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import requests
from websockets.sync.client import connect

from tests.api.visitor import Socket, Visitor

COLD_START_SECONDS = 60


@dataclass(frozen=True)
class Guest(Visitor):
    """Asks for the socket's address instead of knowing it; waits for functions that start."""

    answer_seconds: ClassVar[int] = COLD_START_SECONDS

    @contextmanager
    def socket(self, origin: str | None = None) -> Iterator[Socket]:
        address = self.call("GET", "/models").json()["websocketUrl"]
        options: Any = {"origin": origin, "proxy": None, "open_timeout": COLD_START_SECONDS}
        with connect(address, **options) as connection:
            yield Socket(connection)

    def page(self, path: str, **options: Any) -> requests.Response:
        """Anything but the API, without following redirects."""
        return requests.get(self.url + path, timeout=30, allow_redirects=False, **options)


@dataclass(frozen=True)
class Person(Guest):
    """Somebody who has signed in, or a program with a key: a guest who shows a token."""

    token: str = ""

    def call(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> requests.Response:
        shown = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return super().call(method, path, body, headers=shown, **options)

    @contextmanager
    def socket(self, origin: str | None = None) -> Iterator[Socket]:
        """A connection that has signed in."""
        with super().socket(origin) as socket:
            told = socket.ask({"action": "authenticate", "token": self.token})
            assert told["type"] == "authenticated"
            yield socket
