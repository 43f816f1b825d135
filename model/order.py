"""What a request may ask for, and its caps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from model.errors import BadJson, InvalidInput, ModelError, SizeRefused, StepsRefused

BODY_BYTES = 128_000
"""As much as SageMaker takes in the body of an asynchronous invocation."""
SIDE_STEP, SMALLEST_SIDE = 8, 64
LARGEST_SEED = 2**53 - 1
"""The largest whole number that every reader of JSON understands."""

Text = Annotated[str, StringConstraints(max_length=4000)]


@dataclass(frozen=True)
class Caps:
    """The most that one request may ask of the device: pixels a side, steps."""

    side: int = 2048
    steps: int = 100


class Order(BaseModel):
    """One picture, as the body of `POST /invocations` asks for it; None leaves it to the pipeline.

    Sides are in pixels. Without a seed one is drawn, which the picture then tells.
    """

    # Fields are named as in the body: an alias would let the other name through unnoticed.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    prompt: Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S")]
    negativePrompt: Text | None = None  # noqa: N815
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    guidance: Annotated[float, Field(ge=0, le=50)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None


def read(body: bytes, caps: Caps) -> Order:
    """Raises BadJson, InvalidInput, SizeRefused or StepsRefused."""
    try:
        order = Order.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False, include_input=False)[0]) from None
    for side in (order.width, order.height):
        _check_side(side, caps)
    _check_steps(order.steps, caps)
    return order


def _refusal(first: Mapping[str, Any]) -> ModelError:
    """The first problem as one sentence; it never repeats what was sent."""
    if first["type"] == "json_invalid":
        return BadJson()
    where = ".".join(str(part) for part in first["loc"]) or "The body"
    if first["type"] == "extra_forbidden":
        return InvalidInput("The body has a field that is not known here.")
    return InvalidInput(f"{where}: {first['msg']}.")


def _check_side(side: int | None, caps: Caps) -> None:
    if side is None:
        return
    if side % SIDE_STEP or not SMALLEST_SIDE <= side <= caps.side:
        raise SizeRefused(
            f"width and height must be multiples of {SIDE_STEP} "
            f"from {SMALLEST_SIDE} to {caps.side}."
        )


def _check_steps(steps: int | None, caps: Caps) -> None:
    if steps is not None and not 1 <= steps <= caps.steps:
        raise StepsRefused(f"steps must be from 1 to {caps.steps}.")
