"""The WebSocket API: subscribe to a job and receive it after every change."""

import json
from collections.abc import Mapping
from typing import Any

from chalice import Response

from chalicelib import logs
from chalicelib.callers import NOBODY, Caller
from chalicelib.errors import (
    AppError,
    BadJson,
    Internal,
    InvalidInput,
    NotFound,
    RateLimited,
)
from chalicelib.events.pace import MESSAGES, WINDOW_MS, Pace
from chalicelib.events.sessions import Session
from chalicelib.routes.access import admit_token
from chalicelib.routes.http import checked
from chalicelib.routes.requests import SocketMessage
from chalicelib.wire import iso
from chalicelib.wiring import services

MAX_MESSAGE = 4096
LONGEST_SESSION_MS = 86_400_000
"""How long a connection counts as signed in by a key that has no end."""
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
    if wanted.action == "authenticate":
        return _authenticate(connection, wanted.token or "")
    caller = _caller(connection)
    if wanted.batch_id:
        return _of_batch(connection, wanted, caller)
    if not wanted.job_id:
        raise InvalidInput(f"To {wanted.action}, send the jobId.")
    jobs = services().jobs
    if wanted.action == "subscribe":
        now = services().ports.clock()
        job = jobs.store.subscribe(wanted.job_id, connection, now, caller.owners)
        return jobs.events.message(job)
    jobs.store.unsubscribe(wanted.job_id, [connection])
    return jobs.events.message(jobs.service.get(wanted.job_id, caller))


def _of_batch(connection: str, wanted: SocketMessage, caller: Caller) -> bytes:
    if wanted.job_id:
        raise InvalidInput("Send either a jobId or a batchId.")
    if not services().has_batches:
        raise NotFound("This installation has no batches.")
    batches = services().batches
    batch = batches.look(wanted.batch_id or "", caller)
    if wanted.action == "subscribe":
        batches.events.subscribe(batch, connection)
    else:
        batches.events.unsubscribe(batch.id, [connection])
    return batches.message(batch)


def _authenticate(connection: str, token: str) -> bytes:
    """Let a connection hear of what its caller owns, until the token's time is over."""
    if not services().ground.has_accounts:
        raise InvalidInput("This installation has no accounts.")
    caller = admit_token(token, "read")
    ends_ms = caller.expires_at_ms or services().ports.clock() + LONGEST_SESSION_MS
    services().ground.sessions.put(Session(connection, caller, ends_ms))
    return json.dumps({"type": "authenticated", "expiresAt": iso(ends_ms)}).encode()


def _caller(connection: str) -> Caller:
    """Return who has signed in on the connection; raise Unauthenticated where nobody has."""
    listeners = services().ground.listeners
    return NOBODY if listeners is None else listeners.who(connection)


def _error(code: str, sentence: str, job_id: str | None = None) -> bytes:
    fields = {"type": "error", "error": sentence, "code": code}
    return json.dumps(fields | ({"jobId": job_id} if job_id else {})).encode()
