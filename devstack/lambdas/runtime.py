"""Keeps a process of the app alive: a dead or hung one is replaced, a reload swaps it unnoticed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from devstack import log
from devstack.lambdas.model import AppDescription, Invocation, ProcessLost
from devstack.lambdas.process import FunctionProcess
from devstack.pulse import Pulse
from devstack.settings import EngineError

REPLACE_SECONDS = 30.0
RETRY_SECONDS = 1.0


class Runtime:
    """One role of the app, `api` or `worker`, in a process of its own."""

    description: AppDescription

    def __init__(
        self, role: str, project: Path, environment: Mapping[str, str], output: BinaryIO
    ) -> None:
        self.role = role
        self._project = project
        self._environment = environment
        self._output = output
        self._process: FunctionProcess | None = None
        self._ready = asyncio.Event()
        self._pulse: Pulse | None = None
        self._watch: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_well(self) -> bool:
        """Return whether its process is there and answers, as was seen in the last seconds."""
        return self._ready.is_set() and self._pulse is not None and not self._pulse.is_silent

    async def start(self) -> None:
        """Returns once the app is imported; raises EngineError when it cannot be."""
        await self._take(*await self._spawn())

    async def call(self, invocation: Invocation) -> Any:
        """Runs on the present process; while it is being replaced, waits for the next."""
        try:
            await asyncio.wait_for(self._ready.wait(), REPLACE_SECONDS)
        except TimeoutError:
            raise ProcessLost(invocation.request_id) from None
        assert self._process is not None, "set before ready"
        return await self._process.call(invocation)

    async def reload(self) -> None:
        """New calls meet the new code, running ones end on the old; raises EngineError."""
        old = self._process
        await self._take(*await self._spawn())
        if old:
            self._keep(old.drain())

    async def stop(self) -> None:
        """Ends the process, and with it whatever runs on it."""
        process, self._process = self._process, None
        self._ready.clear()
        if process:
            await process.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _spawn(self) -> tuple[FunctionProcess, AppDescription]:
        return await FunctionProcess.start(self._project, self._environment, self._output)

    async def _take(self, process: FunctionProcess, description: AppDescription) -> None:
        self._process, self.description = process, description
        if self._watch:
            # One that is drained answers no more.
            self._watch.cancel()
        self._pulse = process.pulse(self.role)
        self._watch = self._keep(self._pulse.watch())
        self._ready.set()
        self._keep(self._replace_when_lost(process))
        log.event(f"{self.role} process started", role=self.role, pid=process.pid)

    async def _replace_when_lost(self, process: FunctionProcess) -> None:
        status = await process.wait()
        if self._process is not process:
            return
        self._ready.clear()
        log.event(f"{self.role} process lost", logging.WARNING, pid=process.pid, status=status)
        while self._process is process:
            try:
                await self._take(*await self._spawn())
            except EngineError as problem:
                log.event(str(problem), logging.ERROR, role=self.role)
                await asyncio.sleep(RETRY_SECONDS)

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
