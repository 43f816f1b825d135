"""Accepts WebSockets, hands their messages to the app, and posts to them by connection id."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from devstack import log
from devstack.lambdas.model import FunctionFailed, Invocation, Json
from devstack.lambdas.runtime import Runtime
from devstack.sockets.connection import (
    Connection,
    Moment,
    connect_event,
    disconnect_event,
    message_event,
)

MAX_FRAME = 32 * 1024
MAX_MESSAGE = 128 * 1024
MAX_BUFFERED = 1024 * 1024
SEND_SECONDS = 10.0


class Gone(Exception):
    """No such connection, or no longer."""


class TooLarge(Exception):
    """A message above 128 KB."""


class BufferFull(Exception):
    """The client does not read what it is sent."""


@dataclass(frozen=True)
class Limits:
    """API Gateway's, in seconds."""

    idle: float = 600.0
    life: float = 7200.0


class SocketGateway:
    """All open connections. Messages of one connection reach the app in their order."""

    def __init__(
        self,
        runtime: Runtime,
        limits: Limits,
        now: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self._runtime = runtime
        self._limits = limits
        self._now = now
        self._new_id = new_id
        self._open: dict[str, Connection] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from handshake to farewell."""
        if not web.WebSocketResponse().can_prepare(request):
            return web.json_response({"message": "Upgrade Required"}, status=426)
        connection = self._new_connection(request)
        refusal = await self._refusal(connection, request)
        if refusal is not None:
            return refusal
        await connection.socket.prepare(request)
        self._open[connection.id] = connection
        try:
            await self._converse(connection)
        finally:
            del self._open[connection.id]
            await self._farewell(connection)
        return connection.socket

    async def post(self, connection_id: str, data: bytes) -> None:
        """Sends a text message; raises Gone, TooLarge or BufferFull."""
        connection = self._find(connection_id)
        if len(data) > MAX_MESSAGE:
            raise TooLarge
        if _buffered(connection) > MAX_BUFFERED:
            raise BufferFull
        try:
            text = data.decode("utf-8", "replace")
            await asyncio.wait_for(connection.socket.send_str(text), SEND_SECONDS)
        except TimeoutError:
            raise BufferFull from None
        except (ConnectionError, RuntimeError):
            raise Gone from None
        connection.active = self._now()

    def show(self, connection_id: str) -> Json:
        """Raises Gone."""
        return self._find(connection_id).show()

    async def disconnect(self, connection_id: str) -> None:
        """Raises Gone."""
        await self._find(connection_id).socket.close()

    async def close(self) -> None:
        """Says goodbye to everybody."""
        await asyncio.gather(*(_go_away(c) for c in list(self._open.values())))

    def _find(self, connection_id: str) -> Connection:
        try:
            return self._open[connection_id]
        except KeyError:
            raise Gone from None

    def _new_connection(self, request: web.Request) -> Connection:
        # Only whole messages are seen here, so the limit for a frame is held for a message.
        socket = web.WebSocketResponse(max_msg_size=MAX_FRAME, compress=False)
        return Connection(
            id=self._new_id(),
            source_ip=request.remote or "",
            user_agent=request.headers.get("User-Agent", ""),
            domain=request.host,
            connected=self._now(),
            active=self._now(),
            socket=socket,
            request=request,
        )

    async def _refusal(self, connection: Connection, request: web.Request) -> web.Response | None:
        """What a client gets that `$connect` turned away; a failing handler turns away as well."""
        try:
            answer = await self._run("$connect", connect_event(connection, self._moment(), request))
        except FunctionFailed as failure:
            self._log_failure("$connect", failure)
            return web.json_response({"message": "Internal server error"}, status=502)
        status = int(answer.get("statusCode", 200)) if isinstance(answer, dict) else 200
        if 200 <= status < 300:
            return None
        return web.json_response({"message": "Forbidden"}, status=status)

    async def _converse(self, connection: Connection) -> None:
        """Until the client leaves, is idle for too long, or has lived its life."""
        while (patience := self._patience(connection)) > 0:
            try:
                message = await connection.socket.receive(timeout=patience)
            except TimeoutError:
                continue
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            connection.active = self._now()
            await self._deliver(connection, message.data)
        await _go_away(connection)

    async def _deliver(self, connection: Connection, data: str | bytes) -> None:
        moment = self._moment()
        try:
            await self._run("$default", message_event(connection, moment, data))
        except FunctionFailed as failure:
            self._log_failure("$default", failure)
            await self._complain(connection, moment)

    async def _complain(self, connection: Connection, moment: Moment) -> None:
        """What API Gateway tells a client whose message failed the app."""
        text = {
            "message": "Internal server error",
            "connectionId": connection.id,
            "requestId": moment.request_id,
        }
        with contextlib.suppress(Gone, BufferFull):
            await self.post(connection.id, json.dumps(text).encode())

    async def _farewell(self, connection: Connection) -> None:
        code = connection.socket.close_code or WSCloseCode.ABNORMAL_CLOSURE
        event = disconnect_event(connection, self._moment(), int(code), "")
        try:
            await self._run("$disconnect", event)
        except FunctionFailed as failure:
            self._log_failure("$disconnect", failure)

    async def _run(self, route: str, event: Json) -> Any:
        if route not in self._runtime.description.socket_routes:
            return None
        request_id = event["requestContext"]["requestId"]
        return await self._runtime.call(Invocation(f"socket:{route}", event, request_id))

    def _patience(self, connection: Connection) -> float:
        idle = connection.active + self._limits.idle
        return min(idle, connection.connected + self._limits.life) - self._now()

    def _moment(self) -> Moment:
        return Moment(self._now(), self._new_id())

    def _log_failure(self, route: str, failure: FunctionFailed) -> None:
        log.event("socket handler failed", logging.ERROR, route=route, kind=failure.kind)


def _buffered(connection: Connection) -> int:
    transport = connection.request.transport if connection.request else None
    return transport.get_write_buffer_size() if transport else 0


async def _go_away(connection: Connection) -> None:
    await connection.socket.close(code=WSCloseCode.GOING_AWAY, message=b"Going away")
