"""Rendering a template for a few rows without any model: what each step would be asked."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.batches.templates import schemas
from chalicelib.batches.templates.filters import tokens_of
from chalicelib.batches.templates.model import Step, Template
from chalicelib.batches.templates.renderer import NotRendered, Renderer

SECONDS = 10.0
"""For all rows together, well within the answer's own limit."""
LONGEST_IMAGE_PROMPT = 1000
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rendered:
    """What one step of one row would be asked; rows count from 0."""

    row: int
    step: str
    prompt: str
    tokens: int
    skipped: bool = False


@dataclass(frozen=True)
class RowProblem:
    """Why a step cannot be asked for a row; `line` is that of the step's own text."""

    row: int
    step: int
    part: str
    line: int
    problem: str


@dataclass
class Trial:
    """What came of it."""

    rendered: list[Rendered] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def try_rows(
    template: Template,
    rows: Sequence[Row],
    renderer: Renderer,
    clock: Callable[[], float] = time.monotonic,
) -> Trial:
    """Render the rows one after the other; a row ends at its first problem. `clock` in seconds."""
    trial, ends = Trial(), clock() + SECONDS
    for number, row in enumerate(rows):
        if clock() > ends:
            told = f"was not tried: rendering the rows takes longer than {SECONDS:g} s"
            trial.problems.append(RowProblem(number, 0, "prompt", 1, told))
            break
        _try_row(template, number, row, renderer, trial)
    return trial


def _try_row(template: Template, number: int, row: Row, renderer: Renderer, trial: Trial) -> None:
    outputs: dict[str, Any] = {}
    for position, step in enumerate(template.steps):
        context, seed = {**row, "steps": outputs}, f"{number}:{step.id}"
        part = "when"
        try:
            if step.without(outputs) or (
                step.when and not renderer.holds(step.when, context, seed)
            ):
                trial.rendered.append(Rendered(number, step.id, "", 0, skipped=True))
                continue
            part = "prompt"
            prompt = renderer.render(step.prompt, context, seed)
            check_length(step, prompt)
        except NotRendered as problem:
            told = RowProblem(number, position, part, problem.line, problem.problem)
            trial.problems.append(told)
            return
        trial.rendered.append(Rendered(number, step.id, prompt, tokens_of(prompt)))
        outputs[step.id] = {"output": stand_in(step)}


def check_length(step: Step, prompt: str) -> None:
    """Raise NotRendered for a prompt that the step cannot be asked."""
    if not prompt.strip():
        raise NotRendered("comes out empty")
    if step.kind == "image" and len(prompt.strip()) > LONGEST_IMAGE_PROMPT:
        raise NotRendered(
            f"comes out with {len(prompt.strip())} characters; a picture's prompt may have "
            f"{LONGEST_IMAGE_PROMPT}"
        )


def stand_in(step: Step) -> Any:
    """Return what stands for the output of a step that no model was asked for."""
    if step.kind == "image":
        seed = step.settings.get("seed", 1)
        picture = {"model": "model", "url": "https://example.com/picture.png", "seed": seed}
        return [{**picture, "width": 1024, "height": 1024}]
    if step.kind == "judge":
        return [{"model": "model", "score": 3, "reason": f"[reason of {step.id}]"}]
    if step.schema is not None:
        return schemas.example(step.schema)
    return f"[output of {step.id}]"
