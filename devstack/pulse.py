"""Whether a part of the engine answers: one that hangs is ended, and replaced as a dead one is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from aiohttp import ClientError, ClientSession, ClientTimeout

from devstack import log
from devstack.child import Child

ASK_SECONDS, PATIENCE_SECONDS = 1.0, 2.0
"""How often a part is asked, and how long it has for its answer."""
SILENT_AFTER, HUNG_AFTER = 2, 6
"""Questions in a row without an answer until that is told, and until the part is ended: about 5 and
17 seconds. Questions are counted, as the machine may have slept between two."""

Ask = Callable[[], Awaitable[object]]


class Pulse:
    """Asks one child again and again for as long as `watch` runs."""

    def __init__(self, name: str, child: Child, ask: Ask) -> None:
        self._name = name
        self._child = child
        self._ask = ask
        self._unanswered = 0

    @property
    def is_silent(self) -> bool:
        return self._unanswered >= SILENT_AFTER

    async def watch(self) -> None:
        """Return when the child has ended, by itself or because it hung."""
        while not self._child.ended:
            await asyncio.sleep(ASK_SECONDS)
            await self._look()

    async def _look(self) -> None:
        if await self._answers():
            self._unanswered = 0
            return
        self._unanswered += 1
        if self._unanswered == SILENT_AFTER:
            log.event(f"{self._name} does not answer", logging.WARNING, pid=self._child.pid)
        if self._unanswered >= HUNG_AFTER:
            log.event(f"{self._name} hangs and is ended", logging.ERROR, pid=self._child.pid)
            self._child.kill()
            await self._child.wait()

    async def _answers(self) -> bool:
        with contextlib.suppress(TimeoutError, OSError, ClientError):
            await asyncio.wait_for(self._ask(), PATIENCE_SECONDS)
            return True
        return False


async def any_answer(url: str) -> None:
    """Return once anything is answered at the address; raise ClientError or TimeoutError."""
    timeout = ClientTimeout(total=PATIENCE_SECONDS)
    async with ClientSession(timeout=timeout) as session, session.get(url):
        return
