"""What a simulated text model answers where it is told a JSON Schema."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

SIGN = "JSON Schema"
MOST_DEPTH = 8
WORDS = "a clear and simulated answer that says what was seen and why it is so"


def schema_in(system: str) -> Mapping[str, Any] | None:
    """Return the JSON Schema that instructions end with, if they do."""
    _, sign, rest = system.partition(SIGN)
    start = rest.find("\n{")
    if not sign or start < 0:
        return None
    try:
        found = json.loads(rest[start:])
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def fitting(schema: Mapping[str, Any], choose: random.Random, depth: int = 0) -> Any:
    """Return something that fits the schema, as far as types, bounds and lengths go."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return choose.choice(schema["enum"])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" and depth < MOST_DEPTH:
        fields = schema.get("properties", {})
        return {name: fitting(each, choose, depth + 1) for name, each in fields.items()}
    if kind == "array" and depth < MOST_DEPTH:
        count = max(schema.get("minItems", 0), min(2, schema.get("maxItems", 2)))
        return [fitting(schema.get("items", {}), choose, depth + 1) for _ in range(count)]
    if kind in ("integer", "number"):
        low = schema.get("minimum", 1)
        whole = choose.randint(int(low), int(schema.get("maximum", low + 9)))
        return whole if kind == "integer" else float(whole)
    if kind == "boolean":
        return choose.random() < 0.5
    return None if kind == "null" else _words(schema, choose)


def _words(schema: Mapping[str, Any], choose: random.Random) -> str:
    words = " ".join(choose.sample(WORDS.split(), 8))
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(words))
    return words.ljust(least, ".")[: max(least, most)]
