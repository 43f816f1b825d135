"""What the emulator holds, on disk: named records in one SQLite file, checked as a whole.

A batch of records is written in one transaction and is on the disk (fsync) when `write` returns.
What was returned from is found again after any crash, or the next start refuses:

* SQLite cuts off a torn end of its log, which nothing was answered from;
* every record carries a checksum, and SQLite checks the file's own structure;
* `state.mark` holds the number of the last batch that was returned from. A state that is older
  than its mark has lost something. The mark counts for one start only, by a random name, so that a
  state of an earlier start can be put back.

After a check the state is copied to a folder beside it, the previous one. Runs in the emulator's
own environment, so it imports nothing of the engine's.
"""

import os
import secrets
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

Key = tuple[str, str]
"""The kind of a record and its name within the kind."""
Batch = Mapping[Key, bytes | None]
"""Records to write; None removes one."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, check_sum INTEGER NOT NULL,
    PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS start (name TEXT NOT NULL, batches INTEGER NOT NULL);
"""
PUT = "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)"
REMOVE = "DELETE FROM record WHERE kind = ? AND name = ?"
COUNT = "UPDATE start SET batches = ?"
FILE, MARK, PREVIOUS = "state.db", "state.mark", "state.previous"
PAGE, LOG_PAGES = 4096, 256
NAME_BYTES = 16
MARK_BYTES = 2 * NAME_BYTES + 20


class Damaged(Exception):
    """The state on disk is not what was kept: a sentence that says which file and how to go on."""


class NotKept(Exception):
    """A batch could not be written; the state on disk is as it was."""


class Store:
    """The records under one folder, for one process; `write` may run beside the other methods."""

    def __init__(self, folder: Path, *, sync: bool = True) -> None:
        """Open the folder's state, empty when there is none; raise Damaged or NotKept."""
        self._folder = folder
        self._file, self._mark = folder / FILE, folder / MARK
        self._sync = sync
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._look()
        try:
            self._database = self._opened()
            self._keep_previous(self._verified())
            self._begin()
            self._reader = self._connected()
        except sqlite3.OperationalError as problem:
            raise NotKept(f"{self._file} cannot be written: {problem}.") from problem
        except sqlite3.DatabaseError as problem:
            raise Damaged(damage(self._folder, str(problem))) from problem

    def records(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and value of every record of a kind; raise Damaged."""
        query = "SELECT name, value, check_sum FROM record WHERE kind = ?"
        for name, value, check_sum in self._database.execute(query, (kind,)):
            if _check_sum(kind, name, value) != check_sum:
                raise Damaged(damage(self._folder, "a record in it was changed"))
            yield name, value

    def read(self, key: Key) -> bytes | None:
        """Return one record as it is on the disk, never waiting for a write; raise Damaged."""
        query = "SELECT value, check_sum FROM record WHERE kind = ? AND name = ?"
        row = self._reader.execute(query, key).fetchone()
        if row and _check_sum(*key, row[0]) != row[1]:
            raise Damaged(damage(self._folder, "a record in it was changed"))
        return row[0] if row else None

    def between(
        self, kind: str, first: str, end: str, at_most: int = -1
    ) -> list[tuple[str, bytes]]:
        """Return name and value of a kind's records from `first` up to `end`, in order."""
        query = (
            "SELECT name, value FROM record WHERE kind = ? AND name >= ? AND name < ? "
            "ORDER BY name LIMIT ?"
        )
        return self._reader.execute(query, (kind, first, end, at_most)).fetchall()

    def write(self, batch: Batch) -> None:
        """Write all of it to the disk, or raise NotKept and nothing of it."""
        kept = [
            (*key, value, _check_sum(*key, value))
            for key, value in batch.items()
            if value is not None
        ]
        removed = [key for key, value in batch.items() if value is None]
        database = self._database
        try:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(PUT, kept)
            database.executemany(REMOVE, removed)
            database.execute(COUNT, (self._batches + 1,))
            database.execute("COMMIT")
            self._batches += 1
            self._note()
        except (sqlite3.Error, OSError) as problem:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise NotKept(f"{self._file} cannot be written: {problem}.") from problem

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        self._reader.close()
        self._database.close()
        os.close(self._mark_fd)

    def _look(self) -> None:
        """Refuse what opening it would change."""
        size = self._file.stat().st_size if self._file.exists() else 0
        if not size and self._mark.exists():
            raise Damaged(damage(self._folder, "it is missing or empty"))
        if size % PAGE and not (self._folder / f"{FILE}-wal").exists():
            raise Damaged(damage(self._folder, "its end is missing"))

    def _opened(self) -> sqlite3.Connection:
        database = self._connected()
        database.execute(f"PRAGMA page_size = {PAGE}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        database.execute(f"PRAGMA synchronous = {'FULL' if self._sync else 'OFF'}")
        return database

    def _connected(self) -> sqlite3.Connection:
        # Batches are written by another thread than this one, never two at a time.
        return sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)

    def _verified(self) -> bytes:
        """Return the mark that fits the state; empty when nothing was ever kept."""
        [[verdict], *_] = self._database.execute("PRAGMA quick_check(1)").fetchall()
        if verdict != "ok":
            raise Damaged(damage(self._folder, verdict))
        tables = "SELECT count(*) FROM sqlite_master WHERE name = 'start'"
        begun = self._database.execute(tables).fetchone() == (1,)
        stands = self._database.execute("SELECT * FROM start").fetchone() if begun else None
        marked = _unpacked(self._mark.read_bytes()) if self._mark.exists() else ("", 0)
        if stands is None and marked[0]:
            raise Damaged(damage(self._folder, "nothing is in it"))
        if stands and marked[0] == stands[0] and marked[1] > stands[1]:
            raise Damaged(damage(self._folder, "the end of what was written is missing"))
        return _packed(*stands) if stands else b""

    def _keep_previous(self, mark: bytes) -> None:
        """Copy a state that passed its check, unless the copy is of this very state."""
        copy = self._folder.parent / PREVIOUS
        kept = copy / MARK
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if mark and not (kept.exists() and kept.read_bytes() == mark):
            self._copy(copy, mark)

    def _copy(self, folder: Path, mark: bytes) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        part = folder / f"{FILE}.part"
        try:
            shutil.copyfile(self._file, part)
            _flush(part)
            (folder / MARK).unlink(missing_ok=True)
            part.replace(folder / FILE)
            (folder / MARK).write_bytes(mark)
            _flush(folder)
        except OSError:
            # No room for a second one: the last copy stays, and the start goes on.
            part.unlink(missing_ok=True)

    def _begin(self) -> None:
        """Give this start its name, before anything is answered from it."""
        name, database = secrets.token_hex(NAME_BYTES), self._database
        database.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";"):
            database.execute(statement)
        database.execute("DELETE FROM start")
        database.execute("INSERT INTO start VALUES (?, 0)", (name,))
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._name, self._batches = name, 0
        self._mark_fd = os.open(self._mark, os.O_RDWR | os.O_CREAT, 0o600)
        self._note()
        os.fsync(self._mark_fd)
        _flush(self._folder)

    def _note(self) -> None:
        os.pwrite(self._mark_fd, _packed(self._name, self._batches), 0)


def damage(folder: Path, what: str) -> str:
    """Return the sentence about a state that was damaged, and how to go on."""
    previous = folder.parent / PREVIOUS
    back = (
        f"move {folder} away and rename {previous} to {folder.name}, for what it held at its last "
        "start, or "
        if (previous / FILE).exists()
        else ""
    )
    return (
        f"{folder / FILE} is damaged ({what}); nothing was changed. To go on, {back}choose another "
        "directory with DATA_DIR=…."
    )


def _check_sum(kind: str, name: str, value: bytes) -> int:
    return zlib.crc32(value, zlib.crc32(f"{kind}\0{name}".encode()))


def _packed(name: str, number: int) -> bytes:
    return f"{name}{number:020}".encode()


def _unpacked(mark: bytes) -> tuple[str, int]:
    """Return the name of a start and a number; none of it when the mark itself is torn."""
    text = mark.decode("ascii", "replace")
    digits = text[2 * NAME_BYTES :]
    return (text[: 2 * NAME_BYTES], int(digits)) if digits.isdigit() else ("", 0)


def _flush(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
