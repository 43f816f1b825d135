"""People's JSON Schemas for a step's answer: what is wrong with one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

Path = tuple[str | int, ...]
MOST_DEPTH = 8
_HERE = "https://json-schema.org/draft/2020-12/schema"


def problems(schema: Mapping[str, Any]) -> list[tuple[Path, str]]:
    """Return each problem with the path inside the schema; what it refers to must be in it."""
    found = [(path, problem) for path, problem in _unfit(schema, ())]
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        found.append((tuple(error.path), f"is no JSON Schema: {error.message[:200]}"))
    except RecursionError:
        found.append(((), "nests too deeply"))
    if not found and schema.get("type", "object") != "object":
        found.append((("type",), "must be object, so that the answer has fields"))
    return found


def _unfit(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """What is valid and cannot be used here: other documents, and patterns nobody can read."""
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from _unfit(each, (*path, position))
    if not isinstance(value, Mapping):
        return
    for name, each in value.items():
        where = (*path, name)
        outside = isinstance(each, str) and not each.startswith("#")
        if name in ("$ref", "$dynamicRef") and outside:
            yield where, "must refer to a part of this schema, such as #/$defs/name"
        elif name == "$schema" and each != _HERE:
            yield where, f"must be {_HERE}"
        elif name == "pattern" and isinstance(each, str) and not _is_pattern(each):
            yield where, "is no regular expression"
        else:
            yield from _unfit(each, where)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def example(schema: Mapping[str, Any], name: str = "answer", depth: int = 0) -> Any:
    """Return something of the schema's shape, to be shown where no model has answered yet."""
    for given in ("const", "default"):
        if given in schema:
            return schema[given]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if kind == "object" and depth < MOST_DEPTH:
        fields = schema.get("properties", {})
        return {n: example(s, n, depth + 1) for n, s in fields.items() if isinstance(s, Mapping)}
    if kind == "array" and depth < MOST_DEPTH:
        items = schema.get("items")
        return [example(items, name, depth + 1)] if isinstance(items, Mapping) else []
    return {"integer": 1, "number": 1.5, "boolean": True, "null": None}.get(str(kind), f"[{name}]")
