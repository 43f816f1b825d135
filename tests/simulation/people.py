"""What people do: submit, sometimes twice, look on, cancel, retry."""

from collections.abc import Callable
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.callers import Caller
from chalicelib.errors import NotFound, NotRetryable, RateLimited, Unavailable
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import Submission
from chalicelib.providers.base import Parameters
from tests.simulation.auditor import CANARY
from tests.simulation.installation import Installation
from tests.simulation.world import World

ARRIVAL_MS = 360
"""Ten thousand people come within an hour."""
PER_ADDRESS = 24
PATIENCE = 5
EVERY = 6
"""So many people come for one who wants two pictures of each model, large ones: four workers'."""
LOOK_S, LOOKS = 15.0, 60
CANCEL_WITHIN_MS = 40_000
NETWORK_TROUBLE = (ClientError, BotoCoreError, Unavailable)


class Person:
    """One visitor, who is their own browser process; a second tab is another."""

    def __init__(self, number: int, at: Installation) -> None:
        self._number = number
        self._at = at
        self._world: World = at.world
        self._name = f"person {number}"
        self._process = self._world.process(self._name)
        self._address = f"2001:db8::{number // PER_ADDRESS:x}:0:0:0:1"

    def come(self) -> None:
        """Comes at a time that depends on nobody else."""
        whole = ARRIVAL_MS * self._world.plan.people
        self._world.scheduler.spawn(
            self._process, self._visit, self._process.dice.uniform(0, whole)
        )

    def _visit(self) -> None:
        key = None
        if self._happens("repeated_submit"):
            key = f"key of {self._name}"
            self._in_second_tab(lambda: self._submit(key))
        job = self._submit(key)
        if job is None:
            return
        if self._process.dice.random() < 0.5:
            self._patiently(lambda: self._at.store.subscribe(job.id, self._name, self._now()))
        if self._happens("cancel"):
            self._world.scheduler.sleep(self._process.dice.uniform(0, CANCEL_WITHIN_MS))
            indices = self._unwanted(job)
            self._patiently(lambda: self._at.service.cancel(job.id, indices))
        self._retry(job)

    def _unwanted(self, job: Job) -> list[int] | None:
        """Half of those who cancel want the whole run to end, the others a few of its models."""
        dice = self._process.dice
        if dice.random() < 0.5:
            return None
        return sorted(dice.sample([slot.index for slot in job.slots], dice.randint(1, 3)))

    def _submit(self, key: str | None) -> Job | None:
        wish = Submission(f"{CANARY} {self._number}", Parameters())
        if self._number % EVERY == EVERY - 1:
            wish = replace(wish, parameters=Parameters(resolution="2K"), variants=2)
        return self._patiently(lambda: self._at.service.submit(wish, Caller(self._address), key))

    def _retry(self, job: Job) -> None:
        seen = self._wait_for_end(job, eager=self._process.dice.random() < 0.3)
        failed = _failed(seen)
        if not failed or not self._happens("retry"):
            return
        if self._process.dice.random() < 0.2:
            self._in_second_tab(lambda: self._ask_again(job, failed))
        self._ask_again(job, failed)

    def _ask_again(self, job: Job, failed: list[int]) -> None:
        self._patiently(lambda: self._at.service.retry(job.id, failed, Caller(self._address)))

    def _wait_for_end(self, job: Job, eager: bool) -> Job:
        """An eager one does not wait for the others once a model has failed."""
        seen = job
        for _ in range(LOOKS):
            self._world.sleep(LOOK_S)
            seen = self._patiently(lambda: self._at.service.get(job.id)) or seen
            if seen.finished or (eager and _failed(seen)):
                break
        return seen

    def _patiently(self, act: Callable[[], Job]) -> Job | None:
        """Tries again as a page does; gives up after a while, or when told that it is no use."""
        for _ in range(PATIENCE):
            try:
                return act()
            except NETWORK_TROUBLE:
                self._world.sleep(1.0)
            except (NotRetryable, RateLimited, NotFound):
                return None
        return None

    def _in_second_tab(self, act: Callable[[], object]) -> None:
        tab = self._world.process(f"{self._name}+")
        self._world.scheduler.spawn(tab, act, self._process.dice.uniform(0, 500))

    def _happens(self, kind: str) -> bool:
        return self._world.faults.happens(kind, self._name, self._process.dice)

    def _now(self) -> int:
        return self._world.scheduler.clock()


def _failed(job: Job) -> list[int]:
    return [i for i in job.outcomes if job.slot_status(i) != "completed"]
