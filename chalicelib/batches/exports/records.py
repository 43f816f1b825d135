"""Rows as records: a picture with everything that it was made with, or a row without one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.batches.exports.columns import Column, complete
from chalicelib.batches.runs.grid import judged, parameters
from chalicelib.batches.runs.model import Batch, Cell, Model, Row, value_of
from chalicelib.batches.runs.outputs import output_of
from chalicelib.batches.templates.model import Kind, Step
from chalicelib.batches.templates.renderer import Prompt, Renderer
from chalicelib.generation.model import StoredImage
from chalicelib.wire import iso

Prompts = Mapping[tuple[int, str], str | None]
"""By the row's number and the step; None for one that can no longer be rendered."""


@dataclass(frozen=True)
class Made:
    """One record, and the picture that it is of."""

    values: Mapping[str, Any]
    image: StoredImage | None = None


@dataclass(frozen=True)
class Recorder:
    """Makes records of a batch's rows.

    `text_of` finds a text that has an item of its own, `address` is where a picture is shown.
    Prompts are rendered again: the same data, outputs and seeds give the same text.
    """

    batch: Batch
    columns: tuple[Column, ...]
    renderer: Renderer
    text_of: Callable[[Row, Cell], str]
    address: Callable[[str], str]

    def page(
        self, rows: Sequence[Row], data: Mapping[int, Mapping[str, Any]]
    ) -> Iterator[tuple[Row, Iterator[Made]]]:
        """Yield the records of each row, of which there is at least one."""
        seen = {row.number: self._outputs(row) for row in rows}
        prompts = self._prompts(rows, data, seen)
        for row in rows:
            yield row, self._records(row, data.get(row.number), seen[row.number], prompts)

    def _records(
        self, row: Row, data: Mapping[str, Any] | None, seen: Mapping[str, Any], prompts: Prompts
    ) -> Iterator[Made]:
        texts = {step.id: seen[step.id] for step in self._steps("text") if step.id in seen}
        state = "skipped" if self._is_over(row) else row.state
        shared = {"row": row.number, "state": state, "data": data, "outputs": texts}
        is_drawn = False
        for step in self._steps("image"):
            for cell in _cells(row, step):
                is_drawn = True
                prompt = prompts.get((row.number, step.id))
                values = {**shared, **self._picture(step, cell), "prompt": prompt}
                values["judgements"] = self._judgements(row, cell)
                yield Made(complete(values, self.columns), cell.image)
        if not is_drawn:
            yield Made(complete({**shared, **self._whole(row)}, self.columns))

    def _is_over(self, row: Row) -> bool:
        """Return whether a row waits that a cancelled batch will never make."""
        return self.batch.state == "cancelled" and row.state == "waiting"

    def _steps(self, kind: Kind) -> list[Step]:
        return [step for step in self.batch.wanted.template.steps if step.kind == kind]

    def _whole(self, row: Row) -> dict[str, Any]:
        """Return what a row without pictures says of itself."""
        ended = [c for c in row.cells.values() if c.state != "calling"]
        if not ended:
            return _failure(row.code, row.error)
        took = max(c.ended_ms for c in ended) - min(c.started_ms for c in ended)
        costs = [c.cost for c in ended]
        known = None if None in costs else sum(c or 0 for c in costs)
        basis = {c.basis for c in ended}
        return {
            "cost_micros": known,
            "cost_basis": basis.pop() if len(basis) == 1 else _weakest(basis),
            "seconds": took / 1000,
            "made_at": iso(max(c.ended_ms for c in ended)),
            **_failure(row.code, row.error),
        }

    def _picture(self, step: Step, cell: Cell) -> dict[str, Any]:
        model = self._model(step, cell)
        asked = parameters(step, self.batch.wanted.axes.points, cell.point)
        told: dict[str, Any] = {
            "step": step.id,
            "model": model.name,
            "model_id": model.model_id,
            "point": cell.point,
            "aspect_ratio": asked.aspect_ratio,
            "guidance": asked.guidance if "guidance" in asked.explicit else None,
            **_failure(cell.code, cell.error),
        }
        if cell.state != "calling":
            told |= {"cost_micros": cell.cost, "cost_basis": cell.basis}
            told["seconds"] = (cell.ended_ms - cell.started_ms) / 1000
            told["made_at"] = iso(cell.ended_ms)
        if image := cell.image:
            told |= {"width": image.width, "height": image.height, "seed": image.seed}
            told["revised_prompt"] = image.revised_prompt
            told["image_url"] = self.address(image.key)
        return told

    def _model(self, step: Step, cell: Cell) -> Model:
        models = self.batch.wanted.models[step.id]
        return next(model for model in models if model.index == cell.model)

    def _outputs(self, row: Row) -> dict[str, Any]:
        """Return what each step came to, as later ones see it."""
        wanted, text_of = self.batch.wanted, partial(self.text_of, row)
        found: dict[str, Any] = {}
        for step in wanted.template.steps:
            cells = [cell for cell in _cells(row, step) if cell.state == "done"]
            if cells:
                found[step.id] = output_of(wanted, step, cells, text_of, self.address)
        return found

    def _judgements(self, row: Row, picture: Cell) -> dict[str, Any] | None:
        """Return what each judge says of one picture, by the judges' steps."""
        found = {}
        for step in self._steps("judge"):
            of = [place.id for place in judged(self.batch.wanted, step)]
            for cell in _cells(row, step):
                if of[cell.point] == picture.id and cell.state == "done":
                    found[step.id] = value_of(self.text_of(row, cell), step.answers)
        return found or None

    def _prompts(
        self,
        rows: Sequence[Row],
        data: Mapping[int, Mapping[str, Any]],
        seen: Mapping[int, Mapping[str, Any]],
    ) -> Prompts:
        """Return what each picture's step was asked for; nothing for rows whose data is gone."""
        wanted: dict[tuple[int, str], Prompt] = {}
        for row in rows:
            if row.number not in data:
                continue
            outputs = {name: {"output": each} for name, each in seen[row.number].items()}
            context = {**data[row.number], "steps": outputs}
            for step in self._steps("image"):
                if _cells(row, step):
                    asked = Prompt(step.prompt, context, f"{row.number}:{step.id}")
                    wanted[row.number, step.id] = asked
        rendered = self.renderer.render_many(wanted.values())
        return dict(zip(wanted, rendered, strict=True))


def _cells(row: Row, step: Step) -> list[Cell]:
    """Return a step's cells in the order of models and points."""
    cells = [cell for cell in row.cells.values() if cell.step == step.id]
    return sorted(cells, key=lambda cell: (cell.model, cell.point))


def _failure(code: str, sentence: str) -> dict[str, Any]:
    return {"error_code": code, "error": sentence} if code else {}


def _weakest(basis: set[Any]) -> str:
    """Return how sure a sum is that was put together from these."""
    return next(each for each in ("unknown", "estimated", "exact") if each in basis)
