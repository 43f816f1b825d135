"""An export: a batch's rows as a file that others can read. Pure."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.batches.runs.model import RowState

Format = Literal["jsonl", "csv", "parquet", "zip"]
Partition = Literal["none", "date", "field"]
RowsKept = Literal["done", "all"]
Pictures = Literal["url", "file"]
State = Literal["running", "done", "failed"]
KEPT_DAYS = 7
"""How long a finished file is there."""


@dataclass(frozen=True)
class Spec:
    """What somebody wants to have.

    `field` is what partitions are by: a path of the row's data, or else a column. With `pictures`
    as files a record names its picture in the archive, otherwise an address.
    """

    format: Format
    partition: Partition = "none"
    field: str = ""
    rows: RowsKept = "done"
    pictures: Pictures = "url"

    @property
    def state(self) -> RowState | None:
        """The state that rows are in which are wanted; None for every row."""
        return "done" if self.rows == "done" else None

    @property
    def extension(self) -> str:
        """A partitioned export is many files, in an archive."""
        return self.format if self.partition == "none" else "zip"


@dataclass(frozen=True)
class Progress:
    """What is written so far: rows of the batch, records of them, bytes of the file.

    `lacking` counts pictures that are missing or damaged.
    """

    rows: int = 0
    records: int = 0
    bytes: int = 0
    lacking: int = 0


@dataclass(frozen=True)
class Export:
    """One export as it stands; times in epoch milliseconds.

    `asked` counts how often its function was asked for and `attempt` how often that has begun;
    `until_ms` is when it is given up for dead. The file is gone at `expires_ms`.
    """

    export_id: str
    batch_id: str
    spec: Spec
    state: State
    made_ms: int
    expires_ms: int
    name: str
    progress: Progress = Progress()
    attempt: int = 0
    asked: int = 1
    until_ms: int = 0
    error: str = ""


class CannotExport(Exception):
    """The export can never be made; the text is a sentence for whoever wanted it."""
