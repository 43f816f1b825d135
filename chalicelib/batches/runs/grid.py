"""The cells of a step, and what each of them is asked with."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.batches.runs.model import Model, Point, Wanted, cell_id
from chalicelib.batches.templates.model import Step
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
    """Return the cells of a step: axes are of pictures only."""
    models = wanted.models[step.id]
    points = range(len(wanted.axes.points)) if step.kind == "image" else range(1)
    return [Place(step, model, point) for model in models for point in points]


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
