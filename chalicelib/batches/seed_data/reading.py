"""The rows of an upload in any format."""

from collections.abc import Callable, Mapping
from typing import TextIO

from chalicelib.batches.seed_data import csv_rows, json_lines, json_list
from chalicelib.batches.seed_data.model import Format
from chalicelib.batches.seed_data.rows import Reading
from chalicelib.batches.seed_data.text import open_text

_READERS: Mapping[Format, Callable[[TextIO], Reading]] = {
    "jsonl": json_lines.read,
    "json": json_list.read,
    "csv": csv_rows.read,
}


def read(kind: Format, read_bytes: Callable[[int], bytes]) -> Reading:
    """Return the rows; raise Unreadable. `read_bytes(n)` returns at most n bytes, none at the end.

    Reading on may raise Unreadable as well.
    """
    return _READERS[kind](open_text(read_bytes))
