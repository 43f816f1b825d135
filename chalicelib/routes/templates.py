"""Templates over HTTP."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from chalice import Blueprint
from pydantic import WithJsonSchema

from chalicelib.batches.templates.model import Kind, ModelRef, Step, Version
from chalicelib.config.texts import Tier
from chalicelib.errors import (
    BadJson,
    Detail,
    Forbidden,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    UnsupportedMediaType,
)
from chalicelib.routes.answers import Answer
from chalicelib.routes.batch_department import department
from chalicelib.routes.http import Api, HeaderField, Operation, Request, checked
from chalicelib.routes.requests import (
    CheckRequest,
    TemplateRequest,
    TemplatesQuery,
    VersionQuery,
)
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

if TYPE_CHECKING:
    from chalicelib.batches.templates.items import Head
    from chalicelib.batches.templates.problems import Problem
    from chalicelib.batches.templates.service import Templates

api = Api(Blueprint(__name__))
MOST_BODY, MOST_BODY_WITH_ROWS = 512 * 1024, 2 * 1024 * 1024
"""Bytes: JSON writes a character of a definition as up to six."""
_VERSION = re.compile(r'^(?:W/)?"?([1-9][0-9]{0,5})"?$', re.ASCII)
ModelRefView = Annotated[ModelRef, WithJsonSchema({"type": ["string", "integer"]})]
_CHANGES = (BadJson, InvalidInput, Forbidden, PayloadTooLarge, UnsupportedMediaType)


class StepBrief(Wire):
    """One step in a list of templates."""

    id: str
    kind: Kind


class StepView(Wire):
    """One step as it was understood; `models` null is every image model."""

    id: str
    kind: Kind
    model: ModelRefView | None = None
    tier: Tier | None = None
    models: list[ModelRefView] | None = None
    of: str | None = None
    when: str | None = None
    max_tokens: int | None = None
    has_schema: bool | None = None


class TemplateView(Wire):
    """One version of a template."""

    template_id: str
    version: int
    name: str
    requires: list[str]
    steps: list[StepView]
    sample: bool
    created_at: str | None = None


class DefinitionView(TemplateView):
    """One version with its text, byte for byte, and rows to try a sample with."""

    definition: str
    rows: list[dict[str, Any]] | None = None


class TemplateSummary(Wire):
    """A template in the list; `version` is its newest."""

    template_id: str
    version: int
    name: str
    requires: list[str]
    steps: list[StepBrief]
    sample: bool
    created_at: str | None = None
    updated_at: str | None = None


class TemplatesPage(Wire):
    """Templates, the newest first, and the samples last; `next` is the following page's cursor."""

    templates: list[TemplateSummary]
    next: str | None


class ProblemView(Wire):
    """What is wrong and where; lines and columns count from 1, rows from 0."""

    field: str
    line: int
    column: int
    problem: str
    row: int | None = None


class RenderedView(Wire):
    """What one step of one row would be asked, in about how many tokens."""

    row: int
    step: str
    prompt: str
    tokens: int
    skipped: bool


class CheckView(Wire):
    """What a check found."""

    requires: list[str]
    problems: list[ProblemView]
    rendered: list[RenderedView]


@api.operation(
    Operation(
        "POST",
        "/templates",
        "make_template",
        "Make a template of a definition in YAML or JSON",
        answers={201: TemplateView},
        errors=_CHANGES,
        body=TemplateRequest,
        scope="batches",
        max_body=MOST_BODY,
    )
)
def make(request: Request) -> Answer:
    templates = _templates()
    wanted = request.json(TemplateRequest)
    return Answer(201, _view(templates.make(wanted.definition, request.caller)))


@api.operation(
    Operation(
        "PUT",
        "/templates/{template_id}",
        "change_template",
        "Make a new version of a template; those before it stay as they are",
        answers={200: TemplateView},
        errors=(*_CHANGES, NotFound, PreconditionFailed),
        body=TemplateRequest,
        headers={"If-Match": HeaderField("The version that is being changed.", _VERSION.pattern)},
        scope="batches",
        max_body=MOST_BODY,
    )
)
def change(request: Request, template_id: str) -> Answer:
    templates = _templates()
    expected = _expected(request.headers.get("if-match"))
    wanted = request.json(TemplateRequest)
    made = templates.change(template_id, wanted.definition, request.caller, expected)
    return Answer(200, _view(made))


@api.operation(
    Operation(
        "GET",
        "/templates",
        "templates",
        "The caller's own templates and the shipped samples",
        answers={200: TemplatesPage},
        errors=(InvalidInput, Forbidden),
        query=TemplatesQuery,
        scope="batches",
    )
)
def page(request: Request) -> Answer:
    templates = _templates()
    wanted = checked(TemplatesQuery, request.query)
    found = templates.page(request.caller, wanted.limit, wanted.cursor or "")
    shown = [_summary(head) for head in found.heads]
    return Answer(200, TemplatesPage(templates=shown, next=found.cursor or None))


@api.operation(
    Operation(
        "GET",
        "/templates/{template_id}",
        "template",
        "One version of a template with its definition, the newest unless it says",
        answers={200: DefinitionView},
        errors=(InvalidInput, NotFound, Forbidden),
        query=VersionQuery,
        scope="batches",
    )
)
def one(request: Request, template_id: str) -> Answer:
    templates = _templates()
    number = checked(VersionQuery, request.query).version
    found = templates.get(template_id, request.caller, number)
    rows: dict[str, Any] = {}
    if found.sample:
        rows["rows"] = [dict(row) for row in templates.samples()[template_id].rows]
    return Answer(200, DefinitionView(**_fields(found), definition=found.definition, **rows))


@api.operation(
    Operation(
        "DELETE",
        "/templates/{template_id}",
        "delete_template",
        "Delete a template with all its versions; batches keep the version they ran",
        answers={204: None},
        errors=(NotFound, Forbidden),
        scope="batches",
    )
)
def delete(request: Request, template_id: str) -> Answer:
    templates = _templates()
    accounts = services().settings.accounts
    if accounts.auth == "off" and not accounts.allow_delete:
        raise Forbidden("This installation is everybody's: nobody may delete what others see.")
    templates.delete(template_id, request.caller)
    return Answer(204, None)


@api.operation(
    Operation(
        "POST",
        "/templates/check",
        "check_template",
        "Say everything that is wrong with a definition, and what rows would be asked",
        answers={200: CheckView},
        errors=_CHANGES,
        body=CheckRequest,
        scope="batches",
        max_body=MOST_BODY_WITH_ROWS,
    )
)
def check(request: Request) -> Answer:
    templates = _templates()
    wanted = request.json(CheckRequest)
    found = templates.check(wanted.definition, wanted.all_rows())
    body = CheckView(
        requires=list(found.requires),
        problems=[_problem(row, problem) for row, problem in found.problems],
        rendered=[
            RenderedView(
                row=each.row,
                step=each.step,
                prompt=each.prompt,
                tokens=each.tokens,
                skipped=each.skipped,
            )
            for each in found.rendered
        ],
    )
    return Answer(200, body)


def _templates() -> "Templates":
    return department().templates


def _expected(header: str | None) -> int | None:
    """Return the version that `If-Match` names; None without one and for any version."""
    if header is None or header.strip() == "*":
        return None
    match = _VERSION.fullmatch(header.strip())
    if match is None:
        problem = "must be the number of a version"
        raise InvalidInput("If-Match is wrong.", (Detail("If-Match", problem),))
    return int(match[1])


def _view(version: Version) -> TemplateView:
    return TemplateView(**_fields(version))


def _fields(version: Version) -> dict[str, Any]:
    template = version.template
    made = {} if version.sample else {"created_at": iso(version.made_ms)}
    return {
        "template_id": version.template_id,
        "version": version.number,
        "name": template.name,
        "requires": list(template.requires),
        "steps": [_step(step) for step in template.steps],
        "sample": version.sample,
        **made,
    }


def _step(step: Step) -> StepView:
    if step.kind == "image":
        models = None if step.models is None else list(step.models)
        optional: dict[str, Any] = {"models": models}
    else:
        named = {"model": step.model} if step.model is not None else {"tier": step.tier}
        optional = {**named, "max_tokens": step.max_tokens, "has_schema": step.schema is not None}
    if step.of:
        optional["of"] = step.of
    if step.when:
        optional["when"] = step.when
    return StepView(id=step.id, kind=step.kind, **optional)


def _summary(head: "Head") -> TemplateSummary:
    times: Mapping[str, str] = (
        {} if head.sample else {"created_at": iso(head.made_ms), "updated_at": iso(head.changed_ms)}
    )
    return TemplateSummary(
        template_id=head.template_id,
        version=head.version,
        name=head.name,
        requires=list(head.requires),
        steps=[StepBrief(id=step, kind=kind) for step, kind in head.steps],
        sample=head.sample,
        **times,
    )


def _problem(row: int | None, problem: "Problem") -> ProblemView:
    of_row = {} if row is None else {"row": row}
    place = problem.place
    return ProblemView(
        field=problem.field,
        line=place.line,
        column=place.column,
        problem=problem.problem,
        **of_row,
    )
