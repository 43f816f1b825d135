"""What clients may send about batches, checked field by field."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from chalicelib.batches.runs.model import MICROS, Axes, Priority
from chalicelib.batches.runs.order import Order
from chalicelib.batches.templates.model import ModelRef
from chalicelib.errors import Detail, InvalidInput
from chalicelib.providers.base import AspectRatio
from chalicelib.routes.requests import Body, GalleryQuery, Seed, Whole

LARGEST_USD = 1_000_000
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Usd = Annotated[float, Field(ge=0.01, le=LARGEST_USD)]
Named = Annotated[
    Whole | Annotated[str, StringConstraints(min_length=1, max_length=200)],
    WithJsonSchema({"type": ["string", "integer"]}),
]
Guidance = Annotated[float, Field(ge=0, le=20)]


class RowsRequest(Body):
    """Which rows of the seed data: from one to another, or a sample of so many."""

    first: Annotated[Whole, Field(ge=1)] | None = Field(None, alias="from")
    last: Annotated[Whole, Field(ge=1)] | None = Field(None, alias="to")
    sample: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    seed: Annotated[Whole, Field(ge=0, le=4_294_967_294)] = 0


class AxesRequest(Body):
    """Values that every picture is drawn with, each with each."""

    seed: Annotated[list[Seed], Field(min_length=1, max_length=50)] | None = None
    aspect_ratio: Annotated[list[AspectRatio], Field(min_length=1, max_length=7)] | None = None
    guidance: Annotated[list[Guidance], Field(min_length=1, max_length=20)] | None = None

    def axes(self) -> Axes:
        """Return them without repeats."""
        return Axes(
            seeds=tuple(dict.fromkeys(self.seed or ())),
            aspect_ratios=tuple(dict.fromkeys(self.aspect_ratio or ())),
            guidances=tuple(dict.fromkeys(self.guidance or ())),
        )


class BatchRequest(Body):
    """A batch to be planned."""

    template_id: Id
    version: Annotated[Whole, Field(ge=1, le=999_999)] | None = None
    seed_data_id: Id
    rows: RowsRequest = RowsRequest()
    repeat: Annotated[Whole, Field(ge=1, le=1000)] = 1
    models: Annotated[list[Named], Field(min_length=1, max_length=20)] | None = None
    axes: AxesRequest = AxesRequest()
    budget_usd: Usd
    pilot_rows: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    stop_after_failures: Annotated[Whole, Field(ge=1, le=1_000_000)] = 10
    concurrency: Annotated[Whole, Field(ge=1, le=200)] = 20
    priority: Priority = "normal"
    webhook: Annotated[str, StringConstraints(max_length=2000)] | None = None

    def order(self) -> Order:
        """Return what is asked for; raise InvalidInput where it contradicts itself."""
        rows = self.rows
        if rows.sample is not None and (rows.first or rows.last):
            raise _wrong("rows", "must be either from and to, or a sample")
        if "seed" in rows.model_fields_set and rows.sample is None:
            raise _wrong("rows.seed", "belongs to a sample")
        if self.webhook is not None:
            raise _wrong("webhook", "is not called yet: leave it out, and look at the batch")
        return Order(
            template_id=self.template_id,
            seed_data_id=self.seed_data_id,
            budget=micros_of(self.budget_usd),
            version=self.version,
            first=rows.first,
            last=rows.last,
            sample=rows.sample,
            sample_seed=rows.seed,
            repeat=self.repeat,
            models=_distinct(self.models),
            axes=self.axes.axes(),
            pilot_rows=self.pilot_rows,
            stop_after=self.stop_after_failures,
            concurrency=self.concurrency,
            priority=self.priority,
        )


class BatchRetryRequest(Body):
    """Which failed rows are made again: those named, or up to a thousand of all."""

    rows: Annotated[list[Annotated[Whole, Field(ge=1)]], Field(min_length=1, max_length=1000)] | (
        None
    ) = None
    failed: bool = True


class BudgetRequest(Body):
    """The new limit of a batch, in US dollars."""

    usd: Usd


class RowsQuery(BaseModel):
    """A page of a batch's rows."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: Literal["waiting", "running", "done", "failed"] | None = None
    limit: int = Field(20, ge=1, le=50)
    cursor: int = Field(0, ge=0)


class BatchesQuery(GalleryQuery):
    """A page of the batches."""


def micros_of(dollars: float) -> int:
    """Return the nearest whole micro-dollars."""
    return round(dollars * MICROS)


def _distinct(models: list[ModelRef] | None) -> tuple[ModelRef, ...] | None:
    if models is None:
        return None
    if len(set(models)) < len(models):
        raise _wrong("models", "names the same model twice")
    return tuple(models)


def _wrong(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"The batch cannot be made: {field} {problem}.", (Detail(field, problem),))
