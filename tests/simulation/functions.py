"""Lambda's asynchronous side: events are delivered late, twice, or never; workers are killed."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.simulation.faults import Faults
from tests.simulation.scheduler import Process, Scheduler

TIME_LEFT_MS = 180_000
RETRY_MS = 60_000
CRASH_WITHIN_MS = 45_000
Event = Mapping[str, Any]
Run = Callable[[Event, int], None]
NewProcess = Callable[[str], Process]


class Functions:
    """The functions as `invoke` sees them, each with what it runs."""

    def __init__(
        self, scheduler: Scheduler, faults: Faults, new_process: NewProcess, runs: Mapping[str, Run]
    ) -> None:
        self._scheduler = scheduler
        self._faults = faults
        self._new_process = new_process
        self._runs = runs
        self._deliveries: dict[str, int] = {}
        self.workers: list[Process] = []

    def invoke(self, **request: Any) -> Mapping[str, Any]:
        """Accepts an event; what becomes of it, the caller does not learn."""
        event, name = json.loads(request["Payload"]), request["FunctionName"]
        process = self._scheduler.process
        if not self._faults.happens("dropped_event", process.name, process.dice):
            self._deliver(name, event, process.dice.uniform(20, 400), retries=1)
        if self._faults.happens("duplicate", process.name, process.dice):
            self._deliver(name, event, process.dice.uniform(20, 90_000), retries=1)
        return {"StatusCode": 202}

    def _deliver(self, name: str, event: Event, delay: float, retries: int) -> None:
        title = f"{name} {event['jobId']}"
        count = self._deliveries[title] = self._deliveries.get(title, 0) + 1
        worker = self._new_process(f"{title} {count}")
        self.workers.append(worker)

        def failed() -> None:
            if retries:
                self._deliver(name, event, RETRY_MS, retries - 1)

        self._scheduler.spawn(worker, lambda: self._serve(worker, name, event, failed), delay)

    def _serve(self, worker: Process, name: str, event: Event, failed: Callable[[], None]) -> None:
        if self._faults.happens("worker_crash", worker.name, worker.dice):
            kill_later(self._scheduler, worker, CRASH_WITHIN_MS, failed)
        try:
            self._runs[name](event, TIME_LEFT_MS)
        except (ClientError, BotoCoreError):
            failed()


def kill_later(
    scheduler: Scheduler, victim: Process, within_ms: float, then: Callable[[], None]
) -> None:
    """Kills the process at some moment within the time, if it still has work then."""

    def strike() -> None:
        if any(not task.body.dead for task in victim.tasks):
            scheduler.kill(victim)
            then()

    fate = Process(f"fate of {victim.name}", victim.dice)
    scheduler.spawn(fate, strike, victim.dice.uniform(0, within_ms))
