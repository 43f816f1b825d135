"""Batches over HTTP."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from chalicelib.batches.runs.view import (
    BRIEF,
    WHOLE,
    BatchesPage,
    BatchView,
    RowsPage,
    RowView,
    row_view,
)
from chalicelib.errors import (
    Detail,
    Forbidden,
    IdempotencyConflict,
    InvalidInput,
    ModelOff,
    NotFound,
    Unavailable,
    WrongState,
)
from chalicelib.routes.answers import Answer
from chalicelib.routes.batch_department import department
from chalicelib.routes.batch_requests import (
    BatchesQuery,
    BatchRequest,
    BatchRetryRequest,
    BudgetRequest,
    RowsQuery,
    micros_of,
)
from chalicelib.routes.http import BODY_ERRORS, Api, HeaderField, Operation, Request, checked
from chalicelib.routes.jobs import KEY_PATTERN, idempotency_key
from chalicelib.wiring import services

if TYPE_CHECKING:
    from chalicelib.batches.runs.model import Batch, Row
    from chalicelib.batches.runs.service import Batches

api = Api(Blueprint(__name__))


@api.operation(
    Operation(
        "POST",
        "/batches",
        "make_batch",
        "Plan a batch: what it makes and what it may take; spends nothing",
        answers={201: BatchView},
        errors=(*BODY_ERRORS, Forbidden, NotFound, IdempotencyConflict, ModelOff, Unavailable),
        body=BatchRequest,
        scope="batches",
        headers={
            "Idempotency-Key": HeaderField(
                "The same key and body give the same batch.", KEY_PATTERN
            )
        },
    )
)
def make(request: Request) -> Answer:
    batches = _batches()
    if not services().settings.batches.queue_url:
        raise Forbidden(
            "Batches cannot be run on this installation: no queue of rows is set (BATCH_QUEUE_URL)."
        )
    wanted = request.json(BatchRequest)
    batches.templates.get(wanted.template_id, request.caller, wanted.version)
    order = wanted.order()
    key = idempotency_key(request)
    made = batches.make(order, request.caller, key, request.body.decode())
    return _shown(made, 201)


@api.operation(
    Operation(
        "GET",
        "/batches",
        "batches",
        "The caller's batches, the newest first",
        answers={200: BatchesPage},
        errors=(InvalidInput, Forbidden),
        query=BatchesQuery,
        scope="batches",
    )
)
def page(request: Request) -> Answer:
    batches = _batches()
    wanted = checked(BatchesQuery, request.query)
    found, cursor = batches.page(request.caller, wanted.limit, wanted.cursor or "")
    view = services().batches.view
    return Answer(200, BatchesPage(batches=[view(b) for b in found], next=cursor or None))


@api.operation(
    Operation(
        "GET",
        "/batches/{batch_id}",
        "batch",
        "A batch as it is now",
        answers={200: BatchView},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def one(request: Request, batch_id: str) -> Answer:
    return _shown(_batches().get(batch_id, request.caller))


@api.operation(
    Operation(
        "DELETE",
        "/batches/{batch_id}",
        "delete_batch",
        "Delete a batch that does not run, with all that it made",
        answers={204: None},
        errors=(NotFound, Forbidden, WrongState),
        scope="batches",
    )
)
def delete(request: Request, batch_id: str) -> Answer:
    batches = _batches()
    accounts = services().settings.accounts
    if accounts.auth == "off" and not accounts.allow_delete:
        raise Forbidden("This installation is everybody's: nobody may delete what others see.")
    batches.delete(batch_id, request.caller)
    return Answer(204, None)


def _act(name: str, summary: str) -> Operation:
    return Operation(
        "POST",
        f"/batches/{{batch_id}}/{name}",
        f"{name}_batch",
        summary,
        answers={200: BatchView},
        errors=(NotFound, Forbidden, WrongState, Unavailable),
        scope="batches",
    )


@api.operation(_act("start", "Let a planned batch run, or wait for its turn"))
def start(request: Request, batch_id: str) -> Answer:
    return _shown(_batches().start(batch_id, request.caller))


@api.operation(_act("pause", "Begin no more rows; those under way end"))
def pause(request: Request, batch_id: str) -> Answer:
    return _shown(_batches().pause(batch_id, request.caller))


@api.operation(_act("resume", "Let a batch go on where it stands"))
def resume(request: Request, batch_id: str) -> Answer:
    return _shown(_batches().resume(batch_id, request.caller))


@api.operation(_act("cancel", "Begin no more rows, ever; those under way end"))
def cancel(request: Request, batch_id: str) -> Answer:
    return _shown(_batches().cancel(batch_id, request.caller))


@api.operation(
    Operation(
        "POST",
        "/batches/{batch_id}/retry",
        "retry_batch",
        "Let failed rows be made again; what they have stays",
        answers={200: BatchView},
        errors=(*BODY_ERRORS, NotFound, Forbidden, WrongState, Unavailable),
        body=BatchRetryRequest,
        scope="batches",
    )
)
def retry(request: Request, batch_id: str) -> Answer:
    batches = _batches()
    wanted = request.json(BatchRetryRequest) if request.body else BatchRetryRequest()
    batches.get(batch_id, request.caller)
    if wanted.rows is None and not wanted.failed:
        raise InvalidInput(
            "Nothing is to be retried.", (Detail("failed", "must be true where no rows are named"),)
        )
    return _shown(batches.retry(batch_id, wanted.rows, request.caller))


@api.operation(
    Operation(
        "POST",
        "/batches/{batch_id}/budget",
        "change_budget",
        "Raise or lower a batch's budget; one that it was too small for goes on",
        answers={200: BatchView},
        errors=(*BODY_ERRORS, NotFound, Forbidden, Unavailable),
        body=BudgetRequest,
        scope="batches",
    )
)
def change_budget(request: Request, batch_id: str) -> Answer:
    batches = _batches()
    micros = micros_of(request.json(BudgetRequest).usd)
    return _shown(batches.change_budget(batch_id, micros, request.caller))


@api.operation(
    Operation(
        "GET",
        "/batches/{batch_id}/rows",
        "batch_rows",
        "A batch's rows with their cells",
        answers={200: RowsPage},
        errors=(InvalidInput, NotFound, Forbidden),
        query=RowsQuery,
        scope="batches",
    )
)
def rows(request: Request, batch_id: str) -> Answer:
    batches = _batches()
    batch = batches.get(batch_id, request.caller)
    wanted = checked(RowsQuery, request.query)
    reader = services().batches.reader
    found, after = reader.page(batch, wanted.state, wanted.cursor, wanted.limit)
    shown = _rows(batch, found, BRIEF)
    return Answer(200, RowsPage(rows=shown, next=str(after) if after else None))


@api.operation(
    Operation(
        "GET",
        "/batches/{batch_id}/rows/{number}",
        "batch_row",
        "One row of a batch",
        answers={200: RowView},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def row(request: Request, batch_id: str, number: str) -> Answer:
    batches = _batches()
    batch = batches.get(batch_id, request.caller)
    found = batches.row(batch, int(number) if number.isascii() and number.isdigit() else 0)
    return Answer(200, _rows(batch, [found], WHOLE)[0])


def _rows(batch: "Batch", found: Sequence["Row"], longest: int) -> list[RowView]:
    reader = services().batches.reader
    data: Mapping[int, Mapping[str, Any]] = reader.data_of(batch, [row.number for row in found])
    address = services().ground.addresses.of
    return [row_view(batch, r, data.get(r.number), reader.text_of, address, longest) for r in found]


def _batches() -> "Batches":
    return department().service


def _shown(batch: "Batch", status: int = 200) -> Answer:
    return Answer(status, services().batches.view(batch))
