"""JSON Lines: an object in each line that is not blank."""

from collections.abc import Iterator
from typing import TextIO

from chalicelib.batches.seed_data.rows import Found, Good, Reading, Trouble
from chalicelib.batches.seed_data.text import LONGEST_RECORD
from chalicelib.batches.seed_data.values import Bad, encode, parse, too_long

_AROUND = " \t\r\n\ufeff"
"""A mark of byte order stands in the middle where files were joined."""


def read(text: TextIO) -> Reading:
    return Reading(_rows(text))


def _rows(text: TextIO) -> Iterator[Found]:
    number = 0
    while line := text.readline(LONGEST_RECORD):
        number += 1
        if len(line) == LONGEST_RECORD and line[-1] not in "\r\n":
            yield Trouble(number, too_long(len(line) + _skip(text)))
        elif stripped := line.strip(_AROUND):
            yield _row(number, stripped)


def _row(number: int, line: str) -> Found:
    try:
        row = parse(line)
        return Good(number, row, encode(row, line))
    except Bad as problem:
        return Trouble(number, str(problem))


def _skip(text: TextIO) -> int:
    """Pass over the rest of a line and return its length."""
    skipped = 0
    while more := text.readline(LONGEST_RECORD):
        skipped += len(more)
        if more[-1] in "\r\n":
            break
    return skipped
