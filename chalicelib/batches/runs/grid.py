"""The cells of a step, and what each of them is asked with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.batches.runs.model import Cell, Model, Point, Wanted, cell_id
from chalicelib.batches.templates.model import Step
from chalicelib.generation.model import StoredImage
from chalicelib.providers.base import Parameters

_EXPLICIT = {
    "aspect_ratio": "aspectRatio",
    "seed": "seed",
    "steps": "steps",
    "guidance": "guidance",
    "negative_prompt": "negativePrompt",
}


@dataclass(frozen=True)
class Place:
    """Where a cell stands: one model of a step, at one point of the axes."""

    step: Step
    model: Model
    point: int

    @property
    def id(self) -> str:
        return cell_id(self.step.id, self.model.index, self.point)


def places(wanted: Wanted, step: Step) -> list[Place]:
    """Return the cells of a step by each of its models."""
    models, points = wanted.models[step.id], range(points_of(wanted, step))
    return [Place(step, model, point) for model in models for point in points]


def points_of(wanted: Wanted, step: Step) -> int:
    """Return how many cells a model has: axes are of pictures, a judge has one for each picture."""
    if step.kind == "judge":
        return len(judged(wanted, step))
    return len(wanted.axes.points) if step.kind == "image" else 1


def judged(wanted: Wanted, step: Step) -> list[Place]:
    """Return the cells of the pictures that a judge looks at, by the points of its own."""
    of = [each for each in wanted.template.steps if each.id == step.of]
    return [place for each in of for place in places(wanted, each)]


def parameters(step: Step, points: Sequence[Point], point: int) -> Parameters:
    """Return the settings of a picture: the step's own, and the axes' in their place."""
    made = dict(step.settings)
    chosen = points[point]
    for name in ("seed", "aspect_ratio", "guidance"):
        if (value := getattr(chosen, name)) is not None:
            made[name] = value
    made.pop("quality", None)
    explicit = tuple(sorted(_EXPLICIT[name] for name in made))
    return Parameters(**made, explicit=explicit)


def shown(wanted: Wanted, place: Place, cells: Mapping[str, Cell]) -> StoredImage | None:
    """Return what a judge looks at in a place."""
    if place.step.kind != "judge":
        return None
    return cells[judged(wanted, place.step)[place.point].id].image
