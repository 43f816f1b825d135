"""Parquet, written by duckdb with the type of every column said: none is guessed from values.

Its library is loaded late: only the function of exports has it.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from chalicelib.batches.exports.columns import Column, Kind, Record
from chalicelib.batches.exports.model import CannotExport
from chalicelib.batches.exports.sinks import MOST_STAGED, too_large
from chalicelib.batches.exports.upload import Upload
from chalicelib.batches.exports.writers import flat_json_line

_TYPES: Mapping[Kind, str] = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "nested": "VARCHAR",
}
_SETTINGS: Mapping[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
MOST_RECORD = 32 * 1024 * 1024
"""Bytes of one record as a line; duckdb makes room for two of them."""
ROW_GROUP = 10_000
MOST_LINES = MOST_STAGED // 2
"""Bytes of lines on disk, beside which the file itself lies."""


def convert(lines: Path, target: Path, columns: tuple[Column, ...]) -> None:
    """Write lines of flat JSON as a Parquet file."""
    import duckdb

    settings = {**_SETTINGS, "temp_directory": str(target.parent / "spilled")}
    with duckdb.connect(config=settings) as connection:
        records = connection.read_json(
            str(lines),
            format="newline_delimited",
            columns={column.name: _TYPES[column.kind] for column in columns},
            maximum_object_size=MOST_RECORD,
        )
        records.write_parquet(str(target), compression="zstd", row_group_size=ROW_GROUP)


class ParquetFile:
    """One file, whose records are kept on disk as lines until there are no more."""

    def __init__(self, upload: Upload, columns: tuple[Column, ...]) -> None:
        self._upload, self._columns = upload, columns
        self._line = flat_json_line(columns)
        self._folder = TemporaryDirectory()
        self._staged = Path(self._folder.name, "lines.jsonl")
        self._lines = self._staged.open("wb")
        self._size = 0

    def add(self, record: Record, folder: str, picture: bytes | None) -> None:
        line = self._line(record)
        self._size += len(line)
        if self._size > MOST_LINES:
            raise CannotExport(too_large("Choose a partition, or JSON Lines."))
        self._lines.write(line)

    def close(self, card: str) -> None:
        self._lines.close()
        with self._folder as folder:
            target = Path(folder, "records.parquet")
            convert(self._staged, target, self._columns)
            with target.open("rb") as written:
                shutil.copyfileobj(written, cast(IO[bytes], self._upload), 1024 * 1024)


def packed(data: bytes, columns: tuple[Column, ...]) -> bytes:
    """Return lines of flat JSON as a Parquet file."""
    with TemporaryDirectory() as folder:
        lines, target = Path(folder, "lines.jsonl"), Path(folder, "records.parquet")
        lines.write_bytes(data)
        convert(lines, target, columns)
        return target.read_bytes()
