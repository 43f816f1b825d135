"""R12: kill -9 at random moments of a busy run: of the emulator, of the app, of everything.

    python -m tests.load.kills --kills 200

Visitors post jobs and look at their pictures, and writers put items and objects into the table and
the bucket as fast as these answer. Whatever was answered before a kill must be there after it, and
every job must come to its end.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

from devstack.state.bootstrap import BUCKET, TABLE
from tests.api.visitor import ENDED, Json, Visitor
from tests.load.report import print_figure
from tests.support.product import NotStarted, Product, processes, running_product, wait_until

MODELS = (1, 2, 6)
"""Slots of one simulated run; the sixth answers at once, the others after a while."""
ENVIRONMENT = {
    "SIMULATOR_PACE": "0.1",
    "ENGINE_SCHEDULE_SECONDS": "1",
    "GLOBAL_LIMIT": "100000",
    **{f"MODEL_{index}_TIMEOUT": "5" for index in range(1, 10)},
}
VISITORS, WRITERS = 2, 2
PARTS = ("emulator", "app", "emulator")
BETWEEN_S, UNDER_WAY_S = 0.02, 60.0
LEAST_S, MOST_S = 0.0, 2.5
ENDS_WITHIN_S = 90.0
RECORDED = ("status", "attempt", "imageUrl", "errorCode", "cost", "seed")
"""What a result shows from its end on, whatever happens; previews may come later."""


@dataclass
class Answered:
    """All that the engine said it had."""

    prompts: dict[str, str] = field(default_factory=dict)
    results: dict[tuple[str, int, int], Json] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)

    def see(self, job: Json) -> None:
        for result in job["results"]:
            if result["status"] in ENDED:
                key = (job["jobId"], result["index"], result["attempt"])
                self.results[key] = recorded(result)


@dataclass
class Tally:
    """What the score card counts."""

    kills: int = 0
    starts: int = 0
    answered: int = 0
    pictures: int = 0
    lost_writes: int = 0
    lost_pictures: int = 0
    failed_starts: int = 0
    stuck: int = 0

    def count(self, answered: Answered) -> None:
        self.answered = len(answered.prompts) + len(answered.results)
        self.answered += sum(answered.items.values()) + len(answered.objects)
        self.pictures = len(answered.pictures)

    def figures(self) -> Mapping[str, int]:
        return dict(vars(self))

    @property
    def good(self) -> bool:
        return not any((self.lost_writes, self.lost_pictures, self.failed_starts, self.stuck))


def recorded(result: Json) -> Json:
    return {name: result[name] for name in RECORDED if name in result}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def run(data: Path, kills: int, seed: int) -> Tally:
    """Kill so often and look after each start, then let every job come to its end."""
    rng, answered, tally = random.Random(seed), Answered(), Tally()
    while tally.kills < kills:
        try:
            with running_product(data, ENVIRONMENT) as product:
                check(product, answered, tally)
                live(product, answered, tally, rng, kills)
        except NotStarted as problem:
            print(problem)
            tally.failed_starts += 1
            break
    with running_product(data, ENVIRONMENT) as product:
        check(product, answered, tally)
        tally.stuck = stuck(product, answered)
    tally.count(answered)
    return tally


def live(
    product: Product, answered: Answered, tally: Tally, rng: random.Random, kills: int
) -> None:
    """One life of an engine: under way, its parts killed one after the other, then everything."""
    seen = len(answered.pictures)
    with busy(product, answered, f"{tally.starts}"):
        wait_until(lambda: len(answered.pictures) > seen, UNDER_WAY_S)
        for part in (*PARTS, None)[-(kills - tally.kills) :]:
            time.sleep(rng.uniform(LEAST_S, MOST_S))
            kill(product, part)
            tally.kills += 1
    tally.starts += 1


def kill(product: Product, part: str | None) -> None:
    """Kill one part and wait until it was replaced, or everything at once."""
    if part is None:
        product.kill()
        return
    old = processes(product, part)
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(processes(product, part) - old) == len(old), 60)


@contextmanager
def busy(product: Product, answered: Answered, name: str) -> Iterator[None]:
    """Visitors and writers, at work when the block begins and stopped at its end."""
    stop = threading.Event()
    visitor = Visitor(product.url)
    clients = [(product.aws("dynamodb"), product.aws("s3")) for _ in range(WRITERS)]
    work: list[Callable[[str], None]] = [partial(visit, visitor, answered, stop)] * VISITORS
    work += [partial(write, *pair, answered) for pair in clients]
    threads = [
        threading.Thread(target=go_on, args=(each, f"{name}-{index}", stop))
        for index, each in enumerate(work)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def go_on(work: Callable[[str], None], name: str, stop: threading.Event) -> None:
    """Do it again and again; what fails meanwhile was not answered."""
    count = 0
    while not stop.is_set():
        with contextlib.suppress(requests.RequestException, BotoCoreError, ClientError):
            work(f"{name}-{count}")
        count += 1
        stop.wait(BETWEEN_S)


def visit(visitor: Visitor, answered: Answered, stop: threading.Event, name: str) -> None:
    """Post a job and look at it until it has ended, and at its pictures as they come."""
    prompt = f"a fox, {name}"
    answer = visitor.call("POST", "/generate", {"prompt": prompt, "models": list(MODELS)})
    answer.raise_for_status()
    job = answer.json()
    answered.prompts[job["jobId"]] = prompt
    while job["status"] not in ENDED and not stop.is_set():
        stop.wait(BETWEEN_S)
        with contextlib.suppress(requests.RequestException):
            answer = visitor.call("GET", f"/status/{job['jobId']}")
            answer.raise_for_status()
            job = answer.json()
            answered.see(job)
            look(visitor, answered, job)


def look(visitor: Visitor, answered: Answered, job: Json) -> None:
    """Keep what each picture of the job is, once."""
    for url in set(image_urls(job)) - answered.pictures.keys():
        answer = visitor.image(url)
        answer.raise_for_status()
        answered.pictures[url] = digest(answer.content)


def image_urls(job: Json) -> list[str]:
    return [result["imageUrl"] for result in job["results"] if "imageUrl" in result]


def write(dynamodb: Any, s3: Any, answered: Answered, name: str) -> None:
    """Put an item, count it up, and put an object beside it."""
    dynamodb.put_item(TableName=TABLE, Item={**item_key(name), "n": {"N": "0"}})
    for count in range(1, 20):
        dynamodb.update_item(
            TableName=TABLE,
            Key=item_key(name),
            UpdateExpression="SET n = :n",
            ExpressionAttributeValues={":n": {"N": str(count)}},
        )
        answered.items[name] = count
        body = random.Random(f"{name}{count}").randbytes(30_000)
        s3.put_object(Bucket=BUCKET, Key=f"group-images/{name}/{count}", Body=body)
        answered.objects[f"group-images/{name}/{count}"] = body


def item_key(name: str) -> dict[str, Any]:
    return {"pk": {"S": f"PROOF#{name}"}, "sk": {"S": "PROOF"}}


def check(product: Product, answered: Answered, tally: Tally) -> None:
    """Count what was answered once and is not there now."""
    dynamodb, s3, visitor = product.aws("dynamodb"), product.aws("s3"), Visitor(product.url)
    for name, count in answered.items.items():
        item = dynamodb.get_item(TableName=TABLE, Key=item_key(name)).get("Item")
        tally.lost_writes += item is None or int(item["n"]["N"]) < count
    for key, body in answered.objects.items():
        tally.lost_writes += stored(s3, key) != body
    for job_id, prompt in answered.prompts.items():
        answer = visitor.call("GET", f"/status/{job_id}")
        tally.lost_writes += not answer.ok or not agrees(answer.json(), prompt, answered)
    for url, content in answered.pictures.items():
        tally.lost_pictures += digest(visitor.image(url).content) != content


def stored(s3: Any, key: str) -> bytes | None:
    try:
        body: bytes = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    except ClientError:
        return None
    return body


def agrees(job: Json, prompt: str, answered: Answered) -> bool:
    """Whether a job shows what it showed before."""
    seen = [
        recorded(result) == answered.results.get((job["jobId"], result["index"], result["attempt"]))
        for result in job["results"]
        if (job["jobId"], result["index"], result["attempt"]) in answered.results
    ]
    return bool(job["prompt"] == prompt and all(seen))


def stuck(product: Product, answered: Answered) -> int:
    """Return how many jobs have not come to their end in time."""
    visitor, deadline = Visitor(product.url), time.monotonic() + ENDS_WITHIN_S
    waiting = set(answered.prompts)
    while waiting and time.monotonic() < deadline:
        waiting = {job for job in waiting if visitor.status(job)["status"] not in ENDED}
        time.sleep(0.2)
    return len(waiting)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as directory:
        tally = run(Path(directory), asked.kills, asked.seed)
    print_figure("R12", **tally.figures())
    return 0 if tally.good else 1


if __name__ == "__main__":
    sys.exit(main())
