"""One row from its text, and back: strict where JSON is lax, and within bounds."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from chalicelib.batches.seed_data.model import KB, MOST_DEPTH, MOST_ROW_BYTES, Row

LONGEST_NUMBER = 64
"""Characters; nobody keeps more digits than that exactly."""
_WHOLE = 2**63
NOT_UTF8 = "is not UTF-8; save the file as UTF-8 and upload it again"


class Bad(ValueError):
    """A row that cannot be used; the text says why."""


def _distinct(pairs: list[tuple[str, Any]]) -> Row:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Bad(f"has the name {named(twice)} twice")
    return fields


def _constant(name: str) -> NoReturn:
    raise Bad(f"has {name}, which is no number in JSON; leave the value out or write null")


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER or not -_WHOLE <= int(text) < _WHOLE:
        raise Bad(_too_large(text))
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if len(text) > LONGEST_NUMBER or number in (float("inf"), float("-inf")):
        raise Bad(_too_large(text))
    return number


def _too_large(text: str) -> str:
    short = text if len(text) <= 24 else f"{text[:12]}… ({len(text)} characters)"
    return f"has the number {short}, which cannot be kept exactly; write it as a text"


DECODER = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_constant=_constant, parse_int=_whole, parse_float=_decimal
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_CALLED = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}


def parse(text: str) -> Row:
    """Return the object that a text is; raise Bad."""
    try:
        value = DECODER.decode(text)
    except json.JSONDecodeError as problem:
        raise Bad(_of_syntax(text, problem)) from None
    except RecursionError:
        raise Bad(_too_deep()) from None
    return checked(value)


def checked(value: object) -> Row:
    """Return a value that is an object; raise Bad."""
    if not isinstance(value, dict):
        raise Bad(f"is {_CALLED.get(type(value), 'a number')}; a row must be an object")
    return value


def encode(row: Row, text: str = "") -> bytes:
    """Return a row as one line of JSON without its end; raise Bad. `text` is what it came from."""
    check_depth(row)
    try:
        data = _ENCODER.encode(row).encode()
    except UnicodeEncodeError:
        raise Bad(_of_surrogate(text)) from None
    if len(data) > MOST_ROW_BYTES:
        raise Bad(too_long(len(data)))
    return data


def check_depth(row: Row) -> None:
    """Raise Bad for a row that is nested deeper than MOST_DEPTH."""
    level: Iterable[Any] = (row,)
    for _ in range(MOST_DEPTH):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise Bad(_too_deep())


def _children(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value
    return [child for child in inside if isinstance(child, dict | list)]


def too_long(size: int) -> str:
    """Return the sentence about a row of so many bytes."""
    return f"has {-(-size // KB)} KB; a row may have {MOST_ROW_BYTES // KB} KB"


def named(text: str) -> str:
    """Return a name of the data as a sentence can have it: short, and encodable."""
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return short.encode("utf-8", "replace").decode()


def _too_deep() -> str:
    return f"is nested deeper than {MOST_DEPTH} levels"


def _of_syntax(text: str, problem: json.JSONDecodeError) -> str:
    if is_broken(text):
        return NOT_UTF8
    return f"is no valid JSON: {problem.msg} at character {problem.pos + 1}"


def _of_surrogate(text: str) -> str:
    if not text or is_broken(text):
        return NOT_UTF8
    return "has half of a character (\\ud800 to \\udfff), which is no text"


def is_broken(text: str) -> bool:
    """Return whether bytes stood in the text that are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
