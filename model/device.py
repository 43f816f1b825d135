"""One device with one pipeline: a picture at a time, and an end in time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, Protocol

from model.errors import Busy, Loading, Stopping
from model.order import Order
from model.picture import Drawn, png

WAITING_LIMIT = 8
FINISH_SECONDS, ABANDON_SECONDS = 6.0, 8.0
"""After the word to stop: until drawings are broken off, and until nobody waits for them.

Docker ends a container ten seconds after SIGTERM, SageMaker thirty.
"""


class Pipeline(Protocol):
    """What draws; called by one thread at a time."""

    def draw(self, order: Order, is_given_up: Callable[[], bool]) -> Drawn:
        """Ask `is_given_up` between steps, and raise Stopping once it says so."""


class Device:
    """Loads a pipeline and draws with it, both in one thread of its own."""

    def __init__(self, load: Callable[[], Pipeline]) -> None:
        self._load = load
        self._pipeline: Pipeline | None = None
        self._thread = ThreadPoolExecutor(1, "device")
        self._open: set[Event] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = asyncio.Event()
        self._abandoned = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether a request would be drawn."""
        return self._pipeline is not None and not self._stopping.is_set()

    async def load(self) -> None:
        """Raises what the pipeline raises."""
        loop = asyncio.get_running_loop()
        self._pipeline = await loop.run_in_executor(self._thread, self._load)

    async def draw(self, order: Order) -> bytes:
        """A PNG, when its turn has come.

        Raises Loading, Busy, Stopping, and what the pipeline raises. A caller that is cancelled
        gives its drawing up: the device is free again at its next step.
        """
        pipeline = self._pipeline_for_one_more()
        given_up = self._opened()
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, _draw, pipeline, order, given_up)
        ended = asyncio.ensure_future(self._abandoned.wait())
        try:
            waited: set[asyncio.Future[Any]] = {work, ended}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise Stopping
        finally:
            self._close(given_up)
            ended.cancel()
            work.cancel()

    async def stop(self) -> None:
        """Let what is drawn end within FINISH_SECONDS, break it off, and then wait for nothing."""
        self._stopping.set()
        if await self._all_answered(FINISH_SECONDS):
            return
        for given_up in self._open:
            given_up.set()
        if not await self._all_answered(ABANDON_SECONDS - FINISH_SECONDS):
            self._abandoned.set()

    def _pipeline_for_one_more(self) -> Pipeline:
        if self._stopping.is_set():
            raise Stopping
        if self._pipeline is None:
            raise Loading
        if len(self._open) > WAITING_LIMIT:
            raise Busy
        return self._pipeline

    def _opened(self) -> Event:
        given_up = Event()
        self._open.add(given_up)
        self._idle.clear()
        return given_up

    def _close(self, given_up: Event) -> None:
        given_up.set()
        self._open.discard(given_up)
        if not self._open:
            self._idle.set()

    async def _all_answered(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


def _draw(pipeline: Pipeline, order: Order, given_up: Event) -> bytes:
    """In the device's thread; what was given up while it waited is not begun."""
    if given_up.is_set():
        raise Stopping
    return png(pipeline.draw(order, given_up.is_set))
