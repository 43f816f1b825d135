"""Schedules after the machine slept: what runs may end first. On a clock that the test moves."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from devstack.lambdas.model import AppDescription, FunctionSpec, Invocation
from devstack.lambdas.runtime import Runtime
from devstack.lambdas.service import OVERSLEPT_SECONDS, WOKEN_SECONDS, LambdaService, Surroundings
from devstack.template import AsyncSettings

PERIOD = 60.0
AN_HOUR = 3600.0


class Functions(Runtime):
    """A runtime whose one function runs nowhere, and tells that it was called."""

    def __init__(self, called: asyncio.Event) -> None:
        super().__init__("worker", Path(), {}, BytesIO())
        reaper = FunctionSpec("reaper", timeout=60, memory=128, every=PERIOD)
        self.description = AppDescription("app", (reaper,), ())
        self._called = called

        self.calls, self.held = 0, asyncio.Event()
        self.held.set()

    async def call(self, invocation: Invocation) -> Any:
        self.calls += 1
        self._called.set()
        await self.held.wait()


class Night:
    """A clock whose waits take no time; the first is longer than was asked for."""

    def __init__(self, late: float) -> None:
        self.now, self.waits = 0.0, list[float]()
        self._late = late

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds + self._late
        self._late = 0.0
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("late", "waits"),
    [(OVERSLEPT_SECONDS - 1, [PERIOD]), (AN_HOUR, [PERIOD, WOKEN_SECONDS])],
)
def test_what_runs_may_end_before_a_machine_that_slept_looks_after_it(
    late: float, waits: list[float]
) -> None:
    night = Night(late)

    async def until_called() -> None:
        called = asyncio.Event()
        around = Surroundings(
            lambda _: AsyncSettings(0, 60), 0.0, 0.0, lambda: night.now, lambda: "id", night.sleep
        )
        service = LambdaService(Functions(called), around)
        service.start_schedules()
        await called.wait()
        await service.stop()

    asyncio.run(asyncio.wait_for(until_called(), 10))
    assert night.waits[: len(waits)] == waits
    assert WOKEN_SECONDS in night.waits or late < OVERSLEPT_SECONDS
    assert WOKEN_SECONDS not in night.waits[len(waits) :]


def test_a_scheduled_call_that_lasts_is_not_joined_by_others() -> None:
    night = Night(0.0)

    async def story() -> None:
        called = asyncio.Event()
        functions = Functions(called)
        functions.held.clear()
        around = Surroundings(
            lambda _: AsyncSettings(0, 60), 0.0, 0.0, lambda: night.now, lambda: "id", night.sleep
        )
        service = LambdaService(functions, around)
        service.start_schedules()
        await called.wait()
        waits = len(night.waits)
        while len(night.waits) < waits + 10:
            await asyncio.sleep(0)
        assert functions.calls == 1
        functions.held.set()
        while functions.calls == 1:
            await asyncio.sleep(0)
        await service.stop()

    asyncio.run(asyncio.wait_for(story(), 10))
