"""Opens a folder of exports with pandas, pyarrow and duckdb, and fails where they disagree.

Runs in `.venv-readers`, which has nothing of ours:

    .venv-readers/bin/python tests/readers/opened.py FOLDER

FOLDER has `records.jsonl`, `.csv` and `.parquet` of the same records, `partitions/` of Parquet by
the field `look`, and `pictures/`, an export with files. `kinds.json` names the kind of each column.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow
from pyarrow import csv as arrow_csv
from pyarrow import dataset, parquet
from pyarrow import json as arrow_json

Rows = list[dict[str, Any]]
ARROW = {"text": "string", "nested": "string", "whole": "int64", "number": "double"}
PANDAS = {"text": "string", "nested": "string", "whole": "Int64", "number": "Float64"}


def main(folder: Path) -> None:
    kinds: dict[str, str] = json.loads((folder / "kinds.json").read_text())
    rows = flat((folder / "records.jsonl").read_bytes(), kinds)
    assert rows
    for name, found in tables(folder, kinds):
        same(name, found, rows)
    partitions(folder, rows)
    pictures(folder / "pictures")
    libraries = f"pandas {pandas.__version__}, pyarrow {pyarrow.__version__}"
    print(f"{len(rows)} records, {libraries}, duckdb {duckdb.__version__}: the same")


def flat(lines: bytes, kinds: dict[str, str]) -> Rows:
    """Return what JSON Lines hold, nested values as text."""
    return [
        {
            name: told(value) if kinds[name] == "nested" and value is not None else value
            for name, value in json.loads(line).items()
        }
        for line in lines.decode().split("\n")[:-1]
    ]


def told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def tables(folder: Path, kinds: dict[str, str]) -> Iterable[tuple[str, Rows]]:
    """Yield the records as each library reads them; types of Parquet are the columns' own."""
    path = str(folder / "records.parquet")
    table = parquet.read_table(path)
    types = {field.name: str(field.type) for field in table.schema}
    assert types == {name: ARROW[kind] for name, kind in kinds.items()}, types
    yield "pyarrow's Parquet", table.to_pylist()
    frame = pandas.read_parquet(path, dtype_backend="numpy_nullable")
    yield "pandas' Parquet", plain(frame)
    with duckdb.connect() as connection:
        found = connection.read_parquet(path)
        yield "duckdb's Parquet", named(found.columns, found.fetchall())
        path = str(folder / "records.csv")
        options: dict[str, Any] = {
            "quotechar": '"',
            "escapechar": '"',
            "all_varchar": True,
            "header": True,
        }
        read = connection.read_csv(path, delimiter=",", strict_mode=True, **options)
        yield "duckdb's CSV", typed(named(read.columns, read.fetchall()), kinds)
    wanted = {name: PANDAS[kind] for name, kind in kinds.items()}
    frame = pandas.read_csv(path, dtype=wanted, keep_default_na=False, na_values=[""])
    yield "pandas' CSV", typed(plain(frame), kinds)
    schema = {name: pyarrow.type_for_alias(ARROW[kind]) for name, kind in kinds.items()}
    read = arrow_csv.read_csv(
        path,
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    yield "pyarrow's CSV", typed(read.to_pylist(), kinds)


def plain(frame: Any) -> Rows:
    """Return a frame's rows, null as None."""
    return [
        {name: None if pandas.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def named(columns: list[str], rows: list[tuple[Any, ...]]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def typed(rows: Rows, kinds: dict[str, str]) -> Rows:
    """Return rows of CSV with their numbers as such, and formulas without their apostrophes."""
    makes: dict[str, Any] = {"whole": int, "number": float}
    return [
        {
            name: None if value is None else makes.get(kinds[name], without_apostrophe)(value)
            for name, value in row.items()
        }
        for row in rows
    ]


def without_apostrophe(cell: str) -> str:
    marked = cell.startswith("'") and cell.lstrip("'")[:1] in tuple("=+-@\t\r\n＝＋－＠")
    return cell[1:] if marked else cell


def same(reader: str, found: Rows, wanted: Rows) -> None:
    assert len(found) == len(wanted), (reader, len(found), len(wanted))
    for row, other in zip(found, wanted, strict=True):
        assert list(row) == list(other), (reader, list(row))
        for name, value in other.items():
            # CSV that is read as numbers cannot tell an empty text from nothing.
            assert row[name] == value or (row[name] is None and value == ""), (
                reader,
                name,
                row[name],
                value,
            )


def partitions(folder: Path, rows: Rows) -> None:
    """Each library finds all rows in the folders, by the values that they had."""
    looks = {row["row"]: json.loads(row["data"])["look"] for row in rows}
    root = str(folder / "partitions")
    by_look = dataset.partitioning(pyarrow.schema([("look", pyarrow.string())]), flavor="hive")
    read = dataset.dataset(root, partitioning=by_look).to_table()
    assert {row["row"]: row["look"] for row in read.to_pylist()} == looks
    frame = pandas.read_parquet(root, partitioning=by_look)
    assert {row["row"]: row["look"] for row in plain(frame)} == looks
    with duckdb.connect() as connection:
        found = connection.read_parquet(f"{root}/*/*.parquet", hive_partitioning=True)
        assert dict(found.select("row, look").fetchall()) == looks


def pictures(folder: Path) -> None:
    """Libraries of data sets read a folder's metadata by pyarrow, and look for each file in it."""
    read = arrow_json.read_json(str(folder / "metadata.jsonl")).to_pylist()
    assert read
    names = [row["file_name"] for row in read]
    assert len(set(names)) == len(names)
    for name in names:
        assert (folder / name).resolve().is_relative_to(folder.resolve())
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
