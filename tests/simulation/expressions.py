"""DynamoDB's expression language, as far as the product speaks it.

An expression is compiled once to a function of an item and the request's values.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Item = dict[str, Any]
Values = Mapping[str, Any]
Operand = Callable[[Item, Values], Any]
Condition = Callable[[Item, Values], bool]
Change = Callable[[Item, Item, Values], None]
Path = tuple[str, ...]
Names = tuple[tuple[str, str], ...]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>+\-(),.]|[:#]?\w+)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


class InvalidExpression(Exception):
    """DynamoDB would answer with a ValidationException."""


@cache
def condition(expression: str, names: Names) -> Condition:
    """A condition, filter or key condition."""
    parser = _Parser(expression, dict(names))
    compiled = parser.either()
    parser.expect_end()
    return compiled


@cache
def update(expression: str, names: Names) -> Callable[[Item, Values], Item]:
    """An update: a function that gives the new item and leaves the old one as it is."""
    changes = _Parser(expression, dict(names)).changes()

    def apply(old: Item, values: Values) -> Item:
        new = dict(old)
        for change in changes:
            change(old, new, values)
        return new

    return apply


def number(value: Any) -> int:
    return int(value["N"])


class _Parser:
    """Recursive descent, one method per rule."""

    def __init__(self, expression: str, names: Mapping[str, str]) -> None:
        self._tokens = _TOKEN.findall(expression)
        self._names = names
        self._at = 0

    def either(self) -> Condition:
        terms = [self._both()]
        while self._take("OR"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else lambda i, v: any(t(i, v) for t in terms)

    def changes(self) -> list[Change]:
        sections = {"SET": self._set, "REMOVE": self._remove}
        sections |= {"ADD": self._add, "DELETE": self._delete}
        found: list[Change] = []
        while self._at < len(self._tokens):
            section = sections[self._next()]
            found.append(section())
            while self._take(","):
                found.append(section())
        return found

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise InvalidExpression(f"unexpected {self._tokens[self._at]!r}")

    def _both(self) -> Condition:
        terms = [self._term()]
        while self._take("AND"):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else lambda i, v: all(t(i, v) for t in terms)

    def _term(self) -> Condition:
        if self._take("NOT"):
            refused = self._term()
            return lambda i, v: not refused(i, v)
        if self._take("("):
            inner = self.either()
            self._expect(")")
            return inner
        if self._peek() in ("attribute_exists", "attribute_not_exists"):
            return self._existence(self._next() == "attribute_exists")
        if self._take("contains"):
            return self._contains()
        if self._take("begins_with"):
            return self._begins_with()
        return self._comparison()

    def _existence(self, wanted: bool) -> Condition:
        self._expect("(")
        path = self._path()
        self._expect(")")
        return lambda i, v: (_read(i, path) is not None) is wanted

    def _contains(self) -> Condition:
        self._expect("(")
        path = self._path()
        self._expect(",")
        member = self._next()
        self._expect(")")
        return lambda i, v: v[member]["S"] in (_read(i, path) or {"SS": ()})["SS"]

    def _begins_with(self) -> Condition:
        self._expect("(")
        path = self._path()
        self._expect(",")
        start = self._next()
        self._expect(")")
        return lambda i, v: (_read(i, path) or {"S": ""})["S"].startswith(v[start]["S"])

    def _comparison(self) -> Condition:
        left = self._operand()
        if self._take("BETWEEN"):
            return self._between(left)
        if self._take("IN"):
            return self._among(left)
        operator, right = _COMPARE[self._next()], self._operand()

        def compare(item: Item, values: Values) -> bool:
            a, b = left(item, values), right(item, values)
            if a is None or b is None or a.keys() != b.keys():
                return False
            return operator(_plain(a), _plain(b))

        return compare

    def _between(self, middle: Operand) -> Condition:
        low = self._operand()
        self._expect("AND")
        high = self._operand()

        def between(item: Item, values: Values) -> bool:
            found = middle(item, values)
            if found is None:
                return False
            return bool(_plain(low(item, values)) <= _plain(found) <= _plain(high(item, values)))

        return between

    def _among(self, left: Operand) -> Condition:
        self._expect("(")
        wanted = [self._operand()]
        while self._take(","):
            wanted.append(self._operand())
        self._expect(")")
        return lambda i, v: left(i, v) in [each(i, v) for each in wanted]

    def _operand(self) -> Operand:
        token = self._peek()
        if token.startswith(":"):
            self._next()
            return lambda i, v: v[token]
        if token == "size":
            return self._size()
        if token == "if_not_exists":
            return self._default()
        path = self._path()
        return lambda i, v: _read(i, path)

    def _size(self) -> Operand:
        self._next()
        self._expect("(")
        path = self._path()
        self._expect(")")

        def size(item: Item, values: Values) -> Any:
            found = _read(item, path)
            return None if found is None else {"N": str(len(next(iter(found.values()))))}

        return size

    def _default(self) -> Operand:
        self._next()
        self._expect("(")
        path = self._path()
        self._expect(",")
        other = self._operand()
        self._expect(")")

        def default(item: Item, values: Values) -> Any:
            found = _read(item, path)
            return other(item, values) if found is None else found

        return default

    def _set(self) -> Change:
        path = self._path()
        self._expect("=")
        value = self._sum()
        return lambda old, new, values: _write(new, path, value(old, values))

    def _sum(self) -> Operand:
        left = self._operand()
        if self._peek() not in ("+", "-"):
            return left
        sign = 1 if self._next() == "+" else -1
        right = self._operand()
        return lambda i, v: {"N": str(number(left(i, v)) + sign * number(right(i, v)))}

    def _remove(self) -> Change:
        path = self._path()
        return lambda old, new, values: _write(new, path, None)

    def _add(self) -> Change:
        path, name = self._path(), self._next()

        def add(old: Item, new: Item, values: Values) -> None:
            if "N" in values[name]:
                before = number(_read(old, path) or {"N": "0"})
                _write(new, path, {"N": str(before + number(values[name]))})
                return
            found = (_read(old, path) or {"SS": ()})["SS"]
            _write(new, path, {"SS": sorted({*found, *values[name]["SS"]})})

        return add

    def _delete(self) -> Change:
        path, name = self._path(), self._next()

        def delete(old: Item, new: Item, values: Values) -> None:
            left = {*(_read(old, path) or {"SS": ()})["SS"]} - {*values[name]["SS"]}
            _write(new, path, {"SS": sorted(left)} if left else None)

        return delete

    def _path(self) -> Path:
        parts = [self._name()]
        while self._take("."):
            parts.append(self._name())
        return tuple(parts)

    def _name(self) -> str:
        token = self._next()
        return self._names[token] if token.startswith("#") else token

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _take(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise InvalidExpression(f"{token!r} expected, {self._peek()!r} found")


def _plain(value: Mapping[str, Any]) -> Any:
    """What compares as DynamoDB compares: numbers as numbers."""
    return number(value) if "N" in value else next(iter(value.values()))


def _read(item: Item, path: Path) -> Any:
    node: Any = {"M": item}
    for part in path:
        node = node.get("M", {}).get(part)
        if node is None:
            return None
    return node


def _write(new: Item, path: Path, value: Any) -> None:
    """Sets or, with None, removes; maps on the way are copied, not changed."""
    node = new
    for part in path[:-1]:
        if "M" not in node.get(part, {}):
            raise InvalidExpression("The document path is invalid for update")
        inner = dict(node[part]["M"])
        node[part] = {"M": inner}
        node = inner
    if value is None:
        node.pop(path[-1], None)
    else:
        node[path[-1]] = value
