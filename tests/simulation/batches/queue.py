"""SQS and the workers that it wakes: messages come late, twice, or again; workers are killed."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.batches.runs.queue import batch_in
from tests.simulation.batches.world import BatchWorld
from tests.simulation.functions import kill_later
from tests.simulation.scheduler import Process

LAMBDA_MS = 900_000
HIDDEN_MS = 5_400_000
"""The queue's visibility timeout in the template."""
MOST_RECEIVED = 3


class Queue:
    """One queue with the function behind it."""

    def __init__(self, world: BatchWorld, work: Callable[[str, int], None]) -> None:
        self._world = world
        self._work = work
        self._count = 0

    def send_message_batch(self, **request: Any) -> Mapping[str, Any]:
        """Take what can be taken, and name the rest."""
        world, dice = self._world, self._world.scheduler.process.dice
        failed = []
        for entry in request["Entries"]:
            if world.happens("entry_failed"):
                failed.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
                continue
            self._deliver(entry["MessageBody"], dice.uniform(5, 300), 1)
            if world.happens("duplicate"):
                self._deliver(entry["MessageBody"], dice.uniform(5, 60_000), 1)
        return {"Successful": [], "Failed": failed}

    def _deliver(self, body: str, delay: float, receipt: int) -> None:
        self._count += 1
        worker = self._world.process(f"worker {self._count}")
        self._world.scheduler.spawn(worker, lambda: self._serve(worker, body, receipt), delay)

    def _serve(self, worker: Process, body: str, receipt: int) -> None:
        world, began = self._world, self._world.scheduler.now
        world.usage.workers += 1

        def again() -> None:
            if receipt < MOST_RECEIVED:
                self._deliver(body, HIDDEN_MS, receipt + 1)

        if world.happens("worker_crash"):
            kill_later(world.scheduler, worker, LAMBDA_MS, again)
        try:
            self._work(batch_in(body), LAMBDA_MS)
        except (ClientError, BotoCoreError):
            again()
        finally:
            world.usage.worker_ms += world.scheduler.now - began
