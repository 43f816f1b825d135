"""A batch: rows of data, each made by the steps of a template, within a budget. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal

from chalicelib.batches.templates.model import Template
from chalicelib.generation.model import StoredImage
from chalicelib.providers.base import AspectRatio, CostBasis

State = Literal[
    "planned",
    "queued",
    "running",
    "pausing",
    "paused",
    "pilot_done",
    "out_of_budget",
    "stopped",
    "completed",
    "completed_with_failures",
    "cancelling",
    "cancelled",
]
RowState = Literal["waiting", "running", "done", "failed"]
CellState = Literal["calling", "done", "failed"]
Priority = Literal["low", "normal", "high"]
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
RESTING: frozenset[State] = frozenset({"paused", "pilot_done", "out_of_budget", "stopped"})
"""From here a batch goes on where it stands."""
ENDED: frozenset[State] = frozenset({"completed", "completed_with_failures", "cancelled"})
MICROS = 1_000_000


@dataclass(frozen=True)
class Model:
    """A configured model as it was when the batch was made."""

    index: int
    name: str
    model_id: str


@dataclass(frozen=True)
class Point:
    """One point of the axes: what a cell's picture is drawn with instead of the step's own."""

    seed: int | None = None
    aspect_ratio: AspectRatio | None = None
    guidance: float | None = None


@dataclass(frozen=True)
class Axes:
    """Every picture is drawn once for each combination; an empty axis changes nothing."""

    seeds: tuple[int, ...] = ()
    aspect_ratios: tuple[AspectRatio, ...] = ()
    guidances: tuple[float, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        combinations = product(
            self.seeds or (None,), self.aspect_ratios or (None,), self.guidances or (None,)
        )
        return tuple(Point(*each) for each in combinations)


NO_AXES = Axes()


@dataclass(frozen=True)
class Selection:
    """Which rows of the seed data are made, `repeat` times each; rows count from 1.

    With a `sample` it is so many of them, chosen by `seed`.
    """

    first: int
    last: int
    sample: int | None = None
    seed: int = 0
    repeat: int = 1

    @property
    def total(self) -> int:
        chosen = self.sample if self.sample is not None else self.last - self.first + 1
        return chosen * self.repeat


@dataclass(frozen=True)
class Plan:
    """What a batch is expected to take, in micro-dollars and seconds, before anything is spent.

    `unpriced` are models that `all` leaves out because nobody knows what they cost.
    """

    rows: int
    calls: int
    pictures: int
    expected: int
    worst: int
    seconds: int
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What a batch was made with, and never changes.

    `models` are those of each step, by its id; `seed_owner` is whose the seed data is.
    """

    name: str
    owner: str
    template_id: str
    version: int
    template: Template
    seed_data_id: str
    selection: Selection
    models: Mapping[str, tuple[Model, ...]]
    axes: Axes = NO_AXES
    pilot_rows: int | None = None
    stop_after: int = 10
    concurrency: int = 20
    priority: Priority = "normal"
    seed_owner: str = ""


@dataclass(frozen=True)
class Spent:
    """What one model's calls for one step came to, in micro-dollars."""

    step: str
    model: str
    basis: CostBasis
    calls: int
    micros: int


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong so many times, with a sentence that says what to do."""

    code: str
    count: int
    sentence: str


@dataclass(frozen=True)
class Batch:
    """One batch as it stands. Times in epoch milliseconds; `limit` in micro-dollars.

    `handed` rows were begun at least once. `streak` counts failures in a row. `seated` says that it
    takes one of the places of running batches. `quota` is up to which row it runs for now.
    `entries` are the rows that were handed out for the first time and have not ended, by whose
    they are.
    """

    id: str
    wanted: Wanted
    plan: Plan
    state: State
    seq: int
    created_ms: int
    updated_ms: int
    quota: int
    handed: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    pictures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    streak: int = 0
    seated: bool = False
    began_ms: int = 0
    began_done: int = 0
    queued_as: str = ""
    spent_by: tuple[Spent, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.wanted.selection.total

    @property
    def ended_rows(self) -> int:
        return self.done + self.failed

    @property
    def interrupted(self) -> int:
        """Rows that were begun, have not ended, and are nobody's now."""
        return self.handed - self.ended_rows - self.running

    @property
    def waiting(self) -> int:
        return self.total - self.ended_rows - self.running

    @property
    def wants_rows(self) -> int:
        """How many rows could be begun now if there were workers."""
        return max(0, self.quota - self.ended_rows - self.running)

    @property
    def budget(self) -> str:
        """The name of its budget on the ledger."""
        return budget_of(self.id)


def budget_of(batch_id: str) -> str:
    return f"batch#{batch_id}"


@dataclass(frozen=True)
class Cell:
    """One step of a row by one model at one point of the axes. Times in epoch milliseconds.

    `cost` is in micro-dollars, None where nobody knows. `hold` names the reservation that its money
    is in. `text` is the output of a text step (JSON where the step has a schema), empty where
    `long` says that it has an item of its own. `counted` says that the batch's counters tell of it.
    """

    step: str
    model: int
    point: int
    state: CellState
    attempt: int
    hold: str
    started_ms: int
    ended_ms: int = 0
    cost: int | None = None
    basis: CostBasis = "unknown"
    text: str = ""
    long: bool = False
    image: StoredImage | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    code: str = ""
    error: str = ""
    ticket: str = ""
    counted: bool = False

    @property
    def id(self) -> str:
        return cell_id(self.step, self.model, self.point)


def cell_id(step: str, model: int, point: int) -> str:
    return f"{step}.{model}.{point}"


@dataclass(frozen=True)
class Row:
    """One row; `tries` counts how often it was begun, `holder` is who has it until `lease_ms`.

    Somebody asked for what failed in its first `forgiven` tries to be made again. `entry` is its
    place among the batch's entries, empty for a row that is begun again.
    """

    batch_id: str
    number: int
    state: RowState
    tries: int = 0
    holder: str = ""
    lease_ms: int = 0
    entry: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    code: str = ""
    error: str = ""
    updated_ms: int = 0
    forgiven: int = 0


@dataclass(frozen=True)
class Done:
    """Every step of the row was made."""


@dataclass(frozen=True)
class Failed:
    """A step of the row failed, and it ends with that."""

    code: str
    sentence: str


@dataclass(frozen=True)
class HandedBack:
    """The row goes on later with what it has, not before `delay_ms` from now.

    `code` and `sentence` tell what everybody's rows would meet now: the batch rests for it.
    `rests` is the state that it then has.
    """

    delay_ms: int = 0
    code: str = ""
    sentence: str = ""
    rests: State | None = None


RowEnd = Done | Failed | HandedBack


def value_of(text: str, schema: Mapping[str, Any] | None) -> Any:
    """Return a kept answer as later steps see it."""
    return text if schema is None else json.loads(text)
