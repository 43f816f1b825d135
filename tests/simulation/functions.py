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
Run = Callable[[str, int], None]
NewProcess = Callable[[str], Process]


class Functions:
    """The worker function as `invoke` sees it."""

    def __init__(
        self, scheduler: Scheduler, faults: Faults, new_process: NewProcess, run: Run
    ) -> None:
        self._scheduler = scheduler
        self._faults = faults
        self._new_process = new_process
        self._run = run
        self._deliveries: dict[str, int] = {}
        self.workers: list[Process] = []

    def invoke(self, **request: Any) -> Mapping[str, Any]:
        """Accepts an event; what becomes of it, the caller does not learn."""
        job_id = json.loads(request["Payload"])["jobId"]
        process = self._scheduler.process
        if not self._faults.happens("dropped_event", process.name, process.dice):
            self._deliver(job_id, process.dice.uniform(20, 400), retries=1)
        if self._faults.happens("duplicate", process.name, process.dice):
            self._deliver(job_id, process.dice.uniform(20, 90_000), retries=1)
        return {"StatusCode": 202}

    def _deliver(self, job_id: str, delay: float, retries: int) -> None:
        count = self._deliveries[job_id] = self._deliveries.get(job_id, 0) + 1
        worker = self._new_process(f"worker {job_id} {count}")
        self.workers.append(worker)

        def failed() -> None:
            if retries:
                self._deliver(job_id, RETRY_MS, retries - 1)

        self._scheduler.spawn(worker, lambda: self._serve(worker, job_id, failed), delay)

    def _serve(self, worker: Process, job_id: str, failed: Callable[[], None]) -> None:
        if self._faults.happens("worker_crash", worker.name, worker.dice):
            kill_later(self._scheduler, worker, CRASH_WITHIN_MS, failed)
        try:
            self._run(job_id, TIME_LEFT_MS)
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
