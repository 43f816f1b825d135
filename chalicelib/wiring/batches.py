"""The department of batches, put together on the ground; loaded by the first request for it."""

from collections.abc import Mapping
from functools import cached_property

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
from chalicelib.wiring.ground import Ground


class Batches:
    """Everything about batches; made on first use.

    `interpreter` are the variables that an interpreter of ours needs to start.
    """

    def __init__(self, ground: Ground, interpreter: Mapping[str, str]) -> None:
        self._interpreter = interpreter
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
