"""What later steps see of a step that was made."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.batches.runs.grid import judged
from chalicelib.batches.runs.model import Cell, Wanted, value_of
from chalicelib.batches.templates.model import Step


def output_of(
    wanted: Wanted,
    step: Step,
    cells: Sequence[Cell],
    text_of: Callable[[Cell], str],
    address: Callable[[str], str],
) -> Any:
    """Return a text or its fields, or a list of what was drawn, or of what a judge said of it.

    `text_of` finds a cell's text, `address` where a picture is shown by its key.
    """
    if step.kind == "text":
        return value_of(text_of(cells[0]), step.answers)
    if step.kind == "judge":
        pictures = judged(wanted, step)
        return [
            {"model": pictures[cell.point].model.name, **value_of(text_of(cell), step.answers)}
            for cell in cells
        ]
    names = {model.index: model.name for model in wanted.models[step.id]}
    return [
        {
            "model": names[cell.model],
            "url": address(cell.image.key),
            "seed": cell.image.seed,
            "width": cell.image.width,
            "height": cell.image.height,
        }
        for cell in cells
        if cell.image
    ]
