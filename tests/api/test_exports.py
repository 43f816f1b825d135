"""Exports on the running product: from a batch to files that others' programs open."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest
import requests

from tests.api.test_batches import act, ended, planned
from tests.api.visitor import Visitor
from tests.support.product import Product

Json = dict[str, Any]
FORMATS = ("jsonl", "csv", "parquet", "zip")


@pytest.fixture(scope="module")
def batch(product: Product) -> str:
    """The id of a batch of four rows and eight pictures."""
    visitor = Visitor(product.url)
    made = planned(visitor)
    act(visitor, made, "start")
    assert ended(visitor, made)["pictures"] == 8
    return str(made["batchId"])


def exported(visitor: Visitor, batch: str, **wanted: Any) -> Json:
    """Return an export that is done."""
    answer = visitor.call("POST", f"/batches/{batch}/exports", wanted)
    assert answer.status_code == 202, answer.text
    path = f"/batches/{batch}/exports/{answer.json()['exportId']}"
    until = time.monotonic() + 60
    while (found := visitor.call("GET", path).json())["state"] == "running":
        assert time.monotonic() < until, found
        time.sleep(0.1)
    assert found["state"] == "done", found
    return dict(found)


def downloaded(visitor: Visitor, export: Json) -> bytes:
    assert urlsplit(export["url"]).netloc == urlsplit(visitor.url).netloc
    answer = requests.get(export["url"], timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{export["name"]}"'
    assert len(answer.content) == export["bytes"]
    return answer.content


def test_a_batch_is_exported_as_lines_as_a_table_and_as_pictures(
    visitor: Visitor, batch: str, tmp_path: Path
) -> None:
    made = {form: exported(visitor, batch, format=form) for form in FORMATS}
    assert {(e["rows"], e["records"], e["lacking"]) for e in made.values()} == {(4, 8, 0)}
    records = [json.loads(line) for line in downloaded(visitor, made["jsonl"]).splitlines()]
    table = io.StringIO(downloaded(visitor, made["csv"]).decode(), newline="")
    rows = list(csv.DictReader(table, strict=True))
    for record, row in zip(records, rows, strict=True):
        assert row["prompt"] == record["prompt"] != ""
        assert json.loads(row["data"]) == record["data"]
        assert int(row["cost_micros"]) == record["cost_micros"]
        assert visitor.image(record["image_url"]).status_code == 200
    (tmp_path / "export.zip").write_bytes(downloaded(visitor, made["zip"]))
    subprocess.run(["unzip", "-q", "export.zip"], cwd=tmp_path, check=True)
    lines = (tmp_path / "metadata.jsonl").read_bytes().splitlines()
    for line, record in zip(map(json.loads, lines), records, strict=True):
        picture = (tmp_path / line["file_name"]).read_bytes()
        assert picture == visitor.image(record["image_url"]).content
        assert line["prompt"] == record["prompt"]
    assert "pretty_name" in (tmp_path / "README.md").read_text()
    (tmp_path / "export.parquet").write_bytes(downloaded(visitor, made["parquet"]))
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(tmp_path / "export.parquet"))
        prompts = found.select("row, model, prompt, image_url").fetchall()
    wanted = [(r["row"], r["model"], r["prompt"], r["image_url"]) for r in records]
    assert prompts == wanted
    listed = visitor.call("GET", f"/batches/{batch}/exports").json()["exports"]
    assert {e["exportId"] for e in made.values()} <= {e["exportId"] for e in listed}


def test_an_address_gives_one_file_to_whoever_has_it_and_nothing_else(
    visitor: Visitor, batch: str
) -> None:
    export = exported(visitor, batch, format="csv")
    whole = downloaded(visitor, export)
    part = requests.get(export["url"], headers={"Range": "bytes=5-9"}, timeout=30)
    assert (part.status_code, part.content) == (206, whole[5:10])
    path, _, query = export["url"].partition("?")
    other = path.replace("/exports/", "/group-images/")
    for url in (path, f"{other}?{query}", f"{path}x?{query}", f"{path}?{query}&x=1"):
        assert requests.get(url, timeout=30).status_code == 403, url
    for method in ("PUT", "HEAD", "DELETE"):
        answer = requests.request(method, export["url"], data=b"", timeout=30)
        assert answer.status_code in (403, 404, 405), method


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"format": "xlsx"}, "format"),
        ({}, "format"),
        ({"format": "csv", "partition": "field"}, "field"),
        ({"format": "csv", "field": "product.name"}, "field"),
        ({"format": "csv", "partition": "field", "field": ""}, "field"),
        ({"format": "csv", "pictures": "file"}, "pictures"),
        ({"format": "zip", "pictures": "url", "partition": "date"}, "partition"),
        ({"format": "csv", "rows": "failed"}, "rows"),
        ({"format": "csv", "colour": "red"}, "colour"),
    ],
)
def test_every_wrong_field_is_named(visitor: Visitor, batch: str, body: Json, field: str) -> None:
    answer = visitor.call("POST", f"/batches/{batch}/exports", body)
    assert answer.status_code == 400, answer.text
    assert field in {each["field"] for each in answer.json()["details"]}


def test_what_is_not_there_is_not_found(visitor: Visitor, batch: str) -> None:
    assert visitor.call("POST", "/batches/b0/exports", {"format": "csv"}).status_code == 404
    assert visitor.call("GET", "/batches/b0/exports").status_code == 404
    assert visitor.call("GET", f"/batches/{batch}/exports/e0").status_code == 404


def test_an_export_goes_with_its_batch(visitor: Visitor) -> None:
    made = planned(visitor)["batchId"]
    export = exported(visitor, made, format="jsonl", rows="all")
    assert len(downloaded(visitor, export).splitlines()) == 4
    assert visitor.call("DELETE", f"/batches/{made}").status_code == 204
    assert requests.get(export["url"], timeout=30).status_code == 404
