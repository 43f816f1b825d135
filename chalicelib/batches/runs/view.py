"""A batch and its rows as the API shows them."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.batches.runs.grid import judged, points_of
from chalicelib.batches.runs.model import MICROS, Batch, Cell, Plan, Row, State, value_of
from chalicelib.batches.templates.model import Kind, Step
from chalicelib.providers.base import CostBasis
from chalicelib.spend.model import Balance
from chalicelib.wire import CostView, Wire, iso

BRIEF, WHOLE = 1_000, 200_000
"""Characters of a text that are shown in a list of rows, and of one row."""


class PlanView(Wire):
    """What a batch is expected to take before anything is spent."""

    rows: int
    calls: int
    pictures: int
    expected_usd: float
    worst_usd: float
    unpriced: list[str]
    seconds: int
    fits: bool


class BudgetView(Wire):
    """US dollars; left, reserved and spent come to the limit. `unknown` is the part of what is
    spent that stands for calls whose cost nobody knows.
    """

    limit: float
    spent: float
    reserved: float
    unknown: float
    left: float


class RowCounts(Wire):
    """Rows by how they stand; skipped are those that a cancelled batch never made."""

    total: int
    done: int
    failed: int
    running: int
    waiting: int
    skipped: int


class TokensView(Wire):
    """Tokens that text models read and wrote."""

    input: int
    output: int


class SpentView(Wire):
    """What one model's calls for one step came to; null where nobody knows."""

    step: str
    model: str
    calls: int
    usd: float | None
    basis: CostBasis


class RateView(Wire):
    """How fast rows are made since the batch last began to run."""

    rows_per_minute: float
    eta_seconds: int | None


class TroubleView(Wire):
    """What went wrong so many times, and what to do about it."""

    code: str
    count: int
    sentence: str


class TemplateRef(Wire):
    """The version of the template that the batch keeps."""

    template_id: str
    version: int


class SeedRef(Wire):
    """The data that the rows are made of."""

    seed_data_id: str


class ColumnView(Wire):
    """One step as every row of the batch makes it: by these models, each at so many points."""

    step: str
    kind: Kind
    models: list[str]
    points: int


class BatchView(Wire):
    """A batch."""

    batch_id: str
    name: str
    state: State
    seq: int
    created_at: str
    updated_at: str
    plan: PlanView
    budget: BudgetView
    rows: RowCounts
    pictures: int
    tokens: TokensView
    spend_by: list[SpentView]
    rate: RateView
    problems: list[TroubleView]
    template: TemplateRef
    seed_data: SeedRef
    columns: list[ColumnView]


class PictureRef(Wire):
    """The cell of a picture."""

    step: str
    model: str
    point: int


class CellView(Wire):
    """One step of a row by one model; `point` counts the axes' combinations from 0.

    A judge has one cell for each picture: `point` counts them, and `of` says which it is.
    """

    step: str
    model: str
    point: int
    of: PictureRef | None = None
    state: str
    output: Any = None
    truncated: bool | None = None
    image_url: str | None = None
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    cost: CostView | None = None
    error_code: str | None = None
    error: str | None = None
    attempt: int
    seconds: float | None = None


class RowView(Wire):
    """One row with its data and what was made of it."""

    row: int
    state: str
    data: dict[str, Any] | None
    cells: list[CellView]
    error_code: str | None = None
    error: str | None = None


class RowsPage(Wire):
    """Rows in their order; `next` is the following page's cursor."""

    rows: list[RowView]
    next: str | None


class BatchesPage(Wire):
    """Batches, the newest first; `next` is the following page's cursor."""

    batches: list[BatchView]
    next: str | None


def batch_view(batch: Batch, balance: Balance, now: int) -> BatchView:
    wanted = batch.wanted
    return BatchView(
        batch_id=batch.id,
        name=wanted.name,
        state=batch.state,
        seq=batch.seq,
        created_at=iso(batch.created_ms),
        updated_at=iso(batch.updated_ms),
        plan=_plan(batch.plan, balance),
        budget=_budget(balance),
        rows=_counts(batch),
        pictures=batch.pictures,
        tokens=TokensView(input=batch.tokens_in, output=batch.tokens_out),
        spend_by=[
            SpentView(
                step=each.step,
                model=each.model,
                calls=each.calls,
                usd=None if each.basis == "unknown" else each.micros / MICROS,
                basis=each.basis,
            )
            for each in batch.spent_by
        ],
        rate=_rate(batch, now),
        problems=[
            TroubleView(code=each.code, count=each.count, sentence=each.sentence)
            for each in batch.troubles
        ],
        template=TemplateRef(template_id=wanted.template_id, version=wanted.version),
        seed_data=SeedRef(seed_data_id=wanted.seed_data_id),
        columns=[
            ColumnView(
                step=step.id,
                kind=step.kind,
                models=[model.name for model in wanted.models[step.id]],
                points=points_of(wanted, step),
            )
            for step in wanted.template.steps
        ],
    )


def _plan(plan: Plan, balance: Balance) -> PlanView:
    return PlanView(
        rows=plan.rows,
        calls=plan.calls,
        pictures=plan.pictures,
        expected_usd=plan.expected / MICROS,
        worst_usd=plan.worst / MICROS,
        unpriced=list(plan.unpriced),
        seconds=plan.seconds,
        fits=plan.worst <= balance.limit,
    )


def _budget(balance: Balance) -> BudgetView:
    return BudgetView(
        limit=balance.limit / MICROS,
        spent=balance.spent / MICROS,
        reserved=balance.reserved / MICROS,
        unknown=balance.unknown / MICROS,
        left=balance.left / MICROS,
    )


def _counts(batch: Batch) -> RowCounts:
    is_over = batch.state == "cancelled"
    return RowCounts(
        total=batch.total,
        done=batch.done,
        failed=batch.failed,
        running=batch.running,
        waiting=0 if is_over else batch.waiting,
        skipped=batch.waiting if is_over else 0,
    )


def _rate(batch: Batch, now: int) -> RateView:
    minutes = (now - batch.began_ms) / 60_000
    made = batch.done - batch.began_done
    if batch.state != "running" or minutes <= 0 or made <= 0:
        return RateView(rows_per_minute=0.0, eta_seconds=None)
    rate = made / minutes
    left = batch.waiting + batch.running
    return RateView(rows_per_minute=round(rate, 2), eta_seconds=round(left / rate * 60))


def row_view(
    batch: Batch,
    row: Row,
    data: Mapping[str, Any] | None,
    text_of: Callable[[Row, Cell], str],
    address: Callable[[str], str],
    longest: int,
) -> RowView:
    """Return one row; `text_of` finds a text that has an item of its own."""
    over = batch.state == "cancelled" and row.state == "waiting"
    failure = {"error_code": row.code, "error": row.error} if row.code else {}
    order = {step.id: n for n, step in enumerate(batch.wanted.template.steps)}
    cells = sorted(row.cells.values(), key=lambda c: (order[c.step], c.model, c.point))
    return RowView(
        row=row.number,
        state="skipped" if over else row.state,
        data=None if data is None else dict(data),
        cells=[_cell(batch, row, cell, text_of, address, longest) for cell in cells],
        **failure,
    )


def _cell(
    batch: Batch,
    row: Row,
    cell: Cell,
    text_of: Callable[[Row, Cell], str],
    address: Callable[[str], str],
    longest: int,
) -> CellView:
    wanted = batch.wanted
    step = next(each for each in wanted.template.steps if each.id == cell.step)
    names = {model.index: model.name for model in wanted.models[cell.step]}
    told: dict[str, Any] = {}
    if cell.state != "calling":
        amount = None if cell.cost is None else cell.cost / MICROS
        told["cost"] = CostView(amount=amount, basis=cell.basis)
        told["seconds"] = round((cell.ended_ms - cell.started_ms) / 1000, 3)
    if cell.state == "failed":
        told |= {"error_code": cell.code, "error": cell.error}
    if cell.image:
        told["image_url"] = address(cell.image.key)
        told |= {"width": cell.image.width, "height": cell.image.height, "seed": cell.image.seed}
    elif cell.state == "done":
        told |= _output(step, text_of(row, cell), longest)
    if step.kind == "judge":
        of = judged(wanted, step)[cell.point]
        told["of"] = PictureRef(step=of.step.id, model=of.model.name, point=of.point)
    return CellView(
        step=cell.step,
        model=names[cell.model],
        point=cell.point,
        state="running" if cell.state == "calling" else cell.state,
        attempt=cell.attempt,
        **told,
    )


def _output(step: Step, text: str, longest: int) -> dict[str, Any]:
    """A text, or the fields that an answer was checked to have; cut to a text where it is long."""
    if len(text) > longest:
        return {"output": text[:longest], "truncated": True}
    return {"output": value_of(text, step.answers)}
