"""The product with accounts, in this process."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from chalice.app import WebsocketEvent
from chalice.test import Client, HTTPResponse

from chalicelib import sockets
from chalicelib.wiring import services
from tests.unit.accounts.people import Cognito
from tests.unit.accounts.pool import ANN, CLIENT, Pool
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Sockets
from tests.unit.routes.test_http import ENVIRONMENT

ACCOUNTS = {
    "BATCH_QUEUE_URL": "queue",
    **ENVIRONMENT,
    "AUTH": "cognito",
    "USER_POOL_ID": "us-east-1_Tests",
    "USER_POOL_CLIENT_ID": CLIENT,
    "IMAGE_SIGNING_KEY": "a key of the tests",
    "USER_DAILY_LIMIT": "off",
}


@dataclass
class House:
    """The app's HTTP routes with accounts, and the pool that its people are in."""

    client: Client
    pool: Pool
    cloud: Cloud
    people: Cognito = field(default_factory=Cognito)
    wire: Sockets = field(default_factory=lambda: Sockets([]))

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        raw = b"" if body is None else json.dumps(body).encode()
        return self.client.http.request(method, path, headers=sent, body=raw)

    def open_anew(self) -> None:
        """Read the environment again, as a process that has just started."""
        services.cache_clear()
        ports = services().ports
        ports.fetch_token_keys = self.pool.keys  # type: ignore[method-assign]
        ports.clock = self.pool.clock  # type: ignore[method-assign]
        ports.user_pool = self.people
        ports.sockets = cast(Any, self.wire)

    def as_user(
        self, user: str, method: str, path: str, body: object = None, **headers: str
    ) -> HTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, path, body, self.pool.token(user), named)

    def generate(self, user: str = ANN, prompt: str = "a lighthouse", **headers: str) -> str:
        answer = self.as_user(user, "POST", "/generate", {"prompt": prompt}, **headers)
        assert answer.status_code == 202, answer.body
        return str(answer.json_body["jobId"])


class Line:
    """One connected client, and what it hears."""

    def __init__(self, connection: str, house: House) -> None:
        self.connection, self._house = connection, house

    def say(self, **message: object) -> dict[str, Any]:
        context = {"connectionId": self.connection, "domainName": "d", "stage": "api"}
        event = {"requestContext": context, "body": json.dumps(message)}
        sockets.message(WebsocketEvent(event, None))
        return self.heard()[-1]

    def heard(self) -> list[dict[str, Any]]:
        posts = self._house.wire.posts
        return [json.loads(data) for to, data in posts if to == self.connection]


def code(message: dict[str, Any]) -> str:
    """Return a message's error code, or its type."""
    return str(message.get("code", message["type"]))


@pytest.fixture
def house(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name, value in ACCOUNTS.items():
        monkeypatch.setenv(name, value)
    from app import app

    with Client(app) as client:
        house = House(client, Pool(), cloud)
        house.open_anew()
        yield house
    services.cache_clear()
