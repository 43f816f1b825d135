"""Exports of batches over HTTP. Files themselves come straight from the bucket."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.batches.exports.model import Format, Partition, Pictures, RowsKept, Spec, State
from chalicelib.errors import Detail, Forbidden, InvalidInput, NotFound, WrongState
from chalicelib.routes.answers import Answer
from chalicelib.routes.batch_department import department
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request
from chalicelib.routes.requests import Body
from chalicelib.wire import Wire, iso

if TYPE_CHECKING:
    from chalicelib.batches.exports.service import Exports, Shown

api = Api(Blueprint(__name__))
Field = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ExportRequest(Body):
    """The file that is wanted; a zip has pictures as files unless it says otherwise."""

    format: Format
    partition: Partition = "none"
    field: Field | None = None
    rows: RowsKept = "done"
    pictures: Pictures | None = None

    def spec(self) -> Spec:
        """Return what is wanted; raise InvalidInput where it contradicts itself."""
        if (self.partition == "field") != (self.field is not None):
            raise _wrong("field", "is needed for partition field, and for no other")
        pictures = self.pictures or ("file" if self.format == "zip" else "url")
        if pictures == "file" and self.format != "zip":
            raise _wrong("pictures", "can be files in a zip only; others have addresses")
        if self.format == "zip" and pictures == "url" and self.partition != "none":
            raise _wrong("partition", "of a zip is of its pictures; ask for them as files")
        return Spec(self.format, self.partition, self.field or "", self.rows, pictures)


class ExportView(Wire):
    """One export: rows of the batch, records of them and bytes so far.

    `lacking` pictures were missing or damaged, as their records say. The file is kept until
    `expiresAt`; `url` works until `urlExpiresAt`, and asking again gives another.
    """

    export_id: str
    state: State
    format: Format
    partition: Partition
    field: str | None = None
    pictures: Pictures
    name: str
    rows: int
    records: int
    bytes: int
    lacking: int
    created_at: str
    expires_at: str
    url: str | None = None
    url_expires_at: str | None = None
    error: str | None = None


class ExportsPage(Wire):
    """The exports of a batch, the newest first."""

    exports: list[ExportView]


@api.operation(
    Operation(
        "POST",
        "/batches/{batch_id}/exports",
        "make_export",
        "Have a batch's rows written to a file",
        answers={202: ExportView},
        errors=(*BODY_ERRORS, NotFound, Forbidden, WrongState),
        body=ExportRequest,
        scope="batches",
    )
)
def make(request: Request, batch_id: str) -> Answer:
    exports = _exports()
    spec = request.json(ExportRequest).spec()
    return Answer(202, _view(exports.make(batch_id, request.caller, spec)))


@api.operation(
    Operation(
        "GET",
        "/batches/{batch_id}/exports",
        "exports",
        "The exports of a batch, the newest first",
        answers={200: ExportsPage},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def page(request: Request, batch_id: str) -> Answer:
    found = _exports().page(batch_id, request.caller)
    return Answer(200, ExportsPage(exports=[_view(shown) for shown in found]))


@api.operation(
    Operation(
        "GET",
        "/batches/{batch_id}/exports/{export_id}",
        "export",
        "How far an export is, and where its file can be had",
        answers={200: ExportView},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def one(request: Request, batch_id: str, export_id: str) -> Answer:
    return Answer(200, _view(_exports().get(batch_id, export_id, request.caller)))


def _exports() -> "Exports":
    return department().exports


def _view(shown: "Shown") -> ExportView:
    export, progress = shown.export, shown.export.progress
    told: dict[str, str] = {"field": export.spec.field} if export.spec.field else {}
    if shown.url:
        told |= {"url": shown.url, "url_expires_at": iso(shown.url_ends_ms)}
    if export.error:
        told["error"] = export.error
    return ExportView(
        export_id=export.export_id,
        state=export.state,
        format=export.spec.format,
        partition=export.spec.partition,
        pictures=export.spec.pictures,
        name=export.name,
        rows=progress.rows,
        records=progress.records,
        bytes=progress.bytes,
        lacking=progress.lacking,
        created_at=iso(export.made_ms),
        expires_at=iso(export.expires_ms),
        **told,
    )


def _wrong(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"This cannot be exported: {field} {problem}.", (Detail(field, problem),))
