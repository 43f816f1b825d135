"""What those do who own batches: plan, start, pause, go on, raise budgets, retry, cancel."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.batches.runs.model import ENDED, RESTING, Batch
from chalicelib.batches.runs.order import Order
from chalicelib.callers import Caller
from chalicelib.errors import AppError, Unavailable
from tests.simulation.batches.auditor import CANARY
from tests.simulation.batches.installation import Installation
from tests.simulation.batches.providers import PICTURE_MICROS

DEFINITION = f"""
name: Lamps
steps:
  - {{id: brief, tier: cheap, max_tokens: 200, prompt: "{CANARY} a brief for {{{{ name }}}}"}}
  - {{id: picture, kind: image, prompt: "{CANARY} {{{{ steps.brief.output }}}}"}}
"""
NOBODY = Caller()
LOOK_S, LOOKS, PATIENCE = 60.0, 1_500, 12
MOST_RETRIES = 2
T = TypeVar("T")


class Owner:
    """One person with one batch, in a browser; a second tab is another process."""

    def __init__(self, number: int, at: Installation) -> None:
        self._number = number
        self._at = at
        self._world = at.world
        self._process = self._world.process(f"owner {number}")
        self._retries = 0
        self._paused = False
        self.is_gone = False

    def come(self) -> None:
        whole = 60_000 * self._world.plan.people
        self._world.scheduler.spawn(self._process, self._own, self._process.dice.uniform(0, whole))

    def _own(self) -> None:
        try:
            self._see_through()
        finally:
            self.is_gone = True

    def _see_through(self) -> None:
        version = self._patiently(lambda: self._at.templates.make(DEFINITION, NOBODY))
        assert version, "a template"
        if self._happens("repeated_submit"):
            tab = self._world.process(f"owner {self._number}+")
            self._world.scheduler.spawn(tab, lambda: self._plan(version.template_id), 200)
        batch = self._plan(version.template_id)
        assert batch, "a batch"
        self._patiently(lambda: self._at.service.start(batch.id, NOBODY))
        for _ in range(LOOKS):
            self._world.sleep(LOOK_S)
            seen = self._patiently(lambda: self._at.service.get(batch.id, NOBODY))
            if seen and not self._act(seen):
                return

    def _plan(self, template_id: str) -> Batch | None:
        size, dice = self._world.size, self._process.dice
        dear = size.rows * size.models * PICTURE_MICROS
        small = self._world.plan.rates.retry and dice.random() < 0.4
        order = Order(
            template_id=template_id,
            seed_data_id=f"seed-{self._number}",
            budget=dear // 4 if small else dear * 3,
            concurrency=size.concurrency,
            stop_after=30,
            pilot_rows=3 if small else None,
        )
        key = f"key {self._number}"
        return self._patiently(lambda: self._at.service.make(order, NOBODY, key, "body"))

    def _act(self, batch: Batch) -> bool:
        """Do what the batch needs now; False when there is nothing left to do."""
        service, batch_id = self._at.service, batch.id
        if batch.state == "running":
            self._disturb(batch)
        elif batch.state == "out_of_budget":
            more = self._at.limit(batch_id) * 3 // 2
            self._patiently(lambda: service.change_budget(batch_id, more, NOBODY))
        elif batch.state in RESTING:
            self._patiently(lambda: service.resume(batch_id, NOBODY))
        elif batch.state == "completed_with_failures" and self._retries < MOST_RETRIES:
            self._retries += 1
            if self._happens("retry"):
                self._patiently(lambda: service.retry(batch_id, None, NOBODY))
        elif batch.state in ENDED:
            return False
        return True

    def _disturb(self, batch: Batch) -> None:
        service = self._at.service
        if not self._paused and self._happens("cancel"):
            self._paused = True
            self._patiently(lambda: service.pause(batch.id, NOBODY))
        elif batch.done > batch.total // 2 and self._happens("cancel"):
            self._patiently(lambda: service.cancel(batch.id, NOBODY))

    def _patiently(self, act: Callable[[], T]) -> T | None:
        """Try again as a page does; give up when told that it is no use."""
        for _ in range(PATIENCE):
            try:
                return act()
            except (ClientError, BotoCoreError, Unavailable):
                self._world.sleep(1.0)
            except AppError:
                return None
        return None

    def _happens(self, kind: str) -> bool:
        return self._world.faults.happens(kind, self._process.name, self._process.dice)
