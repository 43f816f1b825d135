"""CSV: a header whose names are paths, and a row in each record after it. Cells stay texts."""

import csv
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TextIO

from chalicelib.batches.seed_data.model import MOST_PATHS, Row
from chalicelib.batches.seed_data.rows import Found, Good, Reading, Trouble
from chalicelib.batches.seed_data.text import LONGEST_RECORD, Unreadable
from chalicelib.batches.seed_data.values import NOT_UTF8, Bad, encode, is_broken, named

SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_TOLD = re.compile(r"sep=(.)[\r\n]*")
"""What spreadsheets write into a line of its own before the header."""
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+")
_UNCLOSED = "opens a quote that is never closed"
csv.field_size_limit(LONGEST_RECORD)


class _TooLong(Exception):
    """A record is longer than can be held."""


class _Lines:
    """The lines of a text; no record of them is longer than LONGEST_RECORD characters.

    Those of the record that is being read are held, so that what follows a quote that is never
    closed can be read once more, as the rows that they are.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._left = LONGEST_RECORD
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else ""
        if not line.endswith(("\n", "\r")):
            line += self._text.readline(max(self._left, 0) + 1)
        if not line:
            raise StopIteration
        self._left -= len(line)
        self._record.append(line)
        if self._left < 0:
            raise _TooLong
        self.number += 1
        return line

    def begin_record(self) -> None:
        self._record = []
        self._left = LONGEST_RECORD

    def go_back(self) -> bool:
        """Go back to the record's second line; return False where it has none."""
        if len(self._record) < 2:
            return False
        self._again.extendleft(reversed(self._record[1:]))
        self.number -= len(self._record) - (2 if self._left < 0 else 1)
        return True


@dataclass(frozen=True)
class _Header:
    """What the first record says; `ends` is its last line."""

    separator: str
    paths: Sequence[tuple[str, ...]]
    names: Sequence[str]


def read(text: TextIO) -> Reading:
    """Return the rows; raise Unreadable for a header that names nothing or the same twice."""
    lines = _Lines(text)
    try:
        header = _header(lines)
    except _TooLong:
        raise Unreadable((lines.number + 1, "The header is longer than 4 MB.")) from None
    reading = Reading(iter(()), empty_is_missing=True)
    if len(header.names) > 1:
        separator = SEPARATORS.get(header.separator, header.separator)
        reading.notes.append(f"The separator is {separator}.")
    columns = _DecimalCommas(header.names)

    def found() -> Iterator[Found]:
        yield from _rows(lines, header, columns)
        reading.notes += columns.notes()

    reading.found = found()
    return reading


def _header(lines: _Lines) -> _Header:
    first, told = "", None
    for first in lines:
        told = told or _TOLD.fullmatch(first)
        if first.strip() and not _TOLD.fullmatch(first):
            break
    else:
        raise Unreadable((None, "The file is empty."))
    line, record = lines.number, first
    while record.count('"') % 2 and (more := next(lines, "")):
        record += more
    separator = told[1] if told else _separator(record)
    try:
        [cells] = csv.reader(StringIO(record, newline=""), delimiter=separator, strict=True)
    except (csv.Error, ValueError) as problem:
        raise Unreadable((line, f"The header cannot be read: {problem}.")) from None
    names = [cell.strip() for cell in cells]
    paths = [tuple(part.strip() for part in name.split(".")) for name in names]
    if problems := [*_wrong(names, paths)]:
        raise Unreadable(*((line, problem) for problem in problems))
    return _Header(separator, paths, names)


def _separator(record: str) -> str:
    """Return the separator that stands in the header most often outside of quotes."""
    bare = _QUOTED.sub("", record)
    return max(SEPARATORS, key=bare.count)


def _wrong(names: Sequence[str], paths: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if len(names) > MOST_PATHS:
        yield f"The header has {len(names)} columns; there may be {MOST_PATHS}."
        return
    for position, name in enumerate(names, start=1):
        if not name:
            yield f"Column {position} has no name."
        elif is_broken(name):
            yield f"The name of column {position} {NOT_UTF8}."
        elif "" in paths[position - 1]:
            yield f"The name of column {position}, {named(name)}, has a dot with nothing beside it."
    for path, count in Counter(paths).items():
        if count > 1 and all(path):
            columns = [str(p) for p, other in enumerate(paths, start=1) if other == path]
            listed = f"{', '.join(columns[:-1])} and {columns[-1]}"
            yield f"Columns {listed} have the same name, {named('.'.join(path))}."
    known = set(paths)
    for path in dict.fromkeys(paths):
        above = next((path[:n] for n in range(1, len(path)) if path[:n] in known), None)
        if above and all(path):
            longer, shorter = named(".".join(path)), named(".".join(above))
            yield (
                f"Column {paths.index(above) + 1} is named {shorter} and column "
                f"{paths.index(path) + 1} {longer}; one path cannot be a value and have names "
                "below it."
            )


def _rows(lines: _Lines, header: _Header, columns: "_DecimalCommas") -> Iterator[Found]:
    reader = csv.reader(lines, delimiter=header.separator, strict=True)
    build, width = _builder(header.paths), len(header.paths)
    while True:
        line = lines.number + 1
        lines.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            if not lines.go_back():
                yield Trouble(line, "is longer than 4 MB; nothing after it was read")
                return
            yield Trouble(line, _UNCLOSED)
        except csv.Error as problem:
            if str(problem) == "unexpected end of data":
                yield Trouble(line, _UNCLOSED)
                if not lines.go_back():
                    return
                reader = csv.reader(lines, delimiter=header.separator, strict=True)
            else:
                yield Trouble(line, _of_quotes(str(problem)))
        else:
            if any(map(str.strip, cells)):
                yield _row(line, cells, width, build, columns)


def _row(
    line: int,
    cells: list[str],
    width: int,
    build: Callable[[list[str]], Row],
    columns: "_DecimalCommas",
) -> Found:
    if len(cells) != width:
        has = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
        return Trouble(line, f"has {has}; the header has {width}")
    row = build(cells)
    try:
        data = encode(row)
    except Bad as problem:
        return Trouble(line, str(problem))
    columns.look(cells)
    return Good(line, row, data)


def _of_quotes(problem: str) -> str:
    if "expected after" in problem:
        return 'has something after a closing quote; a quote inside a cell is written ""'
    return f"cannot be read: {problem}"


def _builder(paths: Sequence[tuple[str, ...]]) -> Callable[[list[str]], Row]:
    """Return what makes a row of cells."""
    if all(len(path) == 1 for path in paths):
        names = [path[0] for path in paths]
        return lambda cells: dict(zip(names, cells, strict=True))

    def build(cells: list[str]) -> Row:
        row: Row = {}
        for path, cell in zip(paths, cells, strict=True):
            inside = row
            for name in path[:-1]:
                inside = inside.setdefault(name, {})
            inside[path[-1]] = cell
        return row

    return build


class _DecimalCommas:
    """Columns of which every value so far is a number with a decimal comma."""

    def __init__(self, names: Sequence[str]) -> None:
        self._left: dict[int, str] = dict.fromkeys(range(len(names)), "")
        self._names = names

    def look(self, cells: Sequence[str]) -> None:
        for column in list(self._left):
            cell = cells[column].strip()
            if cell and not _DECIMAL_COMMA.fullmatch(cell):
                del self._left[column]
            elif cell:
                self._left[column] = cell

    def notes(self) -> Iterator[str]:
        for column, example in self._left.items():
            if example:
                yield (
                    f"Every value of {named(self._names[column])} is a number with a decimal "
                    f"comma, such as {example[:30]}; they stay texts."
                )
