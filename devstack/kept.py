"""Keeps a part of the engine alive: a child that dies or hangs is replaced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from devstack import log
from devstack.child import Child
from devstack.pulse import Ask, Pulse
from devstack.settings import EngineError

ATTEMPTS = 3
RETRY_SECONDS = 0.5


class Kept:
    """One part by name; `begin` starts it at its own address, and returns once it answers.

    `ask` asks it something that it answers at once, and raises what `Pulse` knows when it does not.
    """

    def __init__(self, name: str, begin: Callable[[], Awaitable[Child]], ask: Ask) -> None:
        self.name = name
        self._begin = begin
        self._ask = ask
        self._pulse: Pulse | None = None
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_well(self) -> bool:
        """Return whether it is there and answers, as far as was seen in the last seconds."""
        return self._pulse is not None and not self._pulse.is_silent

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
            status = await self._end(child)
            log.event(f"{self.name} lost", logging.WARNING, pid=child.pid, status=status)
            try:
                child = self._child = await self._replacement()
            except EngineError as problem:
                given_up(problem)
                return
            log.event(f"{self.name} replaced", pid=child.pid)

    async def _end(self, child: Child) -> int:
        """Return the child's exit status, when it has ended by itself or because it hung."""
        self._pulse = Pulse(self.name, child, self._ask)
        watch = asyncio.create_task(self._pulse.watch())
        try:
            return await child.wait()
        finally:
            watch.cancel()
            self._pulse = None

    async def _replacement(self) -> Child:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._begin()
            except EngineError as problem:
                log.event(str(problem), logging.ERROR)
                await asyncio.sleep(RETRY_SECONDS)
        return await self._begin()
