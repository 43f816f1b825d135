"""The department of batches, put together on the ground; loaded by the first request for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chalicelib.batches.exports.dispatch import ExportDispatcher
from chalicelib.batches.exports.exporting import Exporting
from chalicelib.batches.exports.files import ExportFiles
from chalicelib.batches.exports.pictures import Pictures
from chalicelib.batches.exports.service import Exports
from chalicelib.batches.exports.store import ExportStore
from chalicelib.batches.runs.calls import Calls
from chalicelib.batches.runs.choosing import Choosing
from chalicelib.batches.runs.events import BatchEvents
from chalicelib.batches.runs.flow import Flow
from chalicelib.batches.runs.keys import KeyStore
from chalicelib.batches.runs.model import Batch
from chalicelib.batches.runs.money import BatchMoney
from chalicelib.batches.runs.planning import Planner
from chalicelib.batches.runs.queue import RowQueue
from chalicelib.batches.runs.reading import RowReader
from chalicelib.batches.runs.rendering import Renderers
from chalicelib.batches.runs.row_run import RowRun
from chalicelib.batches.runs.row_store import RowStore
from chalicelib.batches.runs.service import Batches as BatchService
from chalicelib.batches.runs.store import BatchStore, UnknownBatch
from chalicelib.batches.runs.table import Table
from chalicelib.batches.runs.view import BatchView, batch_view
from chalicelib.batches.runs.worker import Worker
from chalicelib.batches.seed_data.check import Checking
from chalicelib.batches.seed_data.dispatch import CheckDispatcher
from chalicelib.batches.seed_data.files import SeedFiles
from chalicelib.batches.seed_data.samples import samples as sample_data
from chalicelib.batches.seed_data.sealed import Sealed
from chalicelib.batches.seed_data.service import SeedData
from chalicelib.batches.seed_data.store import SeedDataStore
from chalicelib.batches.templates.language import Language
from chalicelib.batches.templates.models import ConfiguredModels
from chalicelib.batches.templates.renderer import Renderer
from chalicelib.batches.templates.samples import samples
from chalicelib.batches.templates.service import Templates
from chalicelib.batches.templates.store import TemplateStore
from chalicelib.callers import NOBODY, UNOWNED, Caller
from chalicelib.dynamo import read_fast
from chalicelib.providers.registry import Slot, TextSlot
from chalicelib.wiring.ground import Ground

A_SWEEP, REMOVING_MS = 20, 20_000


@dataclass(frozen=True)
class Configured:
    """The image and text models that there are now."""

    slots: tuple[Slot, ...]
    texts: tuple[TextSlot, ...]


class Batches:
    """Everything about batches; made on first use.

    `interpreter` are the variables that an interpreter of ours needs to start.
    """

    def __init__(self, ground: Ground, interpreter: Mapping[str, str]) -> None:
        self._interpreter = interpreter
        self._ground = ground
        self._ports = ground.ports
        self._settings = ground.settings
        self._table = ground.settings.storage.table_name

    @cached_property
    def templates(self) -> Templates:
        ports = self._ports
        return Templates(
            store=TemplateStore(ports.dynamodb, self._table),
            samples=samples,
            open_renderer=self._renderer,
            clock=ports.clock,
            new_id=ports.new_id,
            language=Language(),
            models=ConfiguredModels(lambda: ports.models.slots, lambda: ports.texts),
        )

    @cached_property
    def seed_data(self) -> SeedData:
        ports, store, files = self._ports, self._seed_store, self._seed_files
        return SeedData(
            store=store,
            files=files,
            sealed=Sealed(store, files),
            dispatcher=CheckDispatcher(ports.functions, self._settings.batches.seed_data_function),
            samples=sample_data,
            clock=ports.clock,
            new_id=ports.new_id,
        )

    @cached_property
    def checking(self) -> Checking:
        ports = self._ports
        return Checking(self._seed_store, self._seed_files, ports.clock, ports.new_id)

    @cached_property
    def _seed_store(self) -> SeedDataStore:
        return SeedDataStore(self._ports.dynamodb, self._table)

    @cached_property
    def _seed_files(self) -> SeedFiles:
        ports = self._ports
        return SeedFiles(ports.s3, lambda: ports.uploads, self._settings.storage.bucket)

    def _renderer(self) -> Renderer:
        return Renderer(self._interpreter)

    @cached_property
    def _writes(self) -> Table:
        ports = self._ports
        return Table(ports.dynamodb, self._table, ports.sleep, ports.rng)

    @cached_property
    def _rows(self) -> RowStore:
        return RowStore(self._writes)

    @cached_property
    def _store(self) -> BatchStore:
        return BatchStore(self._writes)

    @cached_property
    def reader(self) -> RowReader:
        return RowReader(self._rows, self.seed_data)

    @cached_property
    def exports(self) -> Exports:
        ports = self._ports
        function = self._settings.batches.exports_function
        return Exports(
            store=self._export_store,
            files=self._export_files,
            dispatcher=ExportDispatcher(ports.functions, function),
            batch_of=self.look,
            clock=ports.clock,
            new_id=ports.new_id,
        )

    @cached_property
    def exporting(self) -> Exporting:
        ports = self._ports
        read_fast(ports.dynamodb)
        return Exporting(
            store=self._export_store,
            files=self._export_files,
            batches=self._store,
            reader=self.reader,
            pictures=Pictures(ports.s3, self._settings.storage.bucket),
            open_renderer=self._renderer,
            address=self._ground.addresses.of,
            clock=ports.clock,
            new_id=ports.new_id,
        )

    @cached_property
    def _export_store(self) -> ExportStore:
        return ExportStore(self._writes)

    @cached_property
    def _export_files(self) -> ExportFiles:
        ports = self._ports
        return ExportFiles(ports.s3, lambda: ports.uploads, self._settings.storage.bucket)

    @cached_property
    def _money(self) -> BatchMoney:
        return BatchMoney(self._ground.spending)

    @cached_property
    def _configured(self) -> Configured:
        return Configured(self._ports.models.slots, self._ports.texts)

    @cached_property
    def _calls(self) -> Calls:
        ports = self._ports
        return Calls(
            generator=self._ground.generator,
            texts=ports.writers,
            models=self._configured,
            images=self._ground.images,
            clock=ports.clock,
            sleep=ports.sleep,
        )

    @cached_property
    def events(self) -> BatchEvents:
        ports = self._ports
        return BatchEvents(
            table=self._writes,
            publisher=self._ground.publisher,
            message=lambda batch: self.message(self._store.get(batch.id)),
            clock=ports.clock,
            sleep=ports.sleep,
            listeners=self._ground.listeners,
        )

    def look(self, batch_id: str, caller: Caller) -> Batch:
        """Return a caller's batch; raise UnknownBatch. Needs none of the models."""
        batch = self._store.get(batch_id)
        if not caller.owns(batch.wanted.owner):
            raise UnknownBatch
        return batch

    def view(self, batch: Batch) -> BatchView:
        """Return a batch as the API shows it now."""
        return batch_view(batch, self._money.balance(batch.id), self._ports.clock())

    def message(self, batch: Batch) -> bytes:
        """Return the push message of a batch."""
        return f'{{"type":"batch","batch":{self.view(batch).to_json()}}}'.encode()

    @cached_property
    def _queue(self) -> RowQueue:
        return RowQueue(lambda: self._ports.queues, self._settings.batches.queue_url)

    @cached_property
    def flow(self) -> Flow:
        return Flow(
            store=self._store,
            rows=self._rows,
            money=self._money,
            queue=self._queue,
            events=self.events,
            clock=self._ports.clock,
            most_running=self._settings.batches.most_running,
        )

    def sweep(self) -> int:
        """Mend what dead workers left, and go on removing deleted batches; return how many."""
        until_ms = self._ports.clock() + REMOVING_MS
        mended = self.flow.sweep()
        for batch_id in self._store.gone(A_SWEEP):
            if self._ports.clock() < until_ms:
                self.service.remove_remains(batch_id, until_ms)
        return mended

    @cached_property
    def worker(self) -> Worker:
        ports = self._ports
        return Worker(
            store=self._store,
            rows=self._rows,
            row_run=self._row_run,
            flow=self.flow,
            queue=self._queue,
            events=self.events,
            clock=ports.clock,
            new_id=ports.new_id,
            may_spend=self._may_spend,
        )

    @cached_property
    def _row_run(self) -> RowRun:
        ground = self._ground
        return RowRun(
            rows=self._rows,
            money=self._money,
            renderers=Renderers(self._renderer),
            calls=self._calls,
            seed=self.seed_data,
            content_filter=ground.content_filter,
            caller_of=self._caller_of,
            off=ground.switches.off,
            address=ground.addresses.of,
            clock=self._ports.clock,
            fanout=self._ports.fanout,
        )

    def _caller_of(self, owner: str) -> Caller:
        """Return who pays for a batch, with what holds for them now."""
        if owner == UNOWNED:
            return NOBODY
        return Caller(user_id=owner, limits=self._ground.profiles.of(owner).limits)

    def _may_spend(self, owner: str) -> bool:
        """Return whether an owner is on, and the pool has them, as minutes ago at the latest."""
        ground = self._ground
        if owner == UNOWNED:
            return True
        is_on = ground.profiles.of(owner).enabled
        return is_on and (not ground.has_accounts or ground.members.has(owner))

    @cached_property
    def service(self) -> BatchService:
        ports, ground = self._ports, self._ground
        return BatchService(
            store=self._store,
            rows=self._rows,
            money=self._money,
            flow=self.flow,
            keys=KeyStore(self._writes, ports.clock),
            planner=Planner(self._calls, self.seed_data, self._renderer, ports.clock),
            choosing=Choosing(self._configured, ground.switches.off, ports.clock),
            templates=self.templates,
            seed=self.seed_data,
            images=ground.images,
            clock=ports.clock,
            new_id=ports.new_id,
        )
