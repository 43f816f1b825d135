"""The department of batches, put together on the ground; loaded by the first request for it."""

from collections.abc import Mapping
from functools import cached_property

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

    def _renderer(self) -> Renderer:
        return Renderer(self._interpreter)
