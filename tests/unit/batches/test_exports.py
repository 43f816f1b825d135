"""Exports of a batch: the same records in every format, whatever is in them."""

import csv
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.batches.exports.columns import columns_of
from chalicelib.batches.exports.writers import original
from chalicelib.batches.runs.model import Axes, Batch
from chalicelib.providers.errors import Refused
from tests.pictures import png
from tests.unit.batches.exported import data_of, keys
from tests.unit.batches.factory import NOBODY, PRICE_MICROS, TEXT_COST, Factory
from tests.unit.cloud import BUCKET, Cloud

Json = dict[str, Any]
NESTED = ("data", "outputs", "judgements")
TEXTS = (
    "name: T\nsteps:\n  - {id: a, tier: cheap, max_tokens: 20, prompt: 'a brief for {{ name }}'}\n"
)
JUDGED = """
name: J
steps:
  - {id: picture, kind: image, prompt: "{{ name }}"}
  - {id: check, kind: judge, of: picture, tier: cheap, prompt: "fine?"}
  - id: last
    kind: image
    prompt: "{{ steps.check.output[0].model }}: {{ steps.check.output[0].score }}"
"""
SEEDED = "name: S\nsteps:\n  - {id: picture, kind: image, prompt: '{{ name }}'}\n"
ODD: list[Json] = [
    {"name": '=HYPERLINK("http://x")', "price": 1e300},
    {"name": "+1;-2\n@SUM(A1)", "whole": 2**63 + 1},
    {"name": 'a "quoted", ünïcode\r\nline', "nested": {"🏮": "🏮", "list": [1, None, "x"]}},
    {"name": "'=kept", "half": "\ud800", "not": float("nan")},
]


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    return Factory(cloud)


def lines(data: bytes) -> list[Json]:
    return [json.loads(line) for line in data.decode().split("\n")[:-1]]


def rows_of_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def as_csv(record: Json) -> dict[str, str]:
    """Return a record as a reader of CSV should find it, once its apostrophes are taken off."""
    return {
        name: ""
        if value is None
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if name in NESTED or not isinstance(value, str)
        else value
        for name, value in record.items()
    }


def test_a_picture_has_what_judges_said_of_it_and_of_no_other(factory: Factory) -> None:
    scores = iter((1, 2, 3, 4, 5, 1, 2, 3))
    factory.models.authors[1].write = lambda prompt: (
        json.dumps({"score": next(scores), "reason": "so"}) if prompt == "fine?" else prompt
    )
    batch = factory.run(factory.make(JUDGED, concurrency=1))
    records = lines(data_of(factory, batch, format="jsonl"))
    rows, _ = factory.department.reader.page(batch, None, 0, 10)
    kept = [
        json.loads(row.cells[f"check.1.{point}"].text)["score"] for row in rows for point in (0, 1)
    ]
    drawn = [record for record in records if record["step"] == "picture"]
    assert [record["judgements"]["check"]["score"] for record in drawn] == kept
    assert sorted(kept) == [1, 1, 2, 2, 3, 3, 4, 5]
    last = [record for record in records if record["step"] == "last"]
    assert {record["judgements"] for record in last} == {None}
    assert last[0]["prompt"] == f"Model 1: {kept[0]}"


def test_a_record_is_a_picture_with_all_that_it_was_made_with(factory: Factory) -> None:
    batch = factory.run(factory.make())
    records = lines(data_of(factory, batch, format="jsonl"))
    assert [(r["row"], r["model"]) for r in records] == [
        (row, f"Model {n}") for row in (1, 2, 3, 4) for n in (1, 2)
    ]
    first = records[0]
    assert first["image_url"].startswith(f"/group-images/batch-{batch.id}/000000001-picture-0/")
    assert {name: first[name] for name in ("picture", "width", "height", "cost_micros")} == {
        "picture": "stored",
        "width": 1,
        "height": 1,
        "cost_micros": PRICE_MICROS,
    }
    assert first["prompt"] == "lamp 1 on a table"
    assert (first["data"], first["outputs"]) == ({"name": "lamp 1"}, {"brief": "lamp 1 on a table"})
    assert (first["step"], first["model_id"], first["cost_basis"]) == (
        "picture",
        "model-1",
        "estimated",
    )
    assert first["made_at"].endswith("Z")


def test_a_template_without_pictures_has_a_record_for_each_row(factory: Factory) -> None:
    batch = factory.run(factory.make(TEXTS))
    records = lines(data_of(factory, batch, format="jsonl"))
    assert [r["outputs"] for r in records] == [{"a": f"lamp {n} on a table"} for n in (1, 2, 3, 4)]
    assert {r["cost_micros"] for r in records} == {TEXT_COST}
    assert {r["picture"] for r in records} == {None}


def test_the_axes_tell_the_records_of_a_row_apart(factory: Factory) -> None:
    batch = factory.run(
        factory.make(SEEDED, axes=Axes(seeds=(5, 6), guidances=(1.5,)), models=(1,))
    )
    records = lines(data_of(factory, batch, format="jsonl"))
    assert [(r["point"], r["seed"], r["guidance"]) for r in records[:2]] == [
        (0, 5, 1.5),
        (1, 6, 1.5),
    ]


def odd_batch(factory: Factory) -> Batch:
    factory.seeds.data[:] = ODD
    return factory.run(factory.make())


def table(path: Path, files: str = "") -> list[Json]:
    """Return what duckdb reads from Parquet files."""
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(path / files), hive_partitioning=bool(files))
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def unflattened(records: list[Json]) -> list[Json]:
    return [{**r, **{n: r[n] and json.loads(r[n]) for n in NESTED}} for r in records]


def test_every_format_has_the_same_records(factory: Factory, tmp_path: Path) -> None:
    batch = odd_batch(factory)
    records = lines(data_of(factory, batch, format="jsonl"))
    assert len(records) == 8
    assert records[2]["data"]["whole"] == 2**63 + 1
    assert records[6]["data"] == {"name": "'=kept", "half": "?", "not": None}
    cells = [
        {name: original(cell) for name, cell in row.items()}
        for row in rows_of_csv(data_of(factory, batch, format="csv"))
    ]
    assert cells == [as_csv(record) for record in records]
    archive = zipfile.ZipFile(io.BytesIO(data_of(factory, batch, format="zip", pictures="url")))
    assert unflattened(metadata(archive)) == records
    (tmp_path / "lamps").write_bytes(data_of(factory, batch, format="parquet"))
    assert unflattened(table(tmp_path / "lamps")) == records


def test_parquet_has_the_types_of_the_columns_also_where_every_value_is_null(
    factory: Factory, tmp_path: Path
) -> None:
    batch = factory.make()
    for rows in ("done", "all"):
        (tmp_path / rows).write_bytes(data_of(factory, batch, format="parquet", rows=rows))
        with duckdb.connect() as connection:
            found = connection.read_parquet(str(tmp_path / rows))
            types = dict(zip(found.columns, map(str, found.types), strict=True))
        kinds = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "nested": "VARCHAR"}
        assert types == {c.name: kinds[c.kind] for c in columns_of("url")}


def test_partitions_of_parquet_read_back_as_one_table(factory: Factory, tmp_path: Path) -> None:
    looks = ("a/b", "..", "ü", None)
    for row, style in zip(factory.seeds.data, looks, strict=True):
        row["look"] = style
    batch = factory.run(factory.make())
    spec = {"format": "parquet", "partition": "field", "field": "look"}
    zipfile.ZipFile(io.BytesIO(data_of(factory, batch, **spec))).extractall(tmp_path)
    read = table(tmp_path, "*/*.parquet")
    assert {(r["row"], r["look"]) for r in read} == set(enumerate(looks, start=1))


def test_no_cell_of_csv_begins_as_a_formula(factory: Factory) -> None:
    rows = rows_of_csv(data_of(factory, odd_batch(factory), format="csv"))
    cells = [cell for row in rows for cell in row.values()]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]


def metadata(archive: zipfile.ZipFile) -> list[Json]:
    return lines(archive.read("metadata.jsonl"))


def test_a_zip_has_the_pictures_that_its_records_name(factory: Factory, tmp_path: Path) -> None:
    batch = factory.run(factory.make())
    path = tmp_path / "export.zip"
    path.write_bytes(data_of(factory, batch, format="zip", pictures="file"))
    subprocess.run(["unzip", "-q", str(path), "-d", str(tmp_path / "out")], check=True)
    records = lines((tmp_path / "out" / "metadata.jsonl").read_bytes())
    assert len(records) == 8
    stored = {Path(key).parts[-2] + "-" + Path(key).name for key in keys(factory, "group-images/")}
    assert {Path(record["file_name"]).name for record in records} == stored
    for record in records:
        assert (tmp_path / "out" / record["file_name"]).read_bytes().startswith(b"\x89PNG")
    card = (tmp_path / "out" / "README.md").read_text()
    assert "template" in card
    assert "| picture | Model 2 | 4 | 0.160000 | estimated |" in card
    assert not (tmp_path / "out" / "without-picture.jsonl").exists()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda s3, key: s3.delete_object(Bucket=BUCKET, Key=key), "missing"),
        (lambda s3, key: s3.put_object(Bucket=BUCKET, Key=key, Body=b"\x89PNG"), "damaged"),
        (lambda s3, key: s3.put_object(Bucket=BUCKET, Key=key, Body=png("x", 2, 2)), "damaged"),
    ],
)
def test_a_picture_that_cannot_be_had_is_told_by_its_record(
    factory: Factory, harm: Callable[[Any, str], Any], found: str
) -> None:
    batch = factory.run(factory.make())
    harm(factory.cloud.s3, keys(factory, "group-images/")[3])
    records = lines(data_of(factory, batch, format="jsonl"))
    assert [(r["row"], r["model"]) for r in records if r["picture"] == found] == [(2, "Model 2")]
    assert [r["image_url"] is None for r in records] == [r["picture"] == found for r in records]
    archive = zipfile.ZipFile(io.BytesIO(data_of(factory, batch, format="zip", pictures="file")))
    [without] = lines(archive.read("without-picture.jsonl"))
    assert (without["row"], without["picture"], without["file_name"]) == (2, found, None)
    assert {r["picture"] for r in metadata(archive)} == {"stored"}
    assert "missing or damaged | 1 |" in archive.read("README.md").decode()
    assert {
        s.export.progress.lacking for s in factory.department.exports.page(batch.id, NOBODY)
    } == {1}


def test_all_rows_are_told_with_their_failures(factory: Factory) -> None:
    def refuse(prompt: str) -> None:
        if "lamp 2" in prompt:
            raise Refused("No lamps.", billed="no")

    factory.models.artists[1].before = refuse
    batch = factory.run(factory.make(stop_after=9))
    done = lines(data_of(factory, batch, format="jsonl"))
    every = lines(data_of(factory, batch, format="jsonl", rows="all"))
    assert {r["row"] for r in done} == {1, 3, 4}
    assert [r for r in every if r["row"] != 2] == done
    assert [(r["model"], r["error_code"], r["state"]) for r in every if r["row"] == 2] == [
        ("Model 1", "REFUSED", "failed"),
        ("Model 2", None, "failed"),
    ]


def test_rows_that_wait_are_told_when_all_are_wanted(factory: Factory) -> None:
    batch = factory.make()
    assert lines(data_of(factory, batch, format="jsonl")) == []
    every = lines(data_of(factory, batch, format="jsonl", rows="all"))
    assert [(r["row"], r["state"], r["prompt"]) for r in every] == [
        (n, "waiting", None) for n in (1, 2, 3, 4)
    ]
    factory.service.cancel(batch.id, NOBODY)
    never = lines(data_of(factory, batch, format="jsonl", rows="all"))
    assert never == [{**record, "state": "skipped"} for record in every]


def test_partitions_are_folders_with_harmless_names(factory: Factory) -> None:
    for row, style in zip(factory.seeds.data, ("a/b", "..", "ü", None), strict=True):
        row["look"] = {"style": style}
    batch = factory.run(factory.make())
    spec = {"partition": "field", "field": "look.style"}
    for form in ("jsonl", "csv"):
        archive = zipfile.ZipFile(io.BytesIO(data_of(factory, batch, format=form, **spec)))
        assert sorted(archive.namelist()) == [
            "README.md",
            *(
                f"look.style={value}/part-00001.{form}"
                for value in ("%C3%BC", "..", "__HIVE_DEFAULT_PARTITION__", "a%2Fb")
            ),
        ]
    [two] = {
        r["row"]
        for r in lines(
            zipfile.ZipFile(io.BytesIO(data_of(factory, batch, format="jsonl", **spec))).read(
                "look.style=a%2Fb/part-00001.jsonl"
            )
        )
    }
    assert two == 1
    by_date = data_of(factory, batch, format="zip", pictures="file", partition="date")
    names = [r["file_name"] for r in metadata(zipfile.ZipFile(io.BytesIO(by_date)))]
    assert {name.split("/")[0] for name in names} == {"date=2026-11-18"}


def test_a_partition_by_a_column_has_a_name_of_its_own(factory: Factory, tmp_path: Path) -> None:
    batch = factory.run(factory.make())
    spec = {"format": "parquet", "partition": "field", "field": "model"}
    zipfile.ZipFile(io.BytesIO(data_of(factory, batch, **spec))).extractall(tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {
        f"by_model=Model%20{n}" for n in (1, 2)
    }
    read = table(tmp_path, "*/*.parquet")
    assert {(r["model"], r["by_model"]) for r in read} == {(f"Model {n}",) * 2 for n in (1, 2)}


def test_a_large_file_is_sent_in_parts(factory: Factory) -> None:
    for row in factory.seeds.data:
        row["notes"] = "x" * 900_000
    batch = factory.run(factory.make())
    whole = data_of(factory, batch, format="jsonl")
    files_here = factory.department._export_files
    object.__setattr__(files_here, "part_bytes", 5 * 1024 * 1024)
    sent = data_of(factory, batch, format="jsonl")
    assert sent == whole
    assert len(whole) > 7_000_000
