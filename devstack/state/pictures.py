"""The emulator's objects: bytes in a file each, written before the answer, and their records."""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from ministack.core.responses import get_account_id
from ministack.services import s3

from devstack.state.records import LAST, OBJECT, Record, Records
from devstack.state.room import leave_room
from devstack.state.store import Damaged, Key, NotKept, Store

logger = logging.getLogger("engine.state")

PROBE = b"can be written"
AT_ONCE = 2_000
"""Names that are looked at before others get their turn."""
Note = Callable[[Key, bytes | None], None]


@dataclass(frozen=True)
class Written:
    """An object whose bytes are in memory only; without a record, one that was deleted."""

    account: str
    bucket: str
    name: str
    record: Record | None

    @property
    def key(self) -> Key:
        return OBJECT, "\0".join((self.account, self.bucket, self.name))


_written: ContextVar[list[Written]] = ContextVar("written")


class Pictures:
    """Stands between the emulator's operations and the files, from the start of the process."""

    def __init__(self, folder: Path, store: Store, *, sync: bool = True) -> None:
        self._folder = folder
        self._records = store
        # Where an earlier version kept the bytes, each under its name.
        s3.DATA_DIR = str(folder.parent / "objects")
        self._sync = sync
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._former_delete = s3._delete_persisted_object
        s3._persist_object = self._put
        s3._delete_persisted_object = self._delete
        s3._read_body = self._read
        self._list = s3._collect_list_entries
        s3._collect_list_entries = self._listed

    @contextlib.contextmanager
    def request(self) -> Iterator[list[Written]]:
        """Collect what the operation inside writes and deletes."""
        written: list[Written] = []
        token = _written.set(written)
        try:
            yield written
        finally:
            _written.reset(token)

    @contextlib.asynccontextmanager
    async def alone(self, written: list[Written]) -> AsyncIterator[None]:
        """Wait until nobody else brings these objects to the disk or clears up after them."""
        async with contextlib.AsyncExitStack() as stack:
            # Held here for as long as anybody waits; in one order, so that no two wait for ever.
            for key in sorted({each.key for each in written}):
                lock = self._locks.setdefault(key, asyncio.Lock())
                await stack.enter_async_context(lock)
            yield

    async def keep(self, written: list[Written], note: Note) -> None:
        """Bring the bytes to the disk, then note their records; raise NotKept and undo nothing."""
        try:
            await asyncio.gather(*(asyncio.to_thread(self._save, each) for each in written))
        except OSError as problem:
            raise NotKept(f"{self._folder} cannot be written: {problem.strerror}.") from problem
        for each in written:
            note(each.key, _bytes(each.record) if each.record else None)

    async def clear(self, written: list[Written]) -> None:
        """Once the records are on the disk: memory lets go of the bytes, the disk of old ones."""
        for each in written:
            if each.record:
                each.record["body"] = None
            s3._buckets._data[each.account, each.bucket]["objects"].settle(each.name, each.record)
        await asyncio.gather(*(asyncio.to_thread(self._remove_others, each) for each in written))

    def try_out(self) -> None:
        """Write and remove a small file where pictures go; raise NotKept."""
        probe = self._folder / "probe.part"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            leave_room(self._folder, 0)
            probe.write_bytes(PROBE)
            probe.unlink()
        except OSError as problem:
            raise NotKept(f"{self._folder} cannot be written: {problem.strerror}.") from problem

    def adopt(self) -> None:
        """Take over the records of every bucket that is new to this."""
        for (account, bucket), held in s3._buckets._data.items():
            if not isinstance(held["objects"], Records):
                held["objects"] = Records(self._records, account, bucket, held["objects"])

    def look(self) -> None:
        """Raise Damaged when there are records, and not one file."""
        if self._folder.exists():
            return
        names = [name for name, _ in self._records.between(OBJECT, "", LAST)]
        places = (s3._object_disk_path(*name.split("\0", 2)[1:]) for name in names)
        if names and not any(map(os.path.isfile, places)):
            raise Damaged(
                f"{self._folder} is missing; nothing was changed. To go on, put it back, or choose "
                "another directory with DATA_DIR=…."
            )

    def restore(self, name: str) -> None:
        """Make one object what it is on the disk: its change could not be kept."""
        account, bucket, key = name.split("\0", 2)
        s3._buckets._data[account, bucket]["objects"].undo(key)

    def everything(self) -> Iterator[tuple[Key, bytes]]:
        """Yield every object's record as it would be noted."""
        for (account, bucket), held in s3._buckets._data.items():
            for name, record in held["objects"].items():
                yield Written(account, bucket, name, record).key, _bytes(record)

    async def past(self, now_s: float) -> list[Written]:
        """Return what is past its bucket's lifecycle, as deletions."""
        return [
            Written(account, bucket, name, None)
            for (account, bucket), held in list(s3._buckets._data.items())
            for rule in _expiring(s3._bucket_lifecycle._data.get((account, bucket)))
            async for name in held["objects"].written_by(
                _last_day(rule["Expiration"]["Days"], now_s),
                rule.get("Prefix") or rule.get("Filter", {}).get("Prefix", ""),
            )
        ]

    def take(self, expired: Written) -> bool:
        """Take an object out of memory; return whether nobody has written it anew."""
        records: Records = s3._buckets._data[expired.account, expired.bucket]["objects"]
        return records.drop(expired.name)

    def _listed(self, records: Any, prefix: str, delimiter: str, most: int, after: str) -> Any:
        """Spare a page of a list the look at all that is before and after it."""
        names = records
        if isinstance(records, Records):
            names = records.names(prefix) if delimiter else records.names(prefix, after, most + 2)
        return self._list(names, prefix, delimiter, most, after)

    def _put(self, bucket: str, name: str, record: Record) -> None:
        _written.get().append(Written(get_account_id(), bucket, name, record))

    def _delete(self, bucket: str, name: str) -> None:
        _written.get().append(Written(get_account_id(), bucket, name, None))

    def _read(self, bucket: str, name: str, record: Record) -> bytes:
        """Return an object's bytes, whole; raise OSError rather than return others."""
        body: bytes | None = record.get("body")
        if body is not None:
            return body
        path = self._path(get_account_id(), bucket, name, record)
        if not path.exists():
            path = Path(s3._object_disk_path(bucket, name))
        body = path.read_bytes()
        tag = record["etag"].strip('"')
        if len(body) != record["size"] or ("-" not in tag and hashlib.md5(body).hexdigest() != tag):
            logger.error("%s is damaged; it is not served.", path)
            raise OSError(f"{path} is damaged")
        return body

    def _save(self, written: Written) -> None:
        record = written.record
        if record is None or record.get("body") is None:
            return
        path = self._path(written.account, written.bucket, written.name, record)
        part = path.with_suffix(".part")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        leave_room(path.parent, record["size"])
        try:
            with part.open("wb") as file:
                file.write(record["body"])
                file.flush()
                if self._sync:
                    os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        if self._sync:
            _flush(path.parent)

    def _remove_others(self, written: Written) -> None:
        """Remove the files of an object that are not those of its record."""
        stem = _stem(written.account, written.bucket, written.name)
        kept = written.record and self._path(
            written.account, written.bucket, written.name, written.record
        )
        for path in (self._folder / stem[:2]).glob(f"{stem}-*"):
            if path != kept:
                path.unlink(missing_ok=True)
        if not kept:
            self._former_delete(written.bucket, written.name)

    def _path(self, account: str, bucket: str, name: str, record: Record) -> Path:
        """Return a place of these very bytes: other bytes of the object go elsewhere."""
        stem = _stem(account, bucket, name)
        tag = hashlib.sha256(record["etag"].encode()).hexdigest()[:8]
        return self._folder / stem[:2] / f"{stem}-{tag}"


def _stem(account: str, bucket: str, name: str) -> str:
    return hashlib.sha256(json.dumps([account, bucket, name]).encode()).hexdigest()[:40]


def _bytes(record: Record) -> bytes:
    return json.dumps({k: v for k, v in record.items() if k != "body"}).encode()


def _expiring(rules: Any) -> list[Record]:
    """Return the enabled rules that delete after days."""
    return [
        rule
        for rule in rules or ()
        if rule["Status"] == "Enabled" and "Days" in rule.get("Expiration", ())
    ]


def _last_day(days: int, now_s: float) -> str:
    """Return the day whose objects go today: from the first midnight (UTC) after so many days."""
    today = datetime.fromtimestamp(now_s, UTC).date()
    return (today - timedelta(days=days + 1)).isoformat()


def _flush(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
