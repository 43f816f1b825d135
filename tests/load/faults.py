"""Many jobs over real connections to an AWS that fails, with providers that bill every call.

    python -m tests.load.faults --jobs 200

The real store, executor, service and reaper run in this process; workers lose invocations, get
them twice and die after claiming. What is left is judged from the table and the bucket themselves.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.callers import Caller
from chalicelib.generation.fanout import ThreadFanout
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import Submission
from chalicelib.providers.base import CallContext, ImageRequest, Parameters, Picture, Recovery
from chalicelib.providers.errors import ProviderDown, Refused
from tests.load.faulty_aws import FaultyAws, faulty_aws
from tests.load.report import print_figure
from tests.pictures import png
from tests.unit.cloud import BUCKET
from tests.unit.jobs.studio import LAMBDA_TIME, REAPER_TIME, Painter, Studio

MODELS, RESUMABLE = 9, (3, 6, 9)
WORKERS = 6
LOST_ANSWER, REFUSAL = 0.01, 0.02
LOST_EVENT, DUPLICATE, DEATH = 0.02, 0.05, 0.03
REAPER_PASSES, MINUTES = 12, 3.0
FEWEST_FAULTS = 1.5
"""For each job: 300 at the whole size."""
T = TypeVar("T")
Slot = tuple[str, int]
"""A job by its prompt, and the index of the model."""


@dataclass
class Ledger:
    """What providers billed and which pictures reached a worker."""

    billed: Counter[Slot] = field(default_factory=Counter)
    sent: dict[Slot, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def bill(self, slot: Slot) -> bytes:
        """Bills one call; its picture is unlike that of any other call."""
        with self.lock:
            self.billed[slot] += 1
            return png(f"{slot}#{self.billed[slot]}")


@dataclass
class Tally:
    """What the score card counts, all of it to be zero but the faults."""

    jobs: int
    faults: int
    billed_twice: int = 0
    lost: int = 0
    stuck: int = 0
    illegal: int = 0
    interrupted: int = 0
    completed: int = 0


class DyingFanout(ThreadFanout):
    """A worker that dies after claiming: about half of its slots never begin."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def start(self, index: int, task: Callable[[], None]) -> None:
        super().start(index, task if self._rng.random() < 0.5 else lambda: None)


class Trial:
    """One run: submit everything, work on it, reap what is left, judge."""

    def __init__(self, aws: FaultyAws, jobs: int, seed: int) -> None:
        self._aws = aws
        self._jobs = jobs
        self._seed = seed
        self._ledger = Ledger()
        painters = {index: self._painter(index) for index in range(1, MODELS + 1)}
        self._studio = Studio(aws.faulty, painters, timeout=60.0)

    def run(self) -> Tally:
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self._one, range(self._jobs)))
        for number in range(REAPER_PASSES):
            self._reap(number)
        return self._judge()

    def _painter(self, index: int) -> Painter:
        recovery = Recovery.RESUMABLE if index in RESUMABLE else Recovery.UNSAFE

        def draw(request: ImageRequest, context: CallContext) -> Picture:
            slot = request.prompt, index
            rng = random.Random(f"{self._seed}/{slot}/{self._ledger.billed[slot]}")
            if rng.random() < REFUSAL:
                raise Refused("The provider refused this prompt.")
            data = self._data(slot, recovery, context)
            if rng.random() < LOST_ANSWER:
                raise ProviderDown("The connection broke.", billed="unknown")
            self._ledger.sent[slot] = data
            return Picture(data)

        return Painter(draw, recovery)

    def _data(self, slot: Slot, recovery: Recovery, context: CallContext) -> bytes:
        if recovery is Recovery.UNSAFE:
            return self._ledger.bill(slot)
        if context.ticket is None:
            data = self._ledger.bill(slot)
            context.save_ticket(data.hex())
            return data
        return bytes.fromhex(context.ticket)

    def _one(self, number: int) -> None:
        """Submits one job as a browser does, and delivers its invocation as Lambda might."""
        rng = random.Random(f"{self._seed}/{number}")
        job = self._submit(number)
        listener = f"tab-{number}"
        _retried(lambda: self._studio.store.subscribe(job.id, listener, self._studio.clock()))
        deliveries = 0 if rng.random() < LOST_EVENT else 1 + (rng.random() < DUPLICATE)
        with ThreadPoolExecutor(2) as pool:
            for _ in range(deliveries):
                pool.submit(self._work, job.id, rng)

    def _submit(self, number: int) -> Job:
        submission = Submission(f"job {number}", Parameters())
        key = f"key-{number}"
        return _retried(lambda: self._studio.service.submit(submission, Caller("203.0.113.9"), key))

    def _work(self, job_id: str, rng: random.Random) -> None:
        executor = self._studio.executor
        if rng.random() < DEATH:
            executor = replace(executor, fanout=lambda: DyingFanout(rng))
        _retried(lambda: executor.run(job_id, LAMBDA_TIME))

    def _reap(self, number: int) -> None:
        """One pass, some minutes later, and the work that it hands out."""
        self._studio.functions.invoked.clear()
        self._studio.ahead_ms += round(MINUTES * 60_000)
        _retried(lambda: self._studio.reaper.run(REAPER_TIME))
        for invoked in list(self._studio.functions.invoked):
            self._work(json.loads(invoked["Payload"])["jobId"], random.Random(number))

    def _judge(self) -> Tally:
        tally = Tally(self._jobs, len(self._aws.fired()))
        tally.billed_twice = sum(calls > 1 for calls in self._ledger.billed.values())
        tally.illegal = illegal_steps([data for _, data in self._studio.sockets.posts])
        reader = Studio(self._aws.true, self._studio.painters, ahead_ms=self._studio.ahead_ms)
        gallery = reader.gallery.page(2 * self._jobs, None, reader.clock())
        shown = {entry.job_id for entry in gallery.entries}
        for number in range(self._jobs):
            self._judge_job(reader, self._submit(number), shown, tally)
        return tally

    def _judge_job(self, reader: Studio, job: Job, shown: set[str], tally: Tally) -> None:
        job = reader.current(job)
        tally.stuck += not job.finished or job.is_open or job.id not in shown
        for index, outcome in job.outcomes.items():
            sent = self._ledger.sent.get((job.prompt, index))
            tally.completed += outcome.image is not None
            tally.interrupted += bool(outcome.failure and outcome.failure.code == "INTERRUPTED")
            stored = None
            if outcome.image:
                found = self._aws.true.s3.get_object(Bucket=BUCKET, Key=outcome.image.key)
                stored = found["Body"].read()
            tally.lost += stored != sent


def illegal_steps(messages: Sequence[bytes]) -> int:
    """How often what was pushed contradicts itself: one `seq`, two jobs; an end that changed."""
    states: dict[tuple[str, int], str] = {}
    ends: dict[tuple[str, int], str] = {}
    wrong = 0
    for message in messages:
        job = json.loads(message)["job"]
        content = json.dumps(job, sort_keys=True)
        wrong += states.setdefault((job["jobId"], job["seq"]), content) != content
        for result in job["results"]:
            if result["status"] in ("pending", "in_progress"):
                continue
            end = json.dumps(result, sort_keys=True)
            wrong += ends.setdefault((job["jobId"], result["index"]), end) != end
    return wrong


def _retried(call: Callable[[], T]) -> T:
    """As a client does who has a key, Lambda with its retries, and a schedule's next minute."""
    for _ in range(5):
        try:
            return call()
        except (ClientError, BotoCoreError):
            continue
    return call()


def main(arguments: Sequence[str] | None = None) -> int:
    """The status says whether every promise held."""
    parser = argparse.ArgumentParser(description="Jobs over an AWS that fails.")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    logging.disable()
    with TemporaryDirectory() as directory, faulty_aws(Path(directory)) as aws:
        tally = Trial(aws, chosen.jobs, chosen.seed).run()
    print_figure("R2", **vars(tally))
    broken = any((tally.billed_twice, tally.lost, tally.stuck, tally.illegal))
    return int(broken or tally.faults < FEWEST_FAULTS * chosen.jobs)


if __name__ == "__main__":
    sys.exit(main())
