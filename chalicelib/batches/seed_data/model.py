"""Seed data: the rows that a batch makes things of. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Format = Literal["jsonl", "json", "csv"]
State = Literal["waiting", "checking", "ready", "refused"]
Kind = Literal["text", "number", "boolean", "list", "object", "null", "mixed"]
Row = dict[str, Any]
KB = 1024
MOST_BYTES, MOST_ROWS, MOST_ROW_BYTES = 200 * KB * KB, 1_000_000, 400 * KB
"""Of a file as it is uploaded; of its rows; of one row as compact JSON in UTF-8."""
MOST_PATHS, MOST_DEPTH = 2_000, 32
"""Of all rows together; of one row."""
PROBLEMS_TOLD, ROWS_TOLD = 100, 20


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row, or without `row` with the file.

    `row` is the position among the file's rows, those with problems included; `line` is where it
    begins. Both count from 1.
    """

    problem: str
    line: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class PathStat:
    """What the rows have at one path.

    `parts` are the names on the way; `missing` counts the rows that have nothing there, null
    included, and `lacking` are the numbers of the first of them.
    """

    parts: tuple[str, ...]
    kind: Kind
    missing: int
    lacking: tuple[int, ...] = ()
    is_leaf: bool = True

    @property
    def path(self) -> str:
        return ".".join(shown(part) for part in self.parts)


@dataclass(frozen=True)
class Part:
    """Some rows one after the other in one object, a line of JSON each.

    `first` is the number of the first row. `blocks` are (number of a row, byte where it begins),
    some 64 KB apart, the part's first row among them.
    """

    first: int
    rows: int
    size: int
    blocks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Manifest:
    """What a check found. `rows` are those that can be used, numbered from 1 without gaps."""

    rows: int
    parts: tuple[Part, ...] = ()
    paths: tuple[PathStat, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeedDataSet:
    """One uploaded file and how far it is; times in epoch milliseconds.

    `rows` grows while the state is checking. `attempt` counts the checks that were begun, and
    `until_ms` is when the one that is under way is given up for dead.
    """

    seed_data_id: str
    owner: str
    name: str
    format: Format
    size: int
    state: State
    made_ms: int
    rows: int = 0
    problem_count: int = 0
    attempt: int = 0
    until_ms: int = 0
    paths: tuple[PathStat, ...] = ()
    sample: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody is going to upload; `size` in bytes, `sha256` in hexadecimal or empty."""

    name: str
    format: Format
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Lacking:
    """A path that a template requires, how many rows lack it, and the first of those."""

    path: str
    count: int
    rows: tuple[int, ...]

    @property
    def problem(self) -> str:
        return f"Missing required field: {self.path}"


def shown(name: str) -> str:
    """Return a name as it stands in a path; one with a dot in it is no path of two names."""
    return f'["{name}"]' if "." in name or not name else name


def lacking(paths: Iterable[PathStat], rows: int, requires: tuple[str, ...]) -> list[Lacking]:
    """Return what so many rows with these paths lack of those that a template requires."""
    stats: Mapping[tuple[str, ...], PathStat] = {stat.parts: stat for stat in paths}
    found = []
    for path in requires:
        stat = stats.get(tuple(path.split(".")))
        if stat is None:
            every = tuple(range(1, min(rows, ROWS_TOLD) + 1))
            found.append(Lacking(path, rows, every))
        elif stat.missing:
            found.append(Lacking(path, stat.missing, stat.lacking))
    return found
