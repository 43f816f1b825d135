"""What the readers of all formats give, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.batches.seed_data.model import Row


@dataclass(frozen=True)
class Good:
    """A row, the line where it begins, and the row as JSON."""

    line: int
    row: Row
    data: bytes


@dataclass(frozen=True)
class Trouble:
    """A row that cannot be used, and why; or what is wrong with the file there."""

    line: int
    problem: str
    of_file: bool = False


Found = Good | Trouble


@dataclass
class Reading:
    """Rows as they are read, and what else there is to tell once they have been."""

    found: Iterator[Found]
    notes: list[str] = field(default_factory=list)
    empty_is_missing: bool = False
