"""Telling everybody who subscribed to a job its latest state."""

import json
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.events.listeners import Listeners
from chalicelib.events.publisher import Delivery, Publisher
from chalicelib.images.addresses import Address
from chalicelib.jobs.model import Job
from chalicelib.jobs.store import JobStore, UnknownJob
from chalicelib.jobs.view import job_view


@dataclass(frozen=True)
class JobEvents:
    """Broadcast jobs, best effort: the next message, or a poll, heals a lost one."""

    publisher: Publisher
    store: JobStore
    address: Address
    listeners: Listeners | None = None

    def message(self, job: Job) -> bytes:
        """Return the push message: the whole job as `GET /status` shows it."""
        return f'{{"type":"job","job":{job_view(job, self.address).to_json()}}}'.encode()

    def tell_deleted(self, job: Job) -> None:
        """Tell a deleted job's subscribers that there is no such job any more. Never raises."""
        heard = self._listening(job) if job.subscribers else ()
        if heard:
            gone = UnknownJob()
            fields = {"error": gone.sentence, "code": gone.code, "jobId": job.id}
            self.publisher.broadcast(heard, json.dumps({"type": "error", **fields}).encode())

    def _listening(self, job: Job) -> Collection[str]:
        """Return those who may hear of the job now: without accounts, all its subscribers."""
        if self.listeners is None:
            return job.subscribers
        try:
            return self.listeners.of(job.subscribers, job.owner)
        except (ClientError, BotoCoreError):
            logs.failure("listeners_unknown", jobId=job.id)
            return ()

    def broadcast(self, job: Job) -> None:
        """Send the job to its subscribers and remove those who are gone. Never raises.

        Of a blind job whose results are not all there, only that it has begun: more messages
        would count its ends.
        """
        if job.secretive and job.seq > job.shown_seq:
            return
        heard = self._listening(job) if job.subscribers else job.subscribers
        if not heard:
            return
        began = time.perf_counter()
        deliveries = self.publisher.broadcast(heard, self.message(job))
        _log_push(job, deliveries, round((time.perf_counter() - began) * 1000, 1))
        gone = [connection for connection, delivery in deliveries.items() if delivery == "gone"]
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
