"""The columns of an export, the same in every format. Pure.

A record is one picture; of a row without a picture there is one record as well. Values are texts,
whole numbers, numbers, or nested; formats without nested values have them as JSON text.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.batches.exports.model import Pictures

Kind = Literal["text", "whole", "number", "nested"]
Record = Mapping[str, Any]
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Column:
    """One column; every value of it is of its kind, or null."""

    name: str
    kind: Kind


_PICTURE: Mapping[Pictures, Column] = {
    "file": Column("file_name", "text"),
    "url": Column("image_url", "text"),
}
_OTHERS = (
    Column("row", "whole"),
    Column("state", "text"),
    Column("step", "text"),
    Column("model", "text"),
    Column("model_id", "text"),
    Column("point", "whole"),
    Column("prompt", "text"),
    Column("revised_prompt", "text"),
    Column("picture", "text"),
    Column("width", "whole"),
    Column("height", "whole"),
    Column("seed", "whole"),
    Column("aspect_ratio", "text"),
    Column("guidance", "number"),
    Column("cost_micros", "whole"),
    Column("cost_basis", "text"),
    Column("seconds", "number"),
    Column("made_at", "text"),
    Column("error_code", "text"),
    Column("error", "text"),
    Column("data", "nested"),
    Column("outputs", "nested"),
    Column("judgements", "nested"),
)


def columns_of(pictures: Pictures) -> tuple[Column, ...]:
    """Return the columns in their order; the first says where the picture is."""
    return (_PICTURE[pictures], *_OTHERS)


def complete(values: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, Any]:
    """Return a record with every column, each value such as every format can hold."""
    return {column.name: _fitting(column, values.get(column.name)) for column in columns}


def _fitting(column: Column, value: Any) -> Any:
    if value is None or (column.kind == "whole" and abs(value) > _LARGEST):
        return None
    return cleaned(value)


def cleaned(value: Any) -> Any:
    """Return a value without what JSON has no word for.

    Numbers that are none become null, halves of characters become question marks.
    """
    kind = type(value)
    if kind is str:
        return value if value.isascii() else value.encode(errors="replace").decode()
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is dict:
        return {cleaned(str(name)): cleaned(each) for name, each in value.items()}
    if kind is list or kind is tuple:
        return [cleaned(each) for each in value]
    return value


def flat(record: Record, columns: tuple[Column, ...]) -> dict[str, Any]:
    """Return a record whose nested values are JSON text."""
    nested = {column.name for column in columns if column.kind == "nested"}
    return {
        name: json_text(value) if name in nested and value is not None else value
        for name, value in record.items()
    }


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
