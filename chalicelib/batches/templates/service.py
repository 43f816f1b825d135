"""Templates as people use them: make, change, look at, try, delete."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.batches.templates.definition import check
from chalicelib.batches.templates.items import Head
from chalicelib.batches.templates.language import Language
from chalicelib.batches.templates.model import Template, Version
from chalicelib.batches.templates.models import ConfiguredModels
from chalicelib.batches.templates.problems import Problem, Refused
from chalicelib.batches.templates.renderer import Kind, NotRendered, NotStarted, Renderer
from chalicelib.batches.templates.samples import Sample
from chalicelib.batches.templates.source import Document, field_name, read
from chalicelib.batches.templates.store import Conflict, TemplateStore
from chalicelib.batches.templates.trial import Rendered, RowProblem, try_rows
from chalicelib.callers import Caller
from chalicelib.errors import (
    Detail,
    Forbidden,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    Unavailable,
)

MOST_TEMPLATES, MOST_VERSIONS, MOST_TRIES = 500, 200, 5
_ID = re.compile(r"t[0-9a-f]{23}", re.ASCII)
_AFTER_ALL = "~"
_BUSY = "Templates cannot be rendered at the moment. Try again."


class UnknownTemplate(NotFound):
    """There is no such template, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("There is no such template.")


@dataclass(frozen=True)
class Page:
    """Templates, the newest first; `cursor` is empty after the last."""

    heads: tuple[Head, ...]
    cursor: str


@dataclass(frozen=True)
class Checked:
    """What a check found; `row` is None for a problem of the definition itself."""

    requires: tuple[str, ...] = ()
    problems: tuple[tuple[int | None, Problem], ...] = ()
    rendered: tuple[Rendered, ...] = ()


@dataclass(frozen=True)
class Templates:
    """`clock` in epoch milliseconds; `open_renderer` starts a process of its own."""

    store: TemplateStore
    samples: Callable[[], Mapping[str, Sample]]
    open_renderer: Callable[[], Renderer]
    clock: Callable[[], int]
    new_id: Callable[[], str]
    language: Language
    models: ConfiguredModels

    def make(self, definition: str, caller: Caller) -> Version:
        """Return the new template; raise InvalidInput with every problem."""
        template = self._fit(definition)
        if self.store.count(caller.user_id, MOST_TEMPLATES) >= MOST_TEMPLATES:
            raise InvalidInput(f"You have {MOST_TEMPLATES} templates already. Delete one first.")
        now = self.clock()
        made = Version(f"t{now:011x}{self._chance(12)}", 1, template, definition, now)
        self.store.make(made, caller.user_id, self._chance(8))
        return made

    def change(
        self, template_id: str, definition: str, caller: Caller, expected: int | None
    ) -> Version:
        """Return the new version; raise PreconditionFailed where `expected` is not the newest."""
        head = self._head(template_id, caller)
        _check_expected(head, expected)
        template = self._fit(definition)
        for _ in range(MOST_TRIES):
            if head.version >= MOST_VERSIONS:
                raise InvalidInput(
                    f"This template has {MOST_VERSIONS} versions. Make a new one of it."
                )
            number = head.version + 1
            made = Version(template_id, number, template, definition, self.clock())
            try:
                self.store.change(head, made, self._chance(8))
            except Conflict:
                head = self._head(template_id, caller)
                _check_expected(head, expected)
            else:
                return made
        raise Unavailable("Others are changing this template. Try again.")

    def get(self, template_id: str, caller: Caller, number: int | None = None) -> Version:
        """Return one version, the newest unless it says; raise UnknownTemplate."""
        sample = self.samples().get(template_id)
        if sample is not None:
            found = sample.version if number in (None, 1) else None
        else:
            head = self._head(template_id, caller)
            found = self.store.version(head, number or head.version)
        if found is None:
            raise UnknownTemplate
        return found

    def page(self, caller: Caller, limit: int, cursor: str) -> Page:
        """Return a page of the caller's own, and the samples after the last; raise InvalidInput."""
        if cursor and not _ID.fullmatch(cursor):
            problem = "is not a cursor that this list gave out"
            raise InvalidInput("The cursor is wrong.", (Detail("cursor", problem),))
        heads = self.store.page(caller.owners, cursor or _AFTER_ALL, limit + 1)
        if len(heads) > limit:
            return Page(tuple(heads[:limit]), heads[limit - 1].template_id)
        return Page((*heads, *map(_head_of, self.samples().values())), "")

    def delete(self, template_id: str, caller: Caller) -> None:
        """Delete a template with all its versions; raise UnknownTemplate."""
        if template_id in self.samples():
            raise Forbidden("This is a sample, which everybody sees.")
        self.store.delete(self._head(template_id, caller), self.clock())

    def check(self, definition: str, rows: Sequence[Mapping[str, Any]]) -> Checked:
        """Say what is wrong and what each step would be asked; spends nothing."""
        try:
            template = check(definition, self.language)
        except Refused as refused:
            return Checked(problems=tuple((None, each) for each in refused.problems))
        document = read(definition)
        absent = tuple(self._absent(template, document))
        with self.open_renderer() as renderer:
            problems = (*absent, *self._compile(template, document, renderer))
            of_definition = tuple((None, each) for each in problems)
            if problems[len(absent) :] or not rows:
                return Checked(template.requires, of_definition)
            try:
                trial = try_rows(template, rows, renderer)
            except NotStarted:
                raise Unavailable(_BUSY) from None
        told = tuple((each.row, _of_row(each, document)) for each in trial.problems)
        return Checked(template.requires, (*of_definition, *told), tuple(trial.rendered))

    def _absent(self, template: Template, document: Document) -> Iterator[Problem]:
        """What steps ask for and this installation does not have at the moment."""
        for position, step in enumerate(template.steps):
            for part, problem in self.models.absent(step):
                yield _placed(document, position, part, 1, problem)

    def _fit(self, definition: str) -> Template:
        """Return the template of a definition that can be kept."""
        try:
            template = check(definition, self.language)
            with self.open_renderer() as renderer:
                problems = self._compile(template, read(definition), renderer)
            if problems:
                raise Refused(tuple(problems))
        except Refused as refused:
            raise _invalid(refused.problems) from None
        return template

    def _compile(self, template: Template, document: Document, renderer: Renderer) -> list[Problem]:
        """Return what cannot be compiled; constants are computed then, and may be bombs."""
        problems = []
        for kind, part, position, source in _sources(template):
            try:
                renderer.compile(kind, source)
            except NotRendered as problem:
                problems.append(_placed(document, position, part, problem.line, problem.problem))
            except NotStarted:
                raise Unavailable(_BUSY) from None
        return problems

    def _head(self, template_id: str, caller: Caller) -> Head:
        if template_id in self.samples():
            raise Forbidden("This is a sample; make a template of your own from it.")
        if _ID.fullmatch(template_id):
            for owner in caller.owners:
                if head := self.store.head(owner, template_id):
                    return head
        raise UnknownTemplate

    def _chance(self, digits: int) -> str:
        return self.new_id().replace("-", "")[:digits]


def _check_expected(head: Head, expected: int | None) -> None:
    if expected is not None and expected != head.version:
        raise PreconditionFailed(
            f"Somebody has changed this template: its newest version is {head.version}. Look at "
            "that, and change it again."
        )


def _sources(template: Template) -> Iterable[tuple[Kind, str, int, str]]:
    for position, step in enumerate(template.steps):
        yield "prompt", "prompt", position, step.prompt
        if step.when:
            yield "when", "when", position, step.when


def _of_row(problem: RowProblem, document: Document) -> Problem:
    return _placed(document, problem.step, problem.part, problem.line, problem.problem)


def _placed(document: Document, position: int, part: str, line: int, problem: str) -> Problem:
    inside = ("template",) if ("template", "steps") in document.places else ()
    path = (*inside, "steps", position, part)
    return Problem(field_name(path), problem, document.found(path).at(line))


def _head_of(sample: Sample) -> Head:
    version = sample.version
    return Head(
        template_id=version.template_id,
        owner="",
        name=version.template.name,
        requires=version.template.requires,
        steps=tuple((step.id, step.kind) for step in version.template.steps),
        parts=("",),
        made_ms=0,
        changed_ms=0,
        sample=True,
    )


def _invalid(problems: Sequence[Problem]) -> InvalidInput:
    details = tuple(
        Detail(each.field, each.problem, each.place.line, each.place.column) for each in problems
    )
    first = details[0]
    more = f" and {len(details) - 1} more problems" if len(details) > 1 else ""
    sentence = f"The template cannot be used: {first.field} {first.problem}{more}."
    return InvalidInput(sentence, details)
