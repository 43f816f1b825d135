"""Exports as people use them: ask for one, look how far it is, have it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib import logs
from chalicelib.batches.exports.dispatch import ExportDispatcher
from chalicelib.batches.exports.files import URL_SECONDS, ExportFiles
from chalicelib.batches.exports.model import KEPT_DAYS, Export, Spec
from chalicelib.batches.exports.store import ExportStore, Lost, UnknownExport
from chalicelib.batches.runs.model import Batch
from chalicelib.callers import Caller
from chalicelib.errors import WrongState

MOST_AT_ONCE, MOST_ATTEMPTS, MOST_ASKED = 3, 3, 20
STARTS_MS = 30_000
"""How long a function that was asked for may take to begin."""
DAY_MS = 86_400_000
GAVE_UP = "The file could not be written in three attempts. Ask for another export."
NEVER_BEGAN = "The file could not be begun for ten minutes. Ask for another export later."


@dataclass(frozen=True)
class Shown:
    """An export, and where its file is until `url_ends_ms`; no address before it is done."""

    export: Export
    url: str = ""
    url_ends_ms: int = 0


@dataclass(frozen=True)
class Exports:
    """The use cases. `batch_of` returns a caller's batch or raises UnknownBatch."""

    store: ExportStore
    files: ExportFiles
    dispatcher: ExportDispatcher
    batch_of: Callable[[str, Caller], Batch]
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def make(self, batch_id: str, caller: Caller, spec: Spec) -> Shown:
        """Have an export made; raise WrongState while too many of the batch are."""
        batch, now = self.batch_of(batch_id, caller), self.clock()
        running = [e for e in self.store.page(batch.id, now) if e.state == "running"]
        if len(running) >= MOST_AT_ONCE:
            raise WrongState(f"{MOST_AT_ONCE} exports of this batch are being made. Wait for one.")
        export_id = f"e{now:011x}{self.new_id().replace('-', '')[:12]}"
        made = Export(
            export_id=export_id,
            batch_id=batch.id,
            spec=spec,
            state="running",
            made_ms=now,
            expires_ms=now + KEPT_DAYS * DAY_MS,
            name=_file_name(batch.wanted.name, export_id, spec, now),
            until_ms=now + STARTS_MS,
        )
        self.store.create(made)
        self.dispatcher.dispatch(made)
        logs.event("export_made", batchId=batch.id, exportId=export_id, format=spec.format)
        return Shown(made)

    def page(self, batch_id: str, caller: Caller) -> list[Shown]:
        """Return a batch's exports, the newest first."""
        batch = self.batch_of(batch_id, caller)
        return [self._shown(export) for export in self.store.page(batch.id, self.clock())]

    def get(self, batch_id: str, export_id: str, caller: Caller) -> Shown:
        """Return an export; raise UnknownExport. One whose function has died is begun again."""
        batch = self.batch_of(batch_id, caller)
        return self._shown(self.store.get(batch.id, export_id, self.clock()))

    def _shown(self, export: Export) -> Shown:
        if export.state == "running" and export.until_ms < self.clock():
            export = self._begun_again(export)
        if export.state != "done":
            return Shown(export)
        return Shown(export, self.files.sign(export), self.clock() + URL_SECONDS * 1000)

    def _begun_again(self, dead: Export) -> Export:
        try:
            if dead.attempt >= MOST_ATTEMPTS:
                return self.store.fail(dead, GAVE_UP)
            if dead.asked >= MOST_ASKED:
                return self.store.fail(dead, NEVER_BEGAN)
            begun = self.store.begin(dead, self.clock() + STARTS_MS)
        except Lost:
            try:
                return self.store.get(dead.batch_id, dead.export_id, self.clock())
            except UnknownExport:
                return dead
        self.dispatcher.dispatch(begun)
        return begun


def _file_name(batch: str, export_id: str, spec: Spec, now: int) -> str:
    """Return a name that every file system takes."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in batch.lower()).split()
    day = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d")
    name = "-".join(words)[:40].strip("-") or "batch"
    form = f".{spec.format}" if spec.extension != spec.format else ""
    return f"{name}-{day}-{export_id[-6:]}{form}.{spec.extension}"
