"""Keeps a part of the engine alive: a child that dies is replaced, as after an OOM kill."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from devstack import log
from devstack.child import Child
from devstack.settings import EngineError

ATTEMPTS = 3
RETRY_SECONDS = 0.5


class Kept:
    """One part by name; `begin` starts it at its own address, and returns once it answers."""

    def __init__(self, name: str, begin: Callable[[], Awaitable[Child]]) -> None:
        self._name = name
        self._begin = begin
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self, given_up: Callable[[EngineError], None]) -> None:
        """Start it and keep it; `given_up` is told why when it cannot be replaced.

        Raises EngineError when it cannot be started the first time.
        """
        self._child = await self._begin()
        self._watch = asyncio.create_task(self._keep(self._child, given_up))

    async def stop(self) -> None:
        """End it for good."""
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._child:
            await self._child.stop()

    async def _keep(self, child: Child, given_up: Callable[[EngineError], None]) -> None:
        while True:
            status = await child.wait()
            log.event(f"{self._name} lost", logging.WARNING, pid=child.pid, status=status)
            try:
                child = self._child = await self._replacement()
            except EngineError as problem:
                given_up(problem)
                return
            log.event(f"{self._name} replaced", pid=child.pid)

    async def _replacement(self) -> Child:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._begin()
            except EngineError as problem:
                log.event(str(problem), logging.ERROR)
                await asyncio.sleep(RETRY_SECONDS)
        return await self._begin()
