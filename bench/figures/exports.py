"""P17: a hundred thousand finished rows as JSONL, CSV and Parquet, from the local engine's storage.

    python -m bench.figures.exports [ROWS]

One row of a text and a picture is written and then written again under other numbers, straight
into the engine's state, with the record of its picture. Each export runs in a process of its own,
whose peak the kernel tells (Linux). Converting is what lies between records and the finished file:
nothing is read, and the file goes nowhere.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import duckdb

from bench.effort import Effort
from bench.emulator import emulator_in
from bench.figures.memory import high_water_mark
from bench.installation import NOWHERE, Installation, installed
from bench.scorecard import PROJECT, Figure, Part
from chalicelib.batches.exports.columns import Record, columns_of, flat
from chalicelib.batches.exports.files import key_of
from chalicelib.batches.exports.formats import sink_of
from chalicelib.batches.exports.model import Export, Format, Spec
from chalicelib.batches.exports.upload import PART_BYTES, Upload
from chalicelib.batches.exports.writers import original
from chalicelib.batches.runs.calls import folder_of
from chalicelib.batches.runs.change import Change
from chalicelib.batches.runs.items import batch_key, cell_text, row_key
from chalicelib.batches.runs.model import Batch, Cell
from chalicelib.batches.runs.order import Order
from chalicelib.batches.runs.table import Put
from chalicelib.batches.seed_data.files import upload_key
from chalicelib.batches.seed_data.model import SeedDataSet
from chalicelib.callers import NOBODY, UNOWNED
from chalicelib.dynamo import Item, number, text
from chalicelib.generation.model import StoredImage
from devstack.state.store import Store

FORMATS: tuple[Format, ...] = ("jsonl", "csv", "parquet")
ROWS = 100_000
PICTURE = b"a picture that nobody looks at"
CONVERTING_BAR_S, BAR_S, BAR_MB = 4, 20, 300
AT_ONCE = 2_000
LAMBDA_MS = 900_000
NUMBER = f"{1:09d}"
"""How row 1 is told in its own item, its texts and its picture's key: what its copies change."""
DEFINITION = """
name: Lamps
steps:
  - {id: brief, tier: cheap, max_tokens: 80, prompt: "A photo brief for {{ product.name }}."}
  - {id: picture, kind: image, aspect_ratio: "3:2",
     prompt: "{{ steps.brief.output }} Style: {{ product.style }}."}
"""
BRIEF = (
    f"Lamp {NUMBER} on an oak table beside a window, one warm light from the left, the angle low, "
    "fine dust in the air, the brass worn where hands have held it for a century."
)
SETTINGS = {
    "BATCHES": "1",
    "TEXT_MODEL_COUNT": "1",
    "TEXT_MODEL_1_NAME": "Claude Haiku 4.5",
    "TEXT_MODEL_1_PROVIDER": "generic",
    "TEXT_MODEL_1_KEY": "none",
    "TEXT_MODEL_1_BASE_URL": NOWHERE,
    "TEXT_MODEL_1_TIER": "cheap",
    "TEXT_MODEL_1_PRICE_USD": "1/5",
    "MODEL_1_PRICE_USD": "0.04",
}


@dataclass(frozen=True)
class Took:
    """What one export took, in seconds and in megabytes of its process at the most."""

    converting_s: float
    whole_s: float
    megabytes: float


def measure(_: Effort) -> list[Figure]:
    return [Figure("P17", f"export of {ROWS:,} finished rows", parts(exported(ROWS)))]


def parts(found: Mapping[Format, Took]) -> tuple[Part, ...]:
    made: list[Part] = []
    for form, took in found.items():
        name = form.upper() if form != "parquet" else "Parquet"
        made += [
            Part(f"{name}, with reading", round(took.whole_s, 1), "s", BAR_S, is_timed=True),
            Part(f"{name}, converting", round(took.converting_s, 1), "s", CONVERTING_BAR_S),
            Part(f"{name}, memory", round(took.megabytes), "MB", BAR_MB),
        ]
    return tuple(made)


def exported(rows: int) -> dict[Format, Took]:
    """Return what each format took; raise ValueError where their records are not the same."""
    with finished_batch(rows) as (url, batch_id), TemporaryDirectory() as folder:
        files = {form: Path(folder, f"records.{form}") for form in FORMATS}
        whole = {form: _child(url, batch_id, form, path) for form, path in files.items()}
        count = same_records(files)
        if count != rows:
            raise ValueError(f"{count} records of {rows} rows")
        records = [json.loads(line) for line in files["jsonl"].read_bytes().splitlines()]
    return {
        form: Took(_converting_s(records, form), took["seconds"], took["megabytes"])
        for form, took in whole.items()
    }


@contextmanager
def finished_batch(rows: int) -> Iterator[tuple[str, str]]:
    """A running emulator with a completed batch of so many rows: its address and the batch's id."""
    with TemporaryDirectory() as directory:
        data = Path(directory)
        with emulator_in(data) as url, installed(url, 1, SETTINGS) as installation:
            batch_id = _one_of(installation, rows)
        _fill(Store(data / "state", sync=False), batch_id, rows)
        with emulator_in(data) as url:
            yield url, batch_id


def _one_of(installation: Installation, rows: int) -> str:
    """Make the batch with its data and its first row, and return its id."""
    batches = installation.services.batches
    template = batches.templates.make(DEFINITION, NOBODY)
    order = Order(template.template_id, _seed_data(installation, rows), budget=10**12)
    batch = batches.service.make(order, NOBODY, None, "")
    ended = Change(batch_key(batch.id)).set(state=text("completed"))
    ended.set(handed=number(rows), done=number(rows), pictures=number(rows), quota=number(rows))
    batches._writes.update(ended)
    cells = {cell.id: cell_text(cell) for cell in _cells(batch)}
    item: Item = {**row_key(batch.id, 1), "state": text("done"), "tries": number(1)}
    item |= {"updated_ms": number(batch.created_ms), "cells": {"M": cells}}
    batches._writes.put(Put(item))
    installation.services.ground.images.put(_key(batch), PICTURE, "image/png")
    return batch.id


def _seed_data(installation: Installation, rows: int) -> str:
    batches, s3 = installation.services.batches, installation.services.ports.s3
    lines = "".join(f'{{"product":{{"name":"lamp {n}","style":"etching"}}}}\n' for n in range(rows))
    found = SeedDataSet(f"d{'0' * 23}", UNOWNED, "lamps", "jsonl", len(lines), "waiting", 0)
    key = upload_key(found.owner, found.seed_data_id)
    s3.put_object(Bucket=installation.services.settings.storage.bucket, Key=key, Body=lines)
    batches._seed_store.make(found)
    batches._seed_store.begin(found, 0)
    batches.checking.run(found.owner, found.seed_data_id)
    return found.seed_data_id


def _cells(batch: Batch) -> Iterator[Cell]:
    began, ended = batch.created_ms, batch.created_ms + 1_800
    usual: dict[str, Any] = {
        "point": 0,
        "state": "done",
        "attempt": 1,
        "hold": "",
        "started_ms": began,
    }
    usual |= {"ended_ms": ended, "basis": "estimated", "counted": True}
    yield Cell(step="brief", model=1, cost=210, text=BRIEF, tokens_in=40, tokens_out=60, **usual)
    picture = StoredImage(_key(batch), "image/png", 1216, 832, len(PICTURE), 7, ())
    yield Cell(step="picture", model=1, cost=40_000, image=picture, **usual)


def _key(batch: Batch) -> str:
    return f"{folder_of(batch.id)}{NUMBER}-picture-0/hunyuan-image-1-1-1.png"


def _fill(store: Store, batch_id: str, rows: int) -> None:
    """Write row 1 and its picture's record again under the numbers of all others."""
    first = [
        ((kind, name), value.decode())
        for kind in ("item", "object")
        for name, value in store.records(kind)
        if batch_id in name and NUMBER in name
    ]
    for begin in range(2, rows + 1, AT_ONCE):
        numbers = [f"{n:09d}" for n in range(begin, min(begin + AT_ONCE, rows + 1))]
        store.write(
            {
                (kind, name.replace(NUMBER, n)): value.replace(NUMBER, n).encode()
                for n in numbers
                for (kind, name), value in first
            }
        )
    store.close()


def same_records(files: Mapping[Format, Path]) -> int:
    """Return how many records there are; raise ValueError where formats differ."""
    columns = columns_of("url")
    count = 0
    with duckdb.connect() as connection, files["csv"].open(newline="") as cells:
        table = connection.read_parquet(str(files["parquet"]))
        rows = csv.DictReader(cells, strict=True)
        with files["jsonl"].open("rb") as lines:
            for line in lines:
                record = flat(json.loads(line), columns)
                values = table.fetchone()
                told = {name: original(cell) for name, cell in next(rows).items()}
                if values != tuple(record.values()) or told != _as_csv(record):
                    raise ValueError(f"record {count} is not the same in every format")
                count += 1
        if next(rows, None) or table.fetchone():
            raise ValueError("a format has more records than another")
    return count


def _as_csv(record: Record) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else "" if value is None else json.dumps(value)
        for name, value in record.items()
    }


def _child(*arguments: object) -> dict[str, float]:
    """Return what a process of its own prints; a peak never goes down again."""
    command = [sys.executable, "-m", "bench.figures.exports", *map(str, arguments)]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _whole(url: str, batch_id: str, form: Format, target: Path) -> dict[str, float]:
    """Export a batch as the function does, and fetch the file."""
    with installed(url, 1, SETTINGS) as installation:
        batches = installation.services.batches
        export = batches.exports.make(batch_id, NOBODY, Spec(form)).export
        began = time.perf_counter()
        batches.exporting.run(batch_id, export.export_id, LAMBDA_MS)
        took, peak = time.perf_counter() - began, high_water_mark()
        done = batches.exports.get(batch_id, export.export_id, NOBODY).export
        if done.state != "done" or done.progress.lacking:
            raise RuntimeError(f"the export is {done.state}: {done.error} {done.progress}")
        bucket = installation.services.settings.storage.bucket
        installation.services.ports.s3.download_file(bucket, key_of(done), str(target))
    return {"seconds": took, "megabytes": peak}


def _converting_s(records: Sequence[Record], form: Format) -> float:
    """Write records that are there already."""
    export = Export("e", "b", Spec(form), "running", 0, 0, "records")
    upload = Upload(cast(Any, _Nowhere()), "", "", {}, PART_BYTES)
    began = time.perf_counter()
    sink = sink_of(export, upload)
    for record in records:
        sink.add(record, "", None)
    sink.close("")
    upload.finish()
    return time.perf_counter() - began


class _Nowhere:
    """A bucket that takes everything and keeps nothing."""

    def __getattr__(self, _: str) -> Any:
        return lambda **_: {"UploadId": "u", "ETag": "e"}


def main(arguments: list[str]) -> None:
    if len(arguments) > 1:
        url, batch_id, form, target = arguments
        print(json.dumps(_whole(url, batch_id, cast(Format, form), Path(target))))
        return
    for part in parts(exported(int(arguments[0]) if arguments else ROWS)):
        print(f"{part.name:<24}{part.value:>8.1f} {part.unit}  (at most {part.bar:g})")


if __name__ == "__main__":
    main(sys.argv[1:])
