"""JSON: one list of objects, of which only the next is ever held.

The decoder of the standard library reads one value from the middle of a text, which is fast. Where
it cannot, the end of that value is looked for by its brackets, so that the rest is read as well.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from chalicelib.batches.seed_data.rows import Found, Good, Reading, Trouble
from chalicelib.batches.seed_data.text import LONGEST_RECORD, Unreadable
from chalicelib.batches.seed_data.values import DECODER, Bad, encode, named, parse, too_long

_CHUNK = 1024 * 1024
_BLANK = re.compile(r"[ \t\r\n]*")
_MARK, _IN_TEXT = re.compile(r'["\[\]{},]'), re.compile(r'["\\]')
_TEXT, _BRACKET = re.compile(r'"((?:[^"\\]|\\.)*)"'), re.compile(r'["\[\]{}]')
_EXPECTED = 'Expected a list of objects: [{"…": …}, {"…": …}].'
_KEYS_TOLD = 20


class _Ends(Exception):
    """The text ends here."""


def read(text: TextIO) -> Reading:
    """Return the rows; raise Unreadable where the text is no list."""
    source = _Source(text)
    first = source.next_mark()
    if first != "[":
        raise Unreadable((source.line, _no_list(first, source)))
    source.position += 1
    return Reading(_rows(source))


class _Source:
    """A window on the text; `line` is the line of `position`, counting from 1."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.window, self.position, self._counted, self._line = "", 0, 0, 1
        self.more()

    @property
    def line(self) -> int:
        self._line += self.window.count("\n", self._counted, self.position)
        self._counted = self.position
        return self._line

    def more(self) -> bool:
        """Read on, and forget what is behind; return whether there was more."""
        new = self._text.read(_CHUNK)
        self._line = self.line
        self.window = self.window[self.position :] + new
        self.position = self._counted = 0
        return bool(new)

    def next_mark(self) -> str:
        """Go to the next character that is no blank and return it; empty at the end."""
        while True:
            match = _BLANK.match(self.window, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.window):
                return self.window[self.position]
            if not self.more():
                return ""


def _rows(source: _Source) -> Iterator[Found]:
    try:
        while source.next_mark() != "]":
            yield _element(source)
            line, mark = source.line, source.next_mark()
            if mark == ",":
                source.position += 1
            elif mark != "]":
                if not mark:
                    raise _Ends
                yield Trouble(line, "A comma is missing between two rows.", of_file=True)
    except _Ends:
        yield Trouble(source.line, "The file ends before its list does.", of_file=True)
        return
    source.position += 1
    if source.next_mark():
        yield Trouble(source.line, "Something stands after the end of the list.", of_file=True)


def _element(source: _Source) -> Found:
    line, begin = source.line, source.position
    if not source.window.startswith("{", begin):
        return _outlined(source, line)
    try:
        value, end = DECODER.raw_decode(source.window, begin)
    except (ValueError, RecursionError):
        return _outlined(source, line)
    source.position = end
    try:
        return Good(line, value, encode(value, source.window[begin:end]))
    except Bad as problem:
        return Trouble(line, str(problem))


def _outlined(source: _Source, line: int) -> Found:
    """Read the value whose end has to be looked for."""
    text, skipped = _outline(source)
    if skipped:
        return Trouble(line, too_long(skipped + len(text)))
    if not text:
        return Trouble(line, "is empty: one comma follows another")
    try:
        row = parse(text)
        return Good(line, row, encode(row, text))
    except Bad as problem:
        return Trouble(line, str(problem))


def _outline(source: _Source) -> tuple[str, int]:
    """Take what stands up to the comma or bracket after the value; raise _Ends.

    Returns its text, and how much before it was too long to be held.
    """
    depth, inside, skipped, at = 0, False, 0, source.position
    while True:
        match = (_IN_TEXT if inside else _MARK).search(source.window, at)
        if match is None or (match[0] == "\\" and match.end() == len(source.window)):
            at = len(source.window) if match is None else match.start()
            if at - source.position > LONGEST_RECORD:
                skipped += at - source.position
                source.position = at
            at -= source.position
            if not source.more():
                source.position = len(source.window)
                raise _Ends
            continue
        mark, at = match[0], match.end()
        if inside:
            at, inside = (at + 1, True) if mark == "\\" else (at, False)
        elif mark == '"':
            inside = True
        elif mark in "[{":
            depth += 1
        elif depth == 0 and mark in ",]":
            text = source.window[source.position : at - 1]
            source.position = at - 1
            return text.strip(), skipped
        elif depth and mark in "]}":
            depth -= 1


def _no_list(first: str, source: _Source) -> str:
    if not first:
        return "The file is empty."
    if first != "{":
        return f"The file begins with {named(first)}. {_EXPECTED}"
    try:
        _, end = DECODER.raw_decode(source.window, source.position)
        rest = source.window[end:].lstrip()
    except (ValueError, RecursionError):
        rest = ""
    if rest.startswith("{"):
        return "The file is one object after another, which is the format jsonl and not json."
    keys = ", ".join(_keys(source.window[source.position :]))
    return f"The file is one object with the keys {keys or '(none)'}. {_EXPECTED}"


def _keys(text: str) -> list[str]:
    """Return the names that the outermost object of a text begins with."""
    keys: list[str] = []
    depth = at = 0
    while len(keys) < _KEYS_TOLD and (match := _BRACKET.search(text, at)):
        at = match.end()
        if match[0] != '"':
            depth += 1 if match[0] in "[{" else -1
        elif quoted := _TEXT.match(text, match.start()):
            at = quoted.end()
            if depth == 1 and text[at : at + 20].lstrip().startswith(":"):
                keys.append(named(quoted[1]))
    return keys
