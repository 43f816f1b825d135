"""Records as bytes: JSON Lines and CSV. Pure."""

import re
from collections.abc import Callable
from typing import Any

from chalicelib.batches.exports.columns import Column, Record, flat, json_text

Line = Callable[[Record], bytes]
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def json_line(record: Record) -> bytes:
    """Return one line of JSON, nested values as they are."""
    return json_text(record).encode() + b"\n"


def flat_json_line(columns: tuple[Column, ...]) -> Line:
    """Return what writes one line of JSON whose nested values are texts.

    Readers that look for a type of each column find one, whatever rows have in them.
    """
    return lambda record: json_line(flat(record, columns))


def csv_header(columns: tuple[Column, ...]) -> bytes:
    return (",".join(column.name for column in columns) + "\r\n").encode()


def csv_line(columns: tuple[Column, ...]) -> Line:
    """Return what writes one record of CSV: texts in quotes, null as an empty cell without."""

    def line(record: Record) -> bytes:
        values = flat(record, columns)
        return (",".join(_cell(values[column.name]) for column in columns) + "\r\n").encode()

    return line


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return json_text(value)
    return '"' + harmless(value).replace('"', '""') + '"'


def harmless(text: str) -> str:
    """Return a text that no spreadsheet calculates.

    One that begins as a formula does, after apostrophes or none, has one apostrophe more.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """Return the text that `harmless` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
