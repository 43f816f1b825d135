"""Rows as records: a picture with everything that it was made with, or a row without one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.batches.exports.columns import Column, complete
from chalicelib.batches.runs.grid import parameters
from chalicelib.batches.runs.model import Batch, Cell, Model, Row, value_of
from chalicelib.batches.templates.model import Step
from chalicelib.batches.templates.renderer import NotRendered, Renderer
from chalicelib.generation.model import StoredImage
from chalicelib.wire import iso


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

    def records(self, row: Row, data: Mapping[str, Any] | None) -> Iterator[Made]:
        """Yield the records of one row; there is at least one."""
        outputs = self._outputs(row)
        shared = {"row": row.number, "state": row.state, "data": data, "outputs": outputs}
        seen: dict[str, Any] = {}
        is_drawn = False
        for step in self.batch.wanted.template.steps:
            if step.kind != "image":
                seen |= {step.id: {"output": outputs[step.id]}} if step.id in outputs else {}
                continue
            cells = self._drawn(row, step)
            prompt = self._prompt(step, row, data, seen) if cells else None
            for cell in cells:
                is_drawn = True
                values = {**shared, **self._picture(step, cell), "prompt": prompt}
                yield Made(complete(values, self.columns), cell.image)
            seen[step.id] = {"output": [self._shown(step, c) for c in cells if c.image]}
        if not is_drawn:
            yield Made(complete({**shared, **self._whole(row)}, self.columns))

    def _drawn(self, row: Row, step: Step) -> list[Cell]:
        """Return the cells of a step's pictures in the order of models and points."""
        cells = [cell for cell in row.cells.values() if cell.step == step.id]
        return sorted(cells, key=lambda cell: (cell.model, cell.point))

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
        """Return what texts came to, by their steps."""
        found: dict[str, Any] = {}
        for step in self.batch.wanted.template.steps:
            cells = [c for c in row.cells.values() if c.step == step.id and c.state == "done"]
            if step.kind != "image" and cells:
                texts = [value_of(self.text_of(row, c), step.schema) for c in cells]
                found[step.id] = texts[0] if len(texts) == 1 else texts
        return found

    def _prompt(
        self, step: Step, row: Row, data: Mapping[str, Any] | None, seen: Mapping[str, Any]
    ) -> str | None:
        """Return what the step was asked for; null where its row's data is gone."""
        if data is None:
            return None
        context = {**data, "steps": seen}
        try:
            return self.renderer.render(step.prompt, context, f"{row.number}:{step.id}")
        except NotRendered:
            return None

    def _shown(self, step: Step, cell: Cell) -> dict[str, Any]:
        """Return a picture as a later step sees it."""
        assert cell.image is not None
        return {
            "model": self._model(step, cell).name,
            "url": self.address(cell.image.key),
            "seed": cell.image.seed,
            "width": cell.image.width,
            "height": cell.image.height,
        }


def _failure(code: str, sentence: str) -> dict[str, Any]:
    return {"error_code": code, "error": sentence} if code else {}


def _weakest(basis: set[Any]) -> str:
    """Return how sure a sum is that was put together from these."""
    return next(each for each in ("unknown", "estimated", "exact") if each in basis)
