"""A bucket's records, read from the disk when they are asked for."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from typing import Any

from devstack.state.store import Store

OBJECT = "object"
Record = dict[str, Any]
AT_ONCE = 500
"""Records that are looked at before others get their turn."""
WRITTEN = b'"last_modified": "'
MISSING: Any = object()
LAST = "\U0010ffff"
"""Comes after whatever a name goes on with."""


class Records(MutableMapping[str, Record]):
    """A bucket's records by name: those that are not on the disk yet, before those that are."""

    def __init__(self, store: Store, account: str, bucket: str, held: Mapping[str, Record]) -> None:
        self._store = store
        self._start = "\0".join((account, bucket, ""))
        self._new: dict[str, Record | None] = dict(held)

    def settle(self, name: str, record: Record | None) -> None:
        """Let go of a record that is on the disk now, unless another one took its place."""
        if self._new.get(name, MISSING) is record:
            del self._new[name]

    def undo(self, name: str) -> None:
        """Let go of a record that could not be kept."""
        self._new.pop(name, None)

    def drop(self, name: str) -> bool:
        """Count one on the disk as gone; return whether there is no newer one."""
        return self._new.setdefault(name, None) is None

    def names(self, prefix: str, after: str = "", at_most: int | None = None) -> list[str]:
        """Return the names that start so, in order; all, or at least the first few after one."""
        start, end = self._start + max(prefix, after), self._start + prefix + LAST
        many = -1 if at_most is None else at_most + len(self._new)
        kept = self._store.between(OBJECT, start, end, many)
        found = {name.removeprefix(self._start) for name, _ in kept}
        found |= {name for name in self._new if name.startswith(prefix)}
        return sorted(name for name in found if self._new.get(name, MISSING) is not None)

    async def written_by(self, day: str, prefix: str) -> AsyncIterator[str]:
        """Yield the names on the disk that were written on that day or before."""
        first = self._start + prefix
        end = first + LAST
        while page := self._store.between(OBJECT, first, end, AT_ONCE):
            for name, value in page:
                if value.partition(WRITTEN)[2][: len(day)].decode() <= day:
                    yield name.removeprefix(self._start)
            first = page[-1][0] + "\0"
            # Others get their turn.
            await asyncio.sleep(0)

    def __getitem__(self, name: str) -> Record:
        record: Record | None = self._new.get(name, MISSING)
        if record is MISSING:
            value = self._store.read((OBJECT, self._start + name))
            record = {"body": None, **json.loads(value)} if value else None
        if record is None:
            raise KeyError(name)
        return record

    def __setitem__(self, name: str, record: Record) -> None:
        self._new[name] = record

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._new[name] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.names(""))

    def __len__(self) -> int:
        return len(self.names(""))

    def __bool__(self) -> bool:
        return bool(self.names(""))
