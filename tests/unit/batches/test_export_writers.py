"""Whatever a record holds, every format gives it back."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.batches.exports.columns import Column, complete
from chalicelib.batches.exports.model import Spec
from chalicelib.batches.exports.parquet import packed
from chalicelib.batches.exports.partitions import folder_of
from chalicelib.batches.exports.writers import (
    csv_header,
    csv_line,
    flat_json_line,
    harmless,
    json_line,
    original,
)

COLUMNS = (
    Column("row", "whole"),
    Column("prompt", "text"),
    Column("seconds", "number"),
    Column("data", "nested"),
)
WILD = st.text(st.characters(codec=None), max_size=12)
TEXTS = st.one_of(
    WILD,
    st.builds(
        str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'=", "＝"]), WILD
    ),
    st.sampled_from(["", "null", "NaN", "'", "''", '"', '",', "\r\n", "\ud800", "\x00", "1e5"]),
)
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "row": st.none() | st.integers(),
            "prompt": st.none() | TEXTS,
            "seconds": st.none() | st.floats(),
            "data": st.none() | st.dictionaries(TEXTS, NESTED, max_size=3),
        }
    ),
    min_size=1,
    max_size=6,
)


def told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(RECORDS)
def test_every_format_gives_back_the_same_values(tmp_path: Path, found: list[Any]) -> None:
    records = [complete(values, COLUMNS) for values in found]
    lines = b"".join(map(json_line, records)).split(b"\n")[:-1]
    assert [json.loads(line) for line in lines] == records

    whole = csv_header(COLUMNS) + b"".join(map(csv_line(COLUMNS), records))
    rows = list(csv.DictReader(io.StringIO(whole.decode(), newline=""), strict=True))
    for row, record in zip(rows, records, strict=True):
        assert not any(cell.startswith(tuple("=+@\t\r\n＝")) for cell in row.values())
        assert original(row["prompt"]) == (record["prompt"] or "")
        for name in ("row", "seconds", "data"):
            assert row[name] == ("" if record[name] is None else told(record[name]))

    (tmp_path / "t").write_bytes(packed(b"".join(map(flat_json_line(COLUMNS), records)), COLUMNS))
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(tmp_path / "t")).fetchall()
    for read, record in zip(table, records, strict=True):
        assert read[:3] == (record["row"], record["prompt"], record["seconds"])
        assert read[3] == (None if record["data"] is None else told(record["data"]))


@given(WILD)
def test_a_harmless_text_can_be_undone_and_no_other_changes(text: str) -> None:
    assert original(harmless(text)) == text


@given(st.none() | TEXTS | st.integers() | st.floats() | st.booleans())
def test_a_folder_is_one_name_that_every_file_system_takes(value: Any) -> None:
    record = complete({"data": {"it": value}}, COLUMNS)
    folder = folder_of(Spec("jsonl", "field", "it"), record)
    assert folder.count("/") == 1
    assert folder.startswith("it=")
    assert folder.endswith("/")
    assert folder.isascii()
    assert len(folder) < 200
    assert not set(folder) & set('\\:*?"<>| \x00\n')


@pytest.mark.parametrize("one", ["x" * 500, "ü" * 300])
def test_long_values_that_differ_at_their_end_have_folders_of_their_own(one: str) -> None:
    spec = Spec("jsonl", "field", "it")
    made = {folder_of(spec, complete({"data": {"it": one + end}}, COLUMNS)) for end in "ab"}
    assert len(made) == 2
