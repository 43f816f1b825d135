"""The text of an upload, some of it at a time."""

import io
from collections.abc import Callable
from typing import TextIO

LONGEST_RECORD = 4 * 1024 * 1024
"""Characters of one row as it stands in the file; more is never held."""
_BUFFER = 256 * 1024
_FOREIGN = (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "a spreadsheet or an archive"),
    (b"\x1f\x8b", "compressed"),
    (b"PAR1", "Parquet"),
    (b"%PDF", "a PDF"),
)
"""How files begin that people mistake for text."""


class Unreadable(Exception):
    """A file that has no rows to be told apart; each problem is (line or None, sentence)."""

    def __init__(self, *problems: tuple[int | None, str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class _Raw(io.RawIOBase):
    """A stream of bytes for the standard library; `read(n)` returns at most n bytes."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def open_text(read: Callable[[int], bytes]) -> TextIO:
    """Return the text; raise Unreadable for what is none.

    Bytes that are no UTF-8 come as lone surrogates, so that only their row is refused. Ends of
    lines stay as they are.
    """
    data = io.BufferedReader(_Raw(read), _BUFFER)
    begin = data.peek(4)[:4]
    for sign, kind in _FOREIGN:
        if begin.startswith(sign):
            sentence = f"The file is {kind}; upload text in UTF-8: JSON Lines, JSON or CSV."
            raise Unreadable((1, sentence))
    return io.TextIOWrapper(data, "utf-8-sig", errors="surrogateescape", newline="")
