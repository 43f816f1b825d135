"""Providers that bill every call they get, and the ledger of what they billed and sent."""

import json
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.jobs.model import CallName
from chalicelib.providers.base import CallContext, ImageRequest, Picture, Recovery
from chalicelib.providers.errors import ProviderDown, Refused, TimedOut
from tests.pictures import png
from tests.simulation.faults import Faults
from tests.simulation.scheduler import Process, Scheduler

MEDIAN_MS, SPREAD = 20_000.0, 0.6
BRINK_MS = 1000.0
POLL_S = 5.0
Attempt = tuple[str, int, int]
"""Job, slot, attempt."""


@dataclass(frozen=True)
class Sent:
    """A picture that reached a worker: when, and whether within its deadline."""

    at: int
    in_time: bool
    process: Process
    data: bytes


@dataclass
class Ledger:
    """Every billed call and every picture that arrived, by attempt."""

    billed: dict[Attempt, int] = field(default_factory=dict)
    sent: dict[Attempt, Sent] = field(default_factory=dict)

    def bill(self, attempt: Attempt) -> bytes:
        """Bills one call; its picture is unlike that of any other call."""
        count = self.billed[attempt] = self.billed.get(attempt, 0) + 1
        return png(f"{attempt}#{count}")


class Studio(Protocol):
    """Who is calling, as the simulation knows it."""

    scheduler: Scheduler
    faults: Faults
    ledger: Ledger

    def called(self, index: int) -> Attempt: ...

    def bill(self, attempt: Attempt) -> bytes: ...

    def note(self, event: str) -> None: ...


@dataclass
class Provider:
    """One model; a resumable one gives tickets, of which only the first is billed."""

    recovery: Recovery
    studio: Studio

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        called = CallName.parse(context.name)
        assert called is not None
        attempt = self.studio.called(called.index)
        if self.recovery is Recovery.RESUMABLE:
            data = self._collect(context.ticket or self._submit(attempt, context), context)
        else:
            data = self._draw(attempt, context)
        scheduler = self.studio.scheduler
        self.studio.note(f"slot {attempt[1]} picture arrived")
        self.studio.ledger.sent[attempt] = Sent(
            scheduler.clock(), context.deadline.remaining() > 0, scheduler.process, data
        )
        return Picture(data)

    def _draw(self, attempt: Attempt, context: CallContext) -> bytes:
        data = self._bill(attempt)
        left = context.deadline.remaining() * 1000
        needed = self._duration(left)
        if self._happens("hang"):
            needed = left + needed
        elif needed > left:
            self._wait(left)
            raise TimedOut("No answer in time.")
        self._wait(needed)
        if self._happens("lost_answer"):
            raise ProviderDown("The connection broke.", billed="unknown")
        self._refuse_sometimes()
        return data

    def _submit(self, attempt: Attempt, context: CallContext) -> str:
        self._wait(500)
        self._refuse_sometimes()
        data = self._bill(attempt)
        if self._happens("lost_answer"):
            raise ProviderDown("The connection broke.", billed="unknown")
        ready = self.studio.scheduler.now + self._duration(context.deadline.remaining() * 1000)
        ticket = json.dumps({"data": data.hex(), "ready": ready})
        context.save_ticket(ticket)
        return ticket

    def _collect(self, ticket: str, context: CallContext) -> bytes:
        order = json.loads(ticket)
        while not context.cancelled():
            context.sleep(min(POLL_S, max(0.0, context.deadline.remaining())))
            self.studio.scheduler.point()
            lost = self._happens("lost_answer")
            if not lost and self.studio.scheduler.now >= order["ready"]:
                return bytes.fromhex(order["data"])
            if context.deadline.remaining() <= 0:
                raise TimedOut("No answer in time.")
        raise ProviderDown("Not wanted any more.", billed="unknown")

    def _bill(self, attempt: Attempt) -> bytes:
        self.studio.note(f"slot {attempt[1]} billed")
        return self.studio.bill(attempt)

    def _duration(self, left: float) -> float:
        dice = self.studio.scheduler.process.dice
        if self._happens("brink"):
            return max(0.0, left - dice.uniform(0, BRINK_MS))
        return MEDIAN_MS * dice.lognormvariate(0.0, SPREAD)

    def _wait(self, milliseconds: float) -> None:
        self.studio.scheduler.point()
        self.studio.scheduler.sleep(max(0.0, milliseconds))
        self.studio.scheduler.point()

    def _refuse_sometimes(self) -> None:
        if self._happens("refusal"):
            raise Refused("The provider refused this prompt.")

    def _happens(self, kind: str) -> bool:
        process = self.studio.scheduler.process
        return self.studio.faults.happens(kind, process.name, process.dice)
