"""The engine's side of one process that runs the app."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from devstack.child import Child
from devstack.lambdas.model import (
    AppDescription,
    FunctionFailed,
    Invocation,
    Json,
    ProcessLost,
    TimedOut,
)
from devstack.pulse import PATIENCE_SECONDS, Pulse
from devstack.settings import PROJECT, EngineError

MAX_LINE = 64 * 1024 * 1024
START_SECONDS = 60.0


class FunctionProcess:
    """A running process; every call on it ends with an answer or a FunctionFailed."""

    def __init__(
        self, child: Child, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._child = child
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls, project: Path, environment: Mapping[str, str], log: BinaryIO
    ) -> tuple[FunctionProcess, AppDescription]:
        """Returns once the app is imported; raises EngineError when it cannot be."""
        ours, theirs = socket.socketpair()
        with theirs:
            child = await Child.start(
                [sys.executable, "-m", "devstack.lambdas.host", str(theirs.fileno()), project],
                {**environment, "PYTHONPATH": str(PROJECT)},
                log,
                cwd=project,
                pass_fds=[theirs.fileno()],
            )
        reader, writer = await asyncio.open_connection(sock=ours, limit=MAX_LINE)
        process = cls(child, reader, writer)
        return process, await process._described()

    @property
    def pid(self) -> int:
        return self._child.pid

    async def call(self, invocation: Invocation) -> Any:
        """The function's result, from JSON to JSON. A call that runs out of time is abandoned."""
        try:
            answer = await self._ask(asdict(invocation), invocation.timeout)
        except TimeoutError:
            raise TimedOut(invocation.request_id, invocation.timeout) from None
        except ConnectionError:
            raise ProcessLost(invocation.request_id) from None
        return _result(answer)

    def pulse(self, role: str) -> Pulse:
        """What tells whether it answers, whatever runs on it."""
        return Pulse(role, self._child, lambda: self._ask({"ping": True}, PATIENCE_SECONDS))

    async def _ask(self, message: Json, seconds: float) -> Json:
        number = next(self._numbers)
        reply = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._send({"id": number, **message})
            return await asyncio.wait_for(reply, seconds)
        finally:
            del self._waiting[number]

    async def wait(self) -> int:
        """Its exit status, once it has ended and every call on it has failed."""
        status = await self._child.wait()
        if self._listening:
            await self._listening
        return status

    async def drain(self) -> None:
        """Lets the running calls end, then the process; returns when it has ended."""
        await self._send({"drain": True})
        await self.wait()

    async def stop(self) -> None:
        await self._child.stop(patience=2)
        self._writer.close()

    async def _described(self) -> AppDescription:
        try:
            line = await asyncio.wait_for(self._reader.readline(), START_SECONDS)
            message = json.loads(line or b'{"failed": "its process ended"}')
        except TimeoutError:
            message = {"failed": f"it took more than {START_SECONDS:g} seconds"}
        if "failed" in message:
            await self.stop()
            raise EngineError(f"The app cannot be imported: {message['failed']}.")
        self._listening = asyncio.create_task(self._listen())
        return AppDescription.from_json(message)

    async def _send(self, message: Json) -> None:
        self._writer.write(json.dumps(message).encode() + b"\n")
        await self._writer.drain()

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                answer = json.loads(line)
                if (reply := self._waiting.get(answer["id"])) and not reply.done():
                    reply.set_result(answer)
        except ConnectionError:
            pass
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(ConnectionResetError())
        self._writer.close()


def _result(answer: Json) -> Any:
    if error := answer.get("error"):
        raise FunctionFailed(error["kind"], error["message"], tuple(error["trace"]))
    return answer["result"]
