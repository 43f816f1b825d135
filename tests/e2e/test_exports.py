"""Parquet on the packaged stack: its function has a layer that no other has."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
import requests

from tests.e2e.batches import ONE_STEP, Json, ended, exported, planned, start
from tests.e2e.engines import Stack
from tests.e2e.guest import Guest


@pytest.fixture
def guest(stack_url: str) -> Guest:
    return Guest(stack_url)


def downloaded(guest: Guest, batch: Json, form: str) -> bytes:
    export = exported(guest, batch, form)
    assert (export["state"], export["records"], export["lacking"]) == ("done", 3, 0), export
    answer = requests.get(export["url"], timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_batch_is_exported_as_parquet_and_its_exports_go_with_it(
    stack: Stack, guest: Guest, tmp_path: Path
) -> None:
    batch = planned(guest, ONE_STEP)
    start(guest, batch)
    assert ended(guest, batch)["pictures"] == 3
    records = [json.loads(line) for line in downloaded(guest, batch, "jsonl").splitlines()]
    (tmp_path / "rows").write_bytes(downloaded(guest, batch, "parquet"))
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(tmp_path / "rows")).select("row, prompt").fetchall()
    assert table == [(record["row"], record["prompt"]) for record in records]
    assert guest.call("DELETE", f"/batches/{batch['batchId']}").status_code == 204
    listed = stack.client("s3").list_objects_v2(Bucket=stack.outputs["BucketName"])
    keys = [entry["Key"] for entry in listed.get("Contents", ())]
    assert not [key for key in keys if batch["batchId"] in key]
