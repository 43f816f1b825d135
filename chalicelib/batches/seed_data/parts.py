"""Rows as parts of some megabytes, written one after the other and read by ranges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from chalicelib.batches.seed_data.model import KB, Part

PART_BYTES, BLOCK_BYTES = 4 * KB * KB, 64 * KB
Put = Callable[[int, bytes], None]
"""Stores the part that begins with the row of this number."""


@dataclass
class PartWriter:
    """Gathers rows; holds no more than one part."""

    put: Put
    parts: list[Part] = field(default_factory=list)
    rows: int = 0
    _lines: list[bytes] = field(default_factory=list)
    _size: int = 0
    _blocks: list[tuple[int, int]] = field(default_factory=list)

    def add(self, data: bytes) -> None:
        """Take the next row, as JSON; store the part that it completes."""
        self.rows += 1
        if not self._blocks or self._size - self._blocks[-1][1] >= BLOCK_BYTES:
            self._blocks.append((self.rows, self._size))
        self._lines.append(data)
        self._size += len(data) + 1
        if self._size >= PART_BYTES:
            self.close()

    def close(self) -> None:
        """Store what has been gathered."""
        if not self._lines:
            return
        first = self._blocks[0][0]
        self._lines.append(b"")
        self.put(first, b"\n".join(self._lines))
        self.parts.append(Part(first, len(self._lines) - 1, self._size, tuple(self._blocks)))
        self._lines, self._size, self._blocks = [], 0, []


@dataclass(frozen=True)
class Piece:
    """Bytes of one part, and which of the lines in them are wanted."""

    part: int
    begin: int
    end: int
    skip: int
    count: int


def pieces(parts: tuple[Part, ...], first: int, count: int) -> Iterator[Piece]:
    """Return what to read for the rows from `first` on; rows that are not there are left out."""
    last = first + count - 1
    for part in parts:
        low, high = max(first, part.first), min(last, part.first + part.rows - 1)
        if low > high:
            continue
        number, begin = next(b for b in reversed(part.blocks) if b[0] <= low)
        end = next((at for row, at in part.blocks if row > high), part.size)
        yield Piece(part.first, begin, end, low - number, high - low + 1)
