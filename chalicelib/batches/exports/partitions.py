"""In which folder of a partitioned export a record is. Pure.

Folders are named as Hive's are, `name=value`, which pandas, pyarrow, duckdb and Spark read. One
that is by a column is `by_name=value`: pandas refuses a column that the files have as well.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.batches.exports.columns import Record, json_text
from chalicelib.batches.exports.model import Spec

NULL = "__HIVE_DEFAULT_PARTITION__"
LONGEST = 120
"""Of a value as it is escaped: a name of a file may have 255 bytes."""


def folder_of(spec: Spec, record: Record) -> str:
    """Return `name=value/`, or nothing where the export has no partitions."""
    if spec.partition == "none":
        return ""
    if spec.partition == "date":
        made = record["made_at"]
        return _folder("date", made[:10] if made else None)
    name = f"by_{spec.field}" if spec.field in record else spec.field
    return _folder(name, _value(spec.field, record))


def _value(field: str, record: Record) -> Any:
    """Return what the row's data has at a path, or else the column of that name."""
    found: Any = record["data"]
    for part in field.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return record.get(field)
        found = found[part]
    return found


def _folder(name: str, value: Any) -> str:
    return f"{_escaped(name)}={NULL if value is None else _escaped(_told(value))}/"


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json_text(value) if isinstance(value, Mapping | list | bool) else str(value)


def _escaped(text: str) -> str:
    """Return letters, digits and `_.-~` of ASCII as they are, all else by its bytes.

    What is too long is cut, and told apart by a digest.
    """
    told = quote(text, safe="")
    if len(told) <= LONGEST:
        return told
    cut = told[: LONGEST - 20].rpartition("%")[0] or told[: LONGEST - 20]
    return f"{cut}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
