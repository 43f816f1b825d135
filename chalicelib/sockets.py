"""The WebSocket API: subscribe to a job and receive it after every change."""

import json
from collections.abc import Mapping
from typing import Any

from chalice import Response

from chalicelib import logs
from chalicelib.errors import AppError, BadJson, Internal, InvalidInput, RateLimited
from chalicelib.events.pace import MESSAGES, WINDOW_MS, Pace
from chalicelib.routes.http import checked
from chalicelib.routes.requests import SocketMessage
from chalicelib.wiring import services

MAX_MESSAGE = 4096
_pace = Pace()


def connect(event: Any) -> Response:
    """Refuse pages of other origins. A client without an Origin header is not a browser."""
    headers = {k.lower(): v for k, v in (event.to_dict().get("headers") or {}).items()}
    origin = headers.get("origin")
    allowed = services().settings.network.allowed_origins
    if origin is not None and origin.rstrip("/") not in allowed:
        logs.event("socket_refused", connection=event.connection_id)
        return Response("", status_code=403)
    return Response("", status_code=200)


def message(event: Any) -> None:
    """Answer over the socket: a handler's return value does not reach the client."""
    connection = str(event.connection_id)
    logs.request_id.set(str(event.to_dict()["requestContext"].get("requestId") or ""))
    if not _pace.admits(connection, services().ports.clock()):
        _cut(connection)
        return
    services().ground.publisher.send(connection, _answer(connection, event.body))


def disconnect(event: Any) -> None:
    """Log the end. A job drops the connection when a push finds it gone."""
    logs.event("socket_closed", connection=event.connection_id)


def _cut(connection: str) -> None:
    logs.event("socket_cut", connection=connection)
    sentence = f"More than {MESSAGES} messages in {WINDOW_MS // 1000} seconds. Connect again later."
    services().ground.publisher.send(connection, _error(RateLimited.code, sentence))
    services().ground.publisher.disconnect(connection)


def _answer(connection: str, body: str | None) -> bytes:
    job_id: str | None = None
    try:
        wanted = _parse(body)
        job_id = wanted.job_id
        return _perform(connection, wanted)
    except AppError as error:
        return _error(error.code, error.sentence, job_id)
    except Exception:
        logs.failure("message_failed", connection=connection)
        return _error(Internal.code, "Something went wrong on our side. Try again.", job_id)


def _parse(body: str | None) -> SocketMessage:
    try:
        fields = json.loads(body or "") if len(body or "") <= MAX_MESSAGE else None
    except (ValueError, RecursionError):
        raise BadJson("The message is not valid JSON.") from None
    if not isinstance(fields, Mapping):
        raise InvalidInput("The message must be a small JSON object.")
    return checked(SocketMessage, fields)


def _perform(connection: str, wanted: SocketMessage) -> bytes:
    if wanted.action == "ping":
        return b'{"type":"pong"}'
    if not wanted.job_id:
        raise InvalidInput(f"To {wanted.action}, send the jobId.")
    if wanted.action == "subscribe":
        now = services().ports.clock()
        job = services().jobs.store.subscribe(wanted.job_id, connection, now)
        return services().jobs.events.message(job)
    services().jobs.store.unsubscribe(wanted.job_id, [connection])
    return services().jobs.events.message(services().jobs.service.get(wanted.job_id))


def _error(code: str, sentence: str, job_id: str | None = None) -> bytes:
    fields = {"type": "error", "error": sentence, "code": code}
    return json.dumps(fields | ({"jobId": job_id} if job_id else {})).encode()
