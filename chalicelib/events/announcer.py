"""Announcing a job: its latest state to everybody who listens to it."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.events.publisher import Delivery, Publisher
from chalicelib.jobs.model import Job
from chalicelib.jobs.store import JobStore
from chalicelib.jobs.view import ImageUrl, job_view


@dataclass(frozen=True)
class Announcer:
    """Best effort: a message that is lost is healed by the next one, or by a poll."""

    publisher: Publisher
    store: JobStore
    image_url: ImageUrl

    def message(self, job: Job) -> bytes:
        """The push message: the whole job as `GET /status` shows it."""
        return f'{{"type":"job","job":{job_view(job, self.image_url).to_json()}}}'.encode()

    def announce(self, job: Job) -> None:
        """Sends the job to its subscribers and forgets those who are gone; never raises."""
        if not job.subscribers:
            return
        began = time.perf_counter()
        deliveries = self.publisher.broadcast(job.subscribers, self.message(job))
        _log_push(job, deliveries, round((time.perf_counter() - began) * 1000, 1))
        gone = [connection for connection, fate in deliveries.items() if fate == "gone"]
        if not gone:
            return
        try:
            self.store.unsubscribe(job.id, gone)
        except (ClientError, BotoCoreError):
            logs.failure("unsubscribe_failed", jobId=job.id, connections=len(gone))


def _log_push(job: Job, deliveries: Mapping[str, Delivery], took: float) -> None:
    counts = Counter(deliveries.values())
    logs.measure(
        "push",
        {"PushFailures": counts["dropped"]},
        {},
        jobId=job.id,
        seq=job.seq,
        sent=counts["sent"],
        gone=counts["gone"],
        durationMs=took,
    )
