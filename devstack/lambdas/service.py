"""What the Lambda service does around a function: queues, retries, concurrency, schedules."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from devstack import log
from devstack.lambdas.model import FunctionFailed, FunctionSpec, Invocation, Json
from devstack.lambdas.runtime import Runtime
from devstack.template import AsyncSettings

OVERSLEPT_SECONDS, WOKEN_SECONDS = 2.0, 10.0
"""A schedule that comes this late means that the machine slept. What runs gets this long to end
before it is looked at, as no cloud sleeps."""


class TooManyRequests(Exception):
    """The function's reserved concurrency is used up."""


@dataclass(frozen=True)
class Surroundings:
    """What the service is given: settings by function, its rhythm, its clock and its ids."""

    async_settings: Callable[[str], AsyncSettings]
    retry_seconds: float
    schedule_seconds: float
    now: Callable[[], float]
    new_id: Callable[[], str]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class LambdaService:
    """Invokes the functions of one runtime by short name, deployed name or ARN."""

    def __init__(self, runtime: Runtime, surroundings: Surroundings) -> None:
        self._runtime = runtime
        self._around = surroundings
        self._busy: dict[str, asyncio.Semaphore] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def find(self, name: str) -> FunctionSpec | None:
        app = self._runtime.description
        short = name.rsplit(":", 1)[-1].removeprefix(f"{app.name}-local-")
        return next((spec for spec in app.functions if spec.name == short), None)

    async def invoke(self, spec: FunctionSpec, event: Json) -> Any:
        """Waits for the result; raises FunctionFailed or TooManyRequests."""
        slots = self._slots(spec)
        if isinstance(slots, asyncio.Semaphore) and slots.locked():
            raise TooManyRequests(spec.name)
        return await self._attempt(spec, event, self._around.new_id())

    def send(self, spec: FunctionSpec, event: Json) -> None:
        """Accepts an asynchronous event: retried when it fails, dropped when it is too old."""
        self._spawn(self._deliver(spec, event, self._around.new_id()))

    def start_schedules(self) -> None:
        """Sends every scheduled function its event, again and again, until `stop`."""
        for spec in self._runtime.description.functions:
            if spec.every:
                self._spawn(self._repeat(spec, self._around.schedule_seconds or spec.every))

    async def stop(self) -> None:
        """Forgets waiting events, as a reaper has to expect."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, spec: FunctionSpec, event: Json, request_id: str) -> None:
        settings = self._around.async_settings(spec.name)
        expires = self._around.now() + settings.max_age
        for attempt in range(1, settings.retries + 2):
            try:
                await self._attempt(spec, event, request_id)
                return
            except FunctionFailed as failure:
                _log_failure(spec, request_id, attempt, failure)
            if attempt <= settings.retries:
                await asyncio.sleep(self._around.retry_seconds)
            if self._around.now() > expires:
                break
        log.event("asynchronous event given up", logging.ERROR, function=spec.name, id=request_id)

    async def _attempt(self, spec: FunctionSpec, event: Json, request_id: str) -> Any:
        invocation = Invocation(f"function:{spec.name}", event, request_id, spec.timeout)
        async with self._slots(spec):
            return await self._runtime.call(invocation)

    async def _repeat(self, spec: FunctionSpec, seconds: float) -> None:
        running: asyncio.Task[None] | None = None
        while True:
            due = self._around.now() + seconds
            await self._around.sleep(seconds)
            if self._around.now() - due > OVERSLEPT_SECONDS:
                await self._around.sleep(WOKEN_SECONDS)
            # While its process is replaced, calls would pile up and then run all at once.
            if running is None or running.done():
                running = self._spawn(self._tick(spec))

    async def _tick(self, spec: FunctionSpec) -> None:
        """Call a scheduled function once: the next time is its retry."""
        request_id = self._around.new_id()
        try:
            await self._attempt(spec, self._scheduled_event(spec), request_id)
        except FunctionFailed as failure:
            _log_failure(spec, request_id, 1, failure)

    def _scheduled_event(self, spec: FunctionSpec) -> Json:
        now = datetime.fromtimestamp(self._around.now(), UTC)
        return {
            "version": "0",
            "id": self._around.new_id(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": "us-east-1",
            "resources": [f"arn:aws:events:us-east-1:000000000000:rule/{spec.name}"],
            "detail": {},
        }

    def _slots(self, spec: FunctionSpec) -> AbstractAsyncContextManager[None]:
        if not spec.reserved:
            return nullcontext()
        return self._busy.setdefault(spec.name, asyncio.Semaphore(spec.reserved))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _log_failure(
    spec: FunctionSpec, request_id: str, attempt: int, failure: FunctionFailed
) -> None:
    log.event(
        "function failed",
        logging.ERROR,
        function=spec.name,
        id=request_id,
        attempt=attempt,
        kind=failure.kind,
    )
