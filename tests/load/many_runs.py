"""P14: the local engine with many runs in its state: start, stop, stalls, gallery and memory.

    python -m tests.load.many_runs --runs 10000

One real run of nine models is drawn, and written again and again under other ids straight into
the state: its items and the records of its 27 objects. (The files of their pictures are not
copied; nothing looks at them before somebody does.)
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import UUID

from devstack.state.bootstrap import TABLE
from devstack.state.store import Batch, Store
from tests.api.visitor import Visitor
from tests.load.report import print_figure
from tests.support.product import Product, descendants, processes, running_product

AT_ONCE = 500
WRITERS = 2
WRITING_S, SHORT_S = 10.0, 2.0
PAGES, PAGE = 20, 50
ITEM_BYTES = 7_000
COPIED = ("JOB#", "GALLERY#", "group-images/")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
BARS = {"start_s": 6.0, "stop_s": 3.0, "stall_ms": 150.0, "page_ms": 250.0}


@dataclass
class Figures:
    """What P14 asks; `start_cpu_s` is the processor time of the emulator's start."""

    runs: int
    start_s: float = 0
    start_cpu_s: float = 0
    stop_s: float = 0
    stall_ms: float = 0
    writes: int = 0
    page_ms: float = 0
    listed: int = 0
    emulator_mb: int = 0
    all_mb: int = 0
    state_mb: int = 0

    @property
    def good(self) -> bool:
        return self.listed == PAGE and all(getattr(self, name) <= bar for name, bar in BARS.items())


def fill(data: Path, runs: int) -> None:
    """Leave a state with so many runs."""
    with running_product(data) as product:
        visitor = Visitor(product.url)
        job = visitor.wait_drawn(visitor.generate("a fox in the snow at dawn")["jobId"], 90)
    store = Store(data / "state", sync=False)
    drawn = [
        ((kind, name), value)
        for kind in ("item", "object")
        for name, value in store.records(kind)
        if any(mark in name for mark in COPIED)
    ]
    created = max(int(found) for found in re.findall(r"00(\d{13})#", str(drawn)))
    for start in range(1, runs, AT_ONCE):
        batch: dict[tuple[str, str], bytes | None] = {}
        for number in range(start, min(start + AT_ONCE, runs)):
            batch.update(copies(drawn, job["jobId"], created, number))
        store.write(batch)
    store.close()


def copies(
    drawn: Sequence[tuple[tuple[str, str], bytes]], job_id: str, created: int, number: int
) -> Batch:
    """The records of a run under another id, a second older than the one before."""
    changes = {job_id: str(UUID(int=number)), str(created): str(created - 1000 * number)}
    pattern = re.compile("|".join(changes))

    def changed(text: str) -> str:
        return pattern.sub(lambda found: changes[found.group()], text)

    return {
        (kind, changed(name)): changed(value.decode()).encode() for (kind, name), value in drawn
    }


def measure(data: Path, runs: int, writing_s: float = SHORT_S) -> Figures:
    """Start, look at the gallery, write while somebody reads, and stop."""
    figures = Figures(runs, state_mb=(data / "state" / "state.db").stat().st_size >> 20)
    began = time.monotonic()
    with running_product(data) as product:
        figures.start_s = seconds_since(began)
        [emulator] = processes(product, "emulator")
        figures.start_cpu_s = cpu_s(emulator)
        figures.page_ms, figures.listed = gallery(product)
        figures.stall_ms, figures.writes = stall(product, writing_s)
        figures.emulator_mb = memory_mb(emulator)
        figures.all_mb = sum(map(memory_mb, (product.pid, *descendants(product.pid))))
        began = time.monotonic()
        product.stop()
        figures.stop_s = seconds_since(began)
    return figures


def gallery(product: Product) -> tuple[float, int]:
    """Return the median time of the first page, and how many runs are on it."""
    visitor, times = Visitor(product.url), []
    for _ in range(PAGES):
        began = time.monotonic()
        page = visitor.call("GET", f"/gallery?limit={PAGE}").json()
        times.append((time.monotonic() - began) * 1000)
    return round(sorted(times)[PAGES // 2], 1), len(page["galleries"])


def stall(product: Product, writing_s: float) -> tuple[float, int]:
    """Return the longest that a reader waited while others wrote, and how much they wrote."""
    stop, written = threading.Event(), [0] * WRITERS

    def write(number: int) -> None:
        with closing(Asker(product)) as asker:
            while not stop.is_set():
                item = {**key(f"{number}-{written[number] % 500}"), "v": {"S": "x" * ITEM_BYTES}}
                asker.ask("PutItem", TableName=TABLE, Item=item)
                written[number] += 1

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    longest, end = 0.0, time.monotonic() + writing_s
    with closing(Asker(product)) as reader:
        while time.monotonic() < end:
            longest = max(longest, reader.ask("GetItem", TableName=TABLE, Key=key("0-0")))
            time.sleep(0.005)
    stop.set()
    for writer in writers:
        writer.join()
    return round(longest * 1000, 1), sum(written)


class Asker:
    """Sends one operation after the other over one connection, without an AWS client's work."""

    def __init__(self, product: Product) -> None:
        address = urlsplit(product.emulator)
        self._connection = http.client.HTTPConnection(address.netloc, timeout=30)
        self._path = f"{address.path}/"

    def close(self) -> None:
        self._connection.close()

    def ask(self, operation: str, **body: object) -> float:
        """Return how many seconds the answer took."""
        target = {"X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        began = time.monotonic()
        self._connection.request("POST", self._path, json.dumps(body), target)
        with self._connection.getresponse() as answer:
            assert answer.status == 200, answer.read()
            answer.read()
        return time.monotonic() - began


def key(name: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"PROOF#{name}"}, "sk": {"S": "PROOF"}}


def seconds_since(began: float) -> float:
    return round(time.monotonic() - began, 2)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return round((int(fields[11]) + int(fields[12])) / TICKS_A_SECOND, 2)


def memory_mb(pid: int) -> int:
    """Return what a process holds, shared parts by its share of them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) >> 10


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as directory:
        fill(Path(directory), asked.runs)
        figures = measure(Path(directory), asked.runs, WRITING_S)
    print_figure("P14", **asdict(figures))
    return 0 if figures.good else 1


if __name__ == "__main__":
    sys.exit(main())
