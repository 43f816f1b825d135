"""How much memory and time the check of seed data takes, in a process of its own.

`make proof SETS=seed-data`, or

    python -m tests.load.seed_memory [--megabytes 200] [--formats jsonl json csv]

Starts a local engine, puts a file of that size into its bucket for each format, and checks it with
the product's own code in a fresh process, whose peak the kernel tells (Linux).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

import boto3

from chalicelib.batches.seed_data.check import Checking
from chalicelib.batches.seed_data.files import SeedFiles, upload_key
from chalicelib.batches.seed_data.model import Format, SeedDataSet
from chalicelib.batches.seed_data.store import SeedDataStore
from devstack.state.bootstrap import BUCKET, REGION, TABLE
from tests.support.product import PROJECT, running_product

MB = 1024 * 1024
BAR_MB = 256
OWNER, COLUMNS = "", 6


@dataclass(frozen=True)
class Figures:
    """One check: of a file of `megabytes`, and what the process had before it began."""

    format: Format
    megabytes: float
    rows: int
    before_mb: float
    peak_mb: float
    seconds: float


def measure(emulator: str, kind: Format, megabytes: int) -> Figures:
    """Return the figures of one check against an emulator that runs."""
    seed_data_id = f"d{time.time_ns() // 1_000_000:011x}{'0' * 12}"
    with tempfile.TemporaryFile() as file:
        for piece in pieces(kind, megabytes * MB):
            file.write(piece)
        size = file.tell()
        file.seek(0)
        _client("s3", emulator).put_object(
            Bucket=BUCKET, Key=upload_key(OWNER, seed_data_id), Body=file
        )
    made = SeedDataSet(seed_data_id, OWNER, "rows", kind, size, "waiting", 0)
    store = SeedDataStore(_client("dynamodb", emulator), TABLE)
    store.make(made)
    store.begin(made, 0)
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.seed_memory", "--check", emulator, seed_data_id],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    found = store.find(OWNER, seed_data_id)
    assert found is not None
    assert found.state == "ready", found
    SeedFiles(_client("s3", emulator), lambda: _client("s3", emulator), BUCKET).remove_all(
        OWNER, seed_data_id
    )
    return Figures(kind, size / MB, found.rows, **told)


def pieces(kind: Format, size: int) -> Iterator[bytes]:
    """Yield a file of about so many bytes: rows of some 200, a few of 300 KB, and 1 % broken."""
    names = [f"product.field{n}" for n in range(COLUMNS)]
    if kind == "csv":
        yield (",".join(names) + "\n").encode()
    elif kind == "json":
        yield b"["
    written, number = 0, 0
    while written < size:
        lines = [_row(kind, n) for n in range(number, number + 500)]
        number += 500
        piece = (",\n" if kind == "json" else "\n").join(lines).encode()
        piece += b",\n" if kind == "json" else b"\n"
        written += len(piece)
        yield piece
    if kind == "json":
        yield b"]"


def _row(kind: Format, number: int) -> str:
    values = [f"the {number}th lämp, part {n}" for n in range(COLUMNS)]
    if number % 5000 == 4999:
        values[0] = "x" * 300_000
    if kind == "csv":
        return ",".join(f'"{value}"' for value in values[: COLUMNS - (number % 100 == 99)])
    row = json.dumps({"product": {f"field{n}": v for n, v in enumerate(values)}})
    return row.replace('"product"', "product") if number % 100 == 99 else row


def _check(emulator: str, seed_data_id: str) -> dict[str, float]:
    s3, began_s = _client("s3", emulator), time.monotonic()
    checking = Checking(
        SeedDataStore(_client("dynamodb", emulator), TABLE),
        SeedFiles(s3, lambda: s3, BUCKET),
        lambda: time.time_ns() // 1_000_000,
        lambda: "holder",
    )
    before = _high_water_mark()
    checking.run(OWNER, seed_data_id)
    seconds = round(time.monotonic() - began_s, 2)
    return {"before_mb": before, "peak_mb": _high_water_mark(), "seconds": seconds}


def _client(service: str, emulator: str) -> Any:
    session = boto3.Session("local", "local", region_name=REGION)
    client: Any = session.client
    return client(service, endpoint_url=emulator)


def _high_water_mark() -> float:
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(kilobytes.split()[1]) / 1024, 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--formats", nargs="*", choices=get_args(Format), default=get_args(Format))
    parser.add_argument("--check", nargs=2, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.check:
        print(json.dumps(_check(*wanted.check)))
        return
    with tempfile.TemporaryDirectory() as directory, running_product(Path(directory)) as product:
        found = [
            measure(product.emulator, cast(Format, f), wanted.megabytes) for f in wanted.formats
        ]
    for figures in found:
        print(json.dumps({"figure": "seed data", **asdict(figures), "bar_mb": BAR_MB}))
    sys.exit(max(figures.peak_mb for figures in found) > BAR_MB)


if __name__ == "__main__":
    main()
