"""The function that makes an export: reads row after row and holds a few megabytes.

One attempt has the export at a time. It says again and again that it lives; when it does not,
whoever looks at the export next has another begun, which starts anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import logs
from chalicelib.batches.exports.ahead import ahead
from chalicelib.batches.exports.card import card_of
from chalicelib.batches.exports.columns import Record, columns_of
from chalicelib.batches.exports.files import ExportFiles
from chalicelib.batches.exports.formats import sink_of
from chalicelib.batches.exports.model import CannotExport, Export, Progress
from chalicelib.batches.exports.partitions import folder_of
from chalicelib.batches.exports.pictures import Lacking, Pictures
from chalicelib.batches.exports.records import Made, Recorder
from chalicelib.batches.exports.sinks import Sink, picture_name
from chalicelib.batches.exports.store import ExportStore, Lost, UnknownExport
from chalicelib.batches.exports.upload import Upload
from chalicelib.batches.runs.calls import folder_of as folder_of_pictures
from chalicelib.batches.runs.model import Batch, Row
from chalicelib.batches.runs.reading import RowReader
from chalicelib.batches.runs.store import BatchStore, UnknownBatch
from chalicelib.batches.templates.renderer import Renderer

LIVES_MS, TELLS_MS = 120_000, 5_000
"""For how long an attempt is believed to live after it has said so, and how often it says so."""
SPARE_MS = 20_000
"""Left for the end of the file."""
A_PAGE, AT_ONCE = 50, 8
_TOO_SLOW = "The file could not be written in fifteen minutes. Export fewer rows, or addresses."


@dataclass(frozen=True)
class Exporting:
    """Makes exports. `clock` in epoch milliseconds."""

    store: ExportStore
    files: ExportFiles
    batches: BatchStore
    reader: RowReader
    pictures: Pictures
    open_renderer: Callable[[], Renderer]
    address: Callable[[str], str]
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def run(self, batch_id: str, export_id: str, time_left_ms: int) -> None:
        """Make an export, unless it is gone or another attempt lives."""
        now, holder = self.clock(), self.new_id()
        try:
            batch = self.batches.get(batch_id)
            seen = self.store.get(batch_id, export_id, now)
            taken = self.store.take(seen, holder, now, now + LIVES_MS)
        except (Lost, UnknownBatch, UnknownExport):
            logs.event("export_not_taken", batchId=batch_id, exportId=export_id)
            return
        try:
            self._make(taken, batch, holder, now + time_left_ms - SPARE_MS)
        except Lost:
            logs.event("export_lost", batchId=batch_id, exportId=export_id)
        except CannotExport as problem:
            self.store.fail(taken, str(problem))
            logs.event("export_failed", batchId=batch_id, exportId=export_id)
        except Exception:
            self.store.release(taken, holder)
            raise

    def _make(self, taken: Export, batch: Batch, holder: str, ends_ms: int) -> None:
        upload, began_ms = self.files.open(taken), self.clock()
        try:
            with self.open_renderer() as renderer, ThreadPoolExecutor(AT_ONCE) as pool:
                making = _Making(self, taken, batch, holder, ends_ms, renderer, pool, upload)
                sink = sink_of(taken, upload)
                making.write(sink)
            sink.close(card_of(batch, taken, making.progress, self.clock()))
            upload.finish()
        except BaseException:
            upload.abort()
            raise
        done = replace(making.progress, bytes=upload.bytes)
        try:
            self.store.end(taken, holder, done)
        except Lost:
            self.files.remove(taken)
            raise
        logs.event(
            "export_done",
            batchId=batch.id,
            exportId=taken.export_id,
            records=done.records,
            bytes=done.bytes,
            durationMs=self.clock() - began_ms,
        )


@dataclass(frozen=True)
class _Page:
    """Some rows with their data; `last` is the number of the last one, 0 where none follow."""

    rows: Sequence[Row]
    data: Mapping[int, Mapping[str, Any]]
    last: int


@dataclass(frozen=True)
class _Finished:
    """One record as it is written, in which folder, and the picture that goes with it."""

    record: Record
    folder: str
    lacks: bool = False
    picture: bytes | None = None


class _Making:
    """One attempt on its way through the batch's rows."""

    def __init__(
        self,
        run: Exporting,
        taken: Export,
        batch: Batch,
        holder: str,
        ends_ms: int,
        renderer: Renderer,
        pool: Executor,
        upload: Upload,
    ) -> None:
        self._run, self._taken, self._batch, self._holder = run, taken, batch, holder
        self._ends_ms, self._told_ms = ends_ms, run.clock()
        self._pool, self._upload = pool, upload
        self._prefix = folder_of_pictures(batch.id)
        self._listed = run.pictures.listed(self._prefix)
        columns = columns_of(taken.spec.pictures)
        self._recorder = Recorder(batch, columns, renderer, run.reader.text_of, run.address)
        self.progress = Progress()

    def write(self, sink: Sink) -> None:
        """Write every record; raise Lost, and CannotExport."""
        for page in self._pages():
            for each in self._finished(self._made(page)):
                sink.add(each.record, each.folder, each.picture)
                self._count(records=1, lacking=int(each.lacks))
                self._tell()
            self._count(rows=len(page.rows))

    def _pages(self) -> Iterator[_Page]:
        """Yield the batch's rows; the next ones are read while these are written."""
        coming = self._pool.submit(self._read, 0)
        while True:
            page = coming.result()
            if page.last:
                coming = self._pool.submit(self._read, page.last)
            yield page
            if not page.last:
                return

    def _read(self, after: int) -> _Page:
        reader, batch = self._run.reader, self._batch
        rows, last = reader.page(batch, self._taken.spec.state, after, A_PAGE)
        return _Page(rows, reader.data_of(batch, [row.number for row in rows]), last)

    def _finished(self, made: Iterator[Made]) -> Iterator[_Finished]:
        if self._taken.spec.pictures == "file":
            return ahead(self._pool, self._with_picture, made, AT_ONCE)
        return map(self._with_address, made)

    def _made(self, page: _Page) -> Iterator[Made]:
        for row, records in self._recorder.page(page.rows, page.data):
            self._listed.forget_before(f"{self._prefix}{row.number:09d}")
            yield from records

    def _with_picture(self, made: Made) -> _Finished:
        folder = folder_of(self._taken.spec, made.values)
        if made.image is None:
            return _Finished(made.values, folder)
        try:
            data = self._run.pictures.read(made.image)
        except Lacking as problem:
            return _Finished({**made.values, "picture": problem.found}, folder, lacks=True)
        name = picture_name(folder, made.image, self._prefix)
        return _Finished(
            {**made.values, "picture": "stored", "file_name": name}, folder, picture=data
        )

    def _with_address(self, made: Made) -> _Finished:
        """A picture that cannot be had has no address."""
        folder = folder_of(self._taken.spec, made.values)
        if made.image is None:
            return _Finished(made.values, folder)
        found = self._listed.found(made.image)
        told = {**made.values, "picture": found}
        if found == "stored":
            return _Finished(told, folder)
        return _Finished({**told, "image_url": None}, folder, lacks=True)

    def _count(self, **more: int) -> None:
        added = {name: getattr(self.progress, name) + amount for name, amount in more.items()}
        self.progress = replace(self.progress, **added)

    def _tell(self) -> None:
        """Say now and then that this attempt lives."""
        now = self._run.clock()
        if now >= self._ends_ms:
            raise CannotExport(_TOO_SLOW)
        if now >= self._told_ms + TELLS_MS:
            progress = replace(self.progress, bytes=self._upload.bytes)
            self._run.store.keep(self._taken, self._holder, progress, now + LIVES_MS)
            self._told_ms = now
