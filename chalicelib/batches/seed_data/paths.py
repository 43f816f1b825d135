"""What the rows have at each path: types, and where something is missing. One pass, bounded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.batches.seed_data.model import MOST_PATHS, ROWS_TOLD, Kind, PathStat, Row
from chalicelib.batches.seed_data.text import Unreadable

_KINDS: Mapping[type, Kind] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "boolean",
    list: "list",
    dict: "object",
    type(None): "null",
}


@dataclass
class _Node:
    """One path; `last` is the last row that had something there."""

    below: dict[str, "_Node"] = field(default_factory=dict)
    kinds: set[Kind] = field(default_factory=set)
    present: int = 0
    last: int = 0
    lacking: list[int] = field(default_factory=list)

    def note(self, number: int) -> None:
        """A row has something here; those since the last one that had, lack it."""
        if self.last + 1 < number:
            self.lacking = self.lacking_until(number)
        self.present += 1
        self.last = number

    def lacking_until(self, number: int) -> list[int]:
        """Return the first rows before this one that have nothing here."""
        more = ROWS_TOLD - len(self.lacking)
        since = range(self.last + 1, min(number, self.last + 1 + more))
        return [*self.lacking, *since] if more else self.lacking


class Paths:
    """Looks at one row after the other. Where `empty_is_missing`, an empty text is nothing."""

    def __init__(self, empty_is_missing: bool) -> None:
        self._empty_is_missing = empty_is_missing
        self._root = _Node()
        self._nodes = 0
        self._rows = 0

    def add(self, row: Row) -> None:
        """Look at the next row; raise Unreadable when there are too many paths."""
        self._rows += 1
        self._walk(self._root, row)

    def _walk(self, node: _Node, fields: Row) -> None:
        for name, value in fields.items():
            child = node.below.get(name)
            if child is None:
                child = self._new(node, name)
            kind = _KINDS[type(value)]
            if kind == "null" or (value == "" and self._empty_is_missing):
                child.kinds.add("null")
                continue
            child.kinds.add(kind)
            child.note(self._rows)
            if kind == "object":
                self._walk(child, value)

    def _new(self, node: _Node, name: str) -> _Node:
        self._nodes += 1
        if self._nodes > MOST_PATHS:
            sentence = (
                f"The rows have more than {MOST_PATHS} different paths. Put what has a name of its "
                "own in every row into a list."
            )
            raise Unreadable((None, sentence))
        made = node.below[name] = _Node()
        return made

    def stats(self) -> tuple[PathStat, ...]:
        """Return every path, in the order in which they came."""
        return tuple(self._stats((), self._root))

    def _stats(self, above: tuple[str, ...], node: _Node) -> Iterator[PathStat]:
        for name, child in node.below.items():
            parts = (*above, name)
            yield PathStat(
                parts=parts,
                kind=_kind(child),
                missing=self._rows - child.present,
                lacking=tuple(child.lacking_until(self._rows + 1)),
                is_leaf=not child.below or bool(child.kinds - {"object", "null"}),
            )
            yield from self._stats(parts, child)


def _kind(node: _Node) -> Kind:
    kinds = node.kinds - {"null"}
    if not kinds:
        return "null"
    return next(iter(kinds)) if len(kinds) == 1 else "mixed"
