"""A batch as it is asked for. Pure."""

from dataclasses import dataclass

from chalicelib.batches.runs.model import NO_AXES, Axes, Priority
from chalicelib.batches.templates.model import ModelRef


@dataclass(frozen=True)
class Order:
    """A batch as it is asked for; `budget` in micro-dollars.

    `first` and `last` None are the first and the last row of the seed data.
    """

    template_id: str
    seed_data_id: str
    budget: int
    version: int | None = None
    first: int | None = None
    last: int | None = None
    sample: int | None = None
    sample_seed: int = 0
    repeat: int = 1
    models: tuple[ModelRef, ...] | None = None
    axes: Axes = NO_AXES
    pilot_rows: int | None = None
    stop_after: int = 10
    concurrency: int = 20
    priority: Priority = "normal"
