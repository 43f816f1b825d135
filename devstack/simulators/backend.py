"""The part that every simulator shares: pace, faults, ledger, pictures and the image host."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devstack.simulators import faults as fault
from devstack.simulators.drawing import PictureSpec, draw, picture_bomb
from devstack.simulators.faults import Faults, parse_faults
from devstack.simulators.image_host import ImageHost
from devstack.simulators.ledger import Kind, Ledger
from devstack.simulators.wire import Answer, ConnectionDropped, NonsenseSent, WireError, forever

SHORTEST_SECONDS = 0.3
LONGEST_SECONDS = 3.0
MAX_NUMBER = 2**31 - 1
NOT_AN_IMAGE = b"\x00\x01this is not an image\xff" * 64
NOT_BASE64 = "%%% this is not base64 %%%"


@dataclass(frozen=True)
class Order:
    """One valid request to a provider."""

    provider: str
    model: str
    prompt: str
    kind: Kind = "image"

    @property
    def number(self) -> int:
        """A number of 31 bits that is always the same for this model and prompt."""
        digest = hashlib.sha256(f"{self.model}\0{self.prompt}".encode(errors="replace")).digest()
        return int.from_bytes(digest[:4], "big") >> 1


class Backend:
    """Take orders, keep the ledger, and make what was ordered."""

    def __init__(
        self,
        ledger: Ledger,
        pace: float = 1.0,
        key: str | None = None,
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self.ledger = ledger
        self.key = key
        self.image_host = ImageHost()
        self._pace = pace
        self._clock = clock
        self.new_id = new_id

    def now(self) -> int:
        """Return the time in whole seconds since 1970."""
        return int(self._clock())

    def accept(self, order: Order, fault_answers: Mapping[str, Answer]) -> Faults:
        """Enter the order in the ledger; raise the fault answer that its marks ask for.

        A provider bills what it has accepted, even if the answer is lost later, but not
        what it refuses to make.
        """
        faults = parse_faults(order.prompt, order.provider)
        attempt = self.ledger.next_attempt(order.provider, order.model, order.prompt)
        failure = fault_answers.get(faults.refusal(attempt) or "")
        self.ledger.record(
            order.provider,
            order.model,
            order.prompt,
            order.kind,
            attempt=attempt,
            billed=failure is None and "refuse" not in faults,
        )
        if failure is not None:
            raise WireError(failure)
        return faults

    def seconds(self, order: Order, faults: Faults) -> float:
        """Return how long the order takes: the mark's time, else the model's own pace."""
        if faults.slow_seconds is not None:
            return faults.slow_seconds
        span = LONGEST_SECONDS - SHORTEST_SECONDS
        return self._pace * (SHORTEST_SECONDS + span * order.number / MAX_NUMBER)

    async def work(self, order: Order, fault_answers: Mapping[str, Answer]) -> Faults:
        """Accept the order, take its time, and lose the answer where a mark asks for it."""
        faults = self.accept(order, fault_answers)
        if fault.HANG in faults:
            await forever()
        await asyncio.sleep(self.seconds(order, faults))
        if fault.DROP in faults:
            raise ConnectionDropped
        if fault.GARBAGE in faults and order.kind == "text":
            raise NonsenseSent
        return faults

    async def picture(self, spec: PictureSpec, faults: Faults) -> bytes:
        """Return the picture's bytes, or other bytes where a mark asks for garbage or a bomb."""
        if fault.GARBAGE in faults:
            return NOT_AN_IMAGE
        if fault.BOMB in faults:
            return await asyncio.to_thread(picture_bomb)
        return await asyncio.to_thread(draw, spec)

    async def picture_base64(self, spec: PictureSpec, faults: Faults) -> str:
        """Return the picture as base64, or invalid base64 where a mark asks for garbage."""
        if fault.GARBAGE in faults:
            return NOT_BASE64
        return base64.b64encode(await self.picture(spec, faults)).decode()

    async def picture_url(self, spec: PictureSpec, faults: Faults) -> str:
        """Put the picture on the image host, and return the address it is collected from."""
        picture = await self.picture(spec, faults)
        return self.image_host.store(self.new_id(), picture, spec.content_type)
