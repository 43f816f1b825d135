"""Seed data as people and batches use it: upload, look at, read, check, delete."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice

from chalicelib.batches.seed_data.dispatch import CheckDispatcher
from chalicelib.batches.seed_data.files import UPLOAD_SECONDS, Gone, SeedFiles, Upload
from chalicelib.batches.seed_data.model import (
    KB,
    Lacking,
    Manifest,
    Row,
    SeedDataSet,
    Wanted,
    lacking,
)
from chalicelib.batches.seed_data.parts import pieces
from chalicelib.batches.seed_data.samples import SampleData
from chalicelib.batches.seed_data.sealed import NotReady, Sealed, UnknownSeedData
from chalicelib.batches.seed_data.store import Lost, SeedDataStore
from chalicelib.callers import Caller
from chalicelib.errors import Forbidden, InvalidInput, wrong_cursor

MOST_SETS = 200
PREVIEW_ROWS, PREVIEW_BYTES = 20, 2 * KB * KB
STARTS_MS = 30_000
"""How long a check that was asked for may take to begin."""
_ID = re.compile(r"d[0-9a-f]{23}", re.ASCII)
_AFTER_ALL = "~"


@dataclass(frozen=True)
class Made:
    """New seed data, and where its file goes until `expires_ms` (epoch milliseconds)."""

    seed_data: SeedDataSet
    upload: Upload
    expires_ms: int


@dataclass(frozen=True)
class Page:
    """Seed data, the newest first; `cursor` is empty after the last."""

    found: tuple[SeedDataSet, ...]
    cursor: str


@dataclass(frozen=True)
class Shown:
    """Seed data with all that a check found, and its first rows."""

    seed_data: SeedDataSet
    manifest: Manifest
    preview: tuple[Row, ...]


@dataclass(frozen=True)
class SeedData:
    """`clock` in epoch milliseconds; `samples` are the shipped ones by their id."""

    store: SeedDataStore
    files: SeedFiles
    sealed: Sealed
    dispatcher: CheckDispatcher
    samples: Callable[[], Mapping[str, SampleData]]
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def make(self, wanted: Wanted, caller: Caller) -> Made:
        """Return new seed data that waits for its file; raise InvalidInput when there are many."""
        owner = caller.user_id
        if len(self.store.page(owner, _AFTER_ALL, MOST_SETS)) >= MOST_SETS:
            raise InvalidInput(
                f"You have {MOST_SETS} files of seed data already. Delete one first."
            )
        now = self.clock()
        made = SeedDataSet(
            seed_data_id=f"d{now:011x}{self.new_id().replace('-', '')[:12]}",
            owner=owner,
            name=wanted.name,
            format=wanted.format,
            size=wanted.size,
            state="waiting",
            made_ms=now,
        )
        upload = self.files.sign_upload(made, wanted.sha256)
        self.store.make(made)
        return Made(made, upload, now + UPLOAD_SECONDS * 1000)

    def of(self, caller: Caller, seed_data_id: str) -> SeedDataSet:
        """Return a caller's own seed data, or a sample, as `find` does."""
        for owner in caller.owners:
            if found := self._find(owner, seed_data_id):
                return found
        raise UnknownSeedData

    def find(self, owner: str, seed_data_id: str) -> SeedDataSet:
        """Return an owner's seed data, or a sample; raise UnknownSeedData.

        `paths` are there once it is ready. A file that has arrived is sent to be checked, and so is
        one whose check has died.
        """
        found = self._find(owner, seed_data_id)
        if found is None:
            raise UnknownSeedData
        return found

    def rows(
        self, owner: str, seed_data_id: str, first: int, count: int
    ) -> Sequence[dict[str, object]]:
        """Return rows by their numbers, which count from 1 and have no gaps.

        Rows after the last are left out. Raise UnknownSeedData, and NotReady before it is ready.
        """
        if sample := self.samples().get(seed_data_id):
            return sample.rows[first - 1 : first - 1 + count]
        return self._rows(*self.sealed.of(owner, seed_data_id), first, count)

    def look(self, caller: Caller, seed_data_id: str) -> Shown:
        """Return all there is to show; raise UnknownSeedData."""
        found = self.of(caller, seed_data_id)
        if found.sample:
            sample = self.samples()[seed_data_id]
            return Shown(found, sample.manifest, _within(sample.rows))
        if found.state not in ("ready", "refused"):
            return Shown(found, Manifest(found.rows), ())
        manifest = self._manifest(found)
        rows = self._rows(found, manifest, 1, PREVIEW_ROWS)
        return Shown(found, manifest, _within(rows))

    def page(self, caller: Caller, limit: int, cursor: str) -> Page:
        """Return a page of the caller's own, and the samples after the last; raise InvalidInput."""
        if cursor and not _ID.fullmatch(cursor):
            raise wrong_cursor()
        before = cursor or _AFTER_ALL
        lists = [self.store.page(owner, before, limit + 1) for owner in caller.owners]
        newest = merge(*lists, key=lambda each: each.seed_data_id, reverse=True)
        found = tuple(islice(newest, limit + 1))
        if len(found) > limit:
            return Page(found[:limit], found[limit - 1].seed_data_id)
        return Page((*found, *(each.seed_data for each in self.samples().values())), "")

    def check(
        self, caller: Caller, seed_data_id: str, requires: tuple[str, ...]
    ) -> tuple[SeedDataSet, list[Lacking]]:
        """Say what the rows lack of a template's required paths; raise NotReady."""
        found = self.of(caller, seed_data_id)
        if found.state != "ready":
            raise NotReady(found.state)
        return found, lacking(found.paths, found.rows, requires)

    def delete(self, seed_data_id: str, caller: Caller) -> None:
        """Delete a file with all that was made of it; done again, it removes what was left."""
        if seed_data_id in self.samples():
            raise Forbidden("These rows are a sample, which everybody sees.")
        for owner in caller.owners if _ID.fullmatch(seed_data_id) else ():
            if found := self.store.find(owner, seed_data_id, hidden=True):
                self._delete(found)
                return
        raise UnknownSeedData

    def _delete(self, found: SeedDataSet) -> None:
        now = self.clock()
        try:
            self.store.hide(found, now)
        except Lost:
            return  # Deleted at this moment by somebody else.
        self.files.remove_all(found.owner, found.seed_data_id)
        # A check that is under way may be writing: it finds the file hidden, and clears up.
        if found.state != "checking" or found.until_ms < now:
            self.store.remove(found.owner, found.seed_data_id)

    def _find(self, owner: str, seed_data_id: str) -> SeedDataSet | None:
        if sample := self.samples().get(seed_data_id):
            return sample.seed_data
        found = self.store.find(owner, seed_data_id) if _ID.fullmatch(seed_data_id) else None
        if found is None:
            return None
        if found.state == "ready":
            return replace(found, paths=self._manifest(found).paths)
        return self._have_checked(found) if self._is_due(found) else found

    def _is_due(self, found: SeedDataSet) -> bool:
        """Return whether a file has arrived that nobody checks."""
        if found.state == "waiting":
            return self.files.is_uploaded(found)
        return found.state == "checking" and found.until_ms < self.clock()

    def _have_checked(self, found: SeedDataSet) -> SeedDataSet:
        try:
            begun = self.store.begin(found, self.clock() + STARTS_MS)
        except Lost:  # Somebody else was faster, and has sent it.
            return self.store.find(found.owner, found.seed_data_id) or found
        self.dispatcher.dispatch(begun)
        return begun

    def _manifest(self, found: SeedDataSet) -> Manifest:
        try:
            if found.state == "ready":
                return self.sealed.of(found.owner, found.seed_data_id)[1]
            return self.files.manifest(found)
        except Gone:
            raise UnknownSeedData from None

    def _rows(
        self, found: SeedDataSet, manifest: Manifest, first: int, count: int
    ) -> Sequence[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for piece in pieces(manifest.parts, first, count):
            try:
                data = self.files.part(found, piece.part, piece.begin, piece.end)
            except Gone:
                raise UnknownSeedData from None
            lines = data.split(b"\n")[piece.skip : piece.skip + piece.count]
            rows += map(json.loads, lines)
        return rows


def _within(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the first rows, as many as an answer can hold."""
    kept: list[Row] = []
    left = PREVIEW_BYTES
    for row in rows[:PREVIEW_ROWS]:
        left -= len(json.dumps(row))
        if kept and left < 0:
            break
        kept.append(row)
    return tuple(kept)
