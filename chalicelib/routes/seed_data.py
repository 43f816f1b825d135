"""Seed data over HTTP. Files themselves go straight to the bucket."""

from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from chalicelib.batches.seed_data.model import Format, Kind, Lacking, Problem, SeedDataSet, State
from chalicelib.errors import (
    BadJson,
    Forbidden,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from chalicelib.routes.answers import Answer
from chalicelib.routes.batch_department import department
from chalicelib.routes.http import Api, Operation, Request, checked
from chalicelib.routes.requests import SeedDataCheckRequest, SeedDataQuery, SeedDataRequest
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

if TYPE_CHECKING:
    from chalicelib.batches.seed_data.service import Made, SeedData, Shown
    from chalicelib.wiring.batches import Batches

api = Api(Blueprint(__name__))
_CHANGES = (BadJson, InvalidInput, Forbidden, PayloadTooLarge, UnsupportedMediaType)


class UploadView(Wire):
    """Where the file goes: one request with just these headers, and the length that was told."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: str


class UploadingView(Wire):
    """New seed data that waits for its file."""

    seed_data_id: str
    state: State
    upload: UploadView


class SeedDataSummary(Wire):
    """One file in the list; `rows` are those that can be used, so far."""

    seed_data_id: str
    name: str
    format: Format
    bytes: int
    state: State
    rows: int
    problem_count: int
    sample: bool
    created_at: str | None = None


class SeedDataPage(Wire):
    """Files, the newest first, and the samples last; `next` is the following page's cursor."""

    seed_data: list[SeedDataSummary]
    next: str | None


class PathView(Wire):
    """What the rows have at a path, and how many have nothing there."""

    path: str
    type: Kind
    missing: int


class SeedProblemView(Wire):
    """What is wrong with a row, or without one with the file; both numbers count from 1."""

    row: int | None = None
    line: int | None = None
    problem: str


class SeedDataView(SeedDataSummary):
    """One file with what its check found, the first problems and the first rows."""

    paths: list[PathView]
    problems: list[SeedProblemView]
    notes: list[str]
    preview: list[dict[str, Any]]


class LackingView(Wire):
    """A path that the template requires, how many rows lack it, and the first of them."""

    path: str
    problem: str
    count: int
    rows: list[int]


class SeedDataCheckView(Wire):
    """Whether every row has what the template requires."""

    rows: int
    fits: bool
    missing: list[LackingView]


@api.operation(
    Operation(
        "POST",
        "/seed-data",
        "make_seed_data",
        "Announce a file of rows, and learn where to send it",
        answers={201: UploadingView},
        errors=_CHANGES,
        body=SeedDataRequest,
        scope="batches",
    )
)
def make(request: Request) -> Answer:
    seed_data = _seed_data()
    wanted = request.json(SeedDataRequest).wanted()
    return Answer(201, _made(seed_data.make(wanted, request.caller)))


@api.operation(
    Operation(
        "GET",
        "/seed-data",
        "seed_data_list",
        "The caller's own files of rows, and the shipped samples",
        answers={200: SeedDataPage},
        errors=(InvalidInput, Forbidden),
        query=SeedDataQuery,
        scope="batches",
    )
)
def page(request: Request) -> Answer:
    seed_data = _seed_data()
    wanted = checked(SeedDataQuery, request.query)
    found = seed_data.page(request.caller, wanted.limit, wanted.cursor or "")
    shown = [SeedDataSummary(**_fields(each)) for each in found.found]
    return Answer(200, SeedDataPage(seed_data=shown, next=found.cursor or None))


@api.operation(
    Operation(
        "GET",
        "/seed-data/{seed_data_id}",
        "seed_data",
        "What a file of rows holds; one that has arrived is checked from then on",
        answers={200: SeedDataView},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def one(request: Request, seed_data_id: str) -> Answer:
    return Answer(200, _view(_seed_data().look(request.caller, seed_data_id)))


@api.operation(
    Operation(
        "DELETE",
        "/seed-data/{seed_data_id}",
        "delete_seed_data",
        "Delete a file of rows with all that was made of it",
        answers={204: None},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def delete(request: Request, seed_data_id: str) -> Answer:
    seed_data = _seed_data()
    accounts = services().settings.accounts
    if accounts.auth == "off" and not accounts.allow_delete:
        raise Forbidden("This installation is everybody's: nobody may delete what others see.")
    seed_data.delete(seed_data_id, request.caller)
    return Answer(204, None)


@api.operation(
    Operation(
        "POST",
        "/seed-data/{seed_data_id}/check",
        "check_seed_data",
        "Say which rows lack what a template requires; spends nothing",
        answers={200: SeedDataCheckView},
        errors=(NotFound, *_CHANGES),
        body=SeedDataCheckRequest,
        scope="batches",
    )
)
def check(request: Request, seed_data_id: str) -> Answer:
    batches = _batches()
    wanted = request.json(SeedDataCheckRequest)
    template = batches.templates.get(wanted.template_id, request.caller, wanted.version).template
    found, lacks = batches.seed_data.check(request.caller, seed_data_id, template.requires)
    missing = [_lacking(each) for each in lacks]
    return Answer(200, SeedDataCheckView(rows=found.rows, fits=not missing, missing=missing))


def _batches() -> "Batches":
    return department()


def _seed_data() -> "SeedData":
    return _batches().seed_data


def _made(made: "Made") -> UploadingView:
    upload = UploadView(
        method="PUT",
        url=made.upload.url,
        headers=dict(made.upload.headers),
        expires_at=iso(made.expires_ms),
    )
    found = made.seed_data
    return UploadingView(seed_data_id=found.seed_data_id, state=found.state, upload=upload)


def _fields(found: SeedDataSet) -> dict[str, Any]:
    made = {} if found.sample else {"created_at": iso(found.made_ms)}
    return {
        "seed_data_id": found.seed_data_id,
        "name": found.name,
        "format": found.format,
        "bytes": found.size,
        "state": found.state,
        "rows": found.rows,
        "problem_count": found.problem_count,
        "sample": found.sample,
        **made,
    }


def _view(shown: "Shown") -> SeedDataView:
    manifest = shown.manifest
    return SeedDataView(
        **_fields(shown.seed_data),
        paths=[
            PathView(path=stat.path, type=stat.kind, missing=stat.missing)
            for stat in manifest.paths
            if stat.is_leaf
        ],
        problems=[_problem(problem) for problem in manifest.problems],
        notes=list(manifest.notes),
        preview=list(shown.preview),
    )


def _problem(problem: Problem) -> SeedProblemView:
    where = {"row": problem.row, "line": problem.line}
    known = {name: number for name, number in where.items() if number is not None}
    return SeedProblemView(problem=problem.problem, **known)


def _lacking(found: Lacking) -> LackingView:
    return LackingView(
        path=found.path, problem=found.problem, count=found.count, rows=list(found.rows)
    )
