"""Models of batches: they bill every call that they take, and tell the books."""

import json
from dataclasses import dataclass

from chalicelib.providers.base import (
    CallContext,
    Completion,
    Cost,
    Deadline,
    ImageRequest,
    Picture,
    Recovery,
    Shown,
)
from chalicelib.providers.errors import OutOfCredit, ProviderDown, RateLimited, Refused, TimedOut
from tests.pictures import png
from tests.simulation.batches.auditor import Place
from tests.simulation.batches.world import BatchWorld
from tests.simulation.providers import BRINK_MS, POLL_S

PICTURE_MICROS, TEXT_MICROS = 40_000, 600
PICTURE_MS, TEXT_MS, SPREAD = 20_000.0, 3_000.0, 0.5


@dataclass
class Model:
    """What texts and pictures have in common: refusals before, and mishaps after the bill."""

    world: BatchWorld

    def take(self) -> None:
        """Let the call in, or refuse it without a bill."""
        self.world.wait(200)
        if self.world.happens("busy"):
            raise RateLimited("Too many calls.", retry_after=3.0)
        if self.world.happens("no_credit"):
            raise OutOfCredit("The account is empty. Fill it, and resume.")
        if self.world.happens("refusal"):
            raise Refused("The provider refused this prompt.")

    def answer(self, deadline: Deadline, median: float) -> None:
        """Take the time that an answer takes, or lose it on the way."""
        left = deadline.remaining() * 1000
        needed = median * self.world.scheduler.process.dice.lognormvariate(0.0, SPREAD)
        if self.world.happens("brink"):
            needed = max(0.0, left - self.world.scheduler.process.dice.uniform(0, BRINK_MS))
        if self.world.happens("hang"):
            needed += left
        elif needed > left:
            self.world.wait(left)
            raise TimedOut("No answer in time.")
        self.world.wait(needed)
        if self.world.happens("lost_answer"):
            raise ProviderDown("The connection broke.", billed="unknown")


@dataclass
class Writer(Model):
    """A text model."""

    index: int = 1

    def complete(
        self,
        system: str,
        user: str,
        max_tokens: int,
        deadline: Deadline,
        shown: Shown | None = None,
    ) -> Completion:
        place = self.world.called(f"brief.{self.index}.0", user)
        self.take()
        self.world.auditor.on_bill(place, TEXT_MICROS)
        self.answer(deadline, TEXT_MS)
        text = f"a lamp of {user.partition('for ')[2]}, number {place.attempt}"
        self.world.auditor.on_answer(place, text.encode(), deadline.remaining() > 0)
        return Completion(text, 40, 20, Cost(TEXT_MICROS / 1_000_000, "exact"))


@dataclass
class Painter(Model):
    """An image model; a resumable one gives tickets, of which only the first is billed."""

    index: int = 1
    recovery: Recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        if context.ticket:
            order = json.loads(context.ticket)
            place = Place(*order["place"])
            self.world.auditor.on_resumed(place, self.world.scheduler.process.name)
        else:
            place = self.world.called(f"picture.{self.index}.0", request.prompt)
            self.take()
            self.world.auditor.on_bill(place, PICTURE_MICROS)
        data = png(f"{place}")
        if self.recovery is Recovery.RESUMABLE:
            self._collect(place, context)
        else:
            self.answer(context.deadline, PICTURE_MS)
        self.world.auditor.on_answer(place, data, context.deadline.remaining() > 0)
        return Picture(data)

    def _collect(self, place: Place, context: CallContext) -> None:
        """A ticket, and then a look every few seconds until it is drawn."""
        scheduler = self.world.scheduler
        if context.ticket:
            ready = json.loads(context.ticket)["ready"]
        else:
            if self.world.happens("lost_answer"):
                raise ProviderDown("The connection broke.", billed="unknown")
            ready = scheduler.now + PICTURE_MS * scheduler.process.dice.lognormvariate(0, SPREAD)
            context.save_ticket(json.dumps({"place": list(place), "ready": ready}))
        while scheduler.now < ready:
            if context.deadline.remaining() <= 0:
                raise TimedOut("No answer in time.")
            context.sleep(min(POLL_S, max(0.0, context.deadline.remaining())))
            scheduler.point()
