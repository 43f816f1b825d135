"""One open WebSocket and the events it gives rise to, shaped as API Gateway shapes them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web
from multidict import CIMultiDictProxy

from devstack.lambdas.model import Json

STAGE = "api"


@dataclass
class Connection:
    """A connection that `$connect` accepted; `active` is when a message last passed."""

    id: str
    source_ip: str
    user_agent: str
    domain: str
    connected: float
    active: float
    socket: web.WebSocketResponse = field(default_factory=web.WebSocketResponse)
    request: web.BaseRequest | None = None

    def identity(self) -> Json:
        return {"sourceIp": self.source_ip, "userAgent": self.user_agent}

    def show(self) -> Json:
        """As GetConnection answers."""
        return {
            "connectedAt": _iso(self.connected),
            "identity": self.identity(),
            "lastActiveAt": _iso(self.active),
        }


@dataclass(frozen=True)
class Moment:
    """When an event happens and what it is called."""

    now: float
    request_id: str


def connect_event(connection: Connection, moment: Moment, request: web.BaseRequest) -> Json:
    event: Json = {
        "headers": _last(request.headers),
        "multiValueHeaders": _all(request.headers),
        "requestContext": _context(connection, moment, "$connect", "CONNECT"),
        "isBase64Encoded": False,
    }
    if request.query:
        event["queryStringParameters"] = _last(request.query)
        event["multiValueQueryStringParameters"] = _all(request.query)
    return event


def message_event(connection: Connection, moment: Moment, data: str | bytes) -> Json:
    binary = isinstance(data, bytes)
    context = _context(connection, moment, "$default", "MESSAGE")
    return {
        "requestContext": {**context, "messageId": moment.request_id},
        "body": base64.b64encode(data).decode() if isinstance(data, bytes) else data,
        "isBase64Encoded": binary,
    }


def disconnect_event(connection: Connection, moment: Moment, code: int, reason: str) -> Json:
    context = _context(connection, moment, "$disconnect", "DISCONNECT")
    closing = {"disconnectStatusCode": code, "disconnectReason": reason}
    return {"headers": {}, "requestContext": {**context, **closing}, "isBase64Encoded": False}


def _context(connection: Connection, moment: Moment, route: str, kind: str) -> Json:
    time = datetime.fromtimestamp(moment.now, UTC)
    return {
        "routeKey": route,
        "eventType": kind,
        "messageDirection": "IN",
        "extendedRequestId": moment.request_id,
        "requestId": moment.request_id,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(moment.now * 1000),
        "connectedAt": int(connection.connected * 1000),
        "connectionId": connection.id,
        "stage": STAGE,
        "apiId": "local",
        "domainName": connection.domain,
        "identity": connection.identity(),
    }


Pairs = Mapping[str, str] | CIMultiDictProxy[str]


def _last(pairs: Pairs) -> dict[str, str]:
    return dict(pairs.items())


def _all(pairs: Pairs) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs.items():
        grouped.setdefault(name, []).append(value)
    return grouped


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
