"""From what was asked to what one model can take, and what had to be left out."""

import math
from dataclasses import dataclass

from chalicelib.providers.base import AspectRatio, Capabilities, ImageRequest


@dataclass(frozen=True)
class Asked:
    """The settings of a run; `explicit` holds the names that the request itself set."""

    prompt: str
    aspect_ratio: AspectRatio
    steps: int
    guidance: float
    control: float
    seed: int | None
    negative_prompt: str
    explicit: frozenset[str]


def narrow(asked: Asked, capabilities: Capabilities) -> tuple[ImageRequest, tuple[str, ...]]:
    """The request for one model, and the names of the settings it cannot take as asked.

    A value beyond the model's range becomes the nearest within, a ratio that it lacks becomes the
    nearest in shape, a text that is too long is cut, a seed that is too large starts again from 0;
    all of these count as not taken. A setting that nobody made is never listed.
    """
    ratio = _nearest(asked.aspect_ratio, capabilities.aspect_ratios)
    steps = _within(asked.steps, capabilities.steps_range)
    guidance = _within(asked.guidance, capabilities.guidance_range)
    negative = asked.negative_prompt[: capabilities.negative_prompt_limit]
    seed = None if asked.seed is None else asked.seed % (capabilities.largest_seed + 1)
    taken = {
        "aspectRatio": ratio == asked.aspect_ratio,
        "steps": capabilities.steps and steps == asked.steps,
        "guidance": capabilities.guidance and guidance == asked.guidance,
        "control": capabilities.control,
        "seed": capabilities.seed and seed == asked.seed,
        "negativePrompt": capabilities.negative_prompt and negative == asked.negative_prompt,
    }
    request = ImageRequest(
        prompt=asked.prompt,
        aspect_ratio=ratio,
        seed=seed if capabilities.seed else None,
        negative_prompt=(negative or None) if capabilities.negative_prompt else None,
        steps=round(steps) if capabilities.steps else None,
        guidance=guidance if capabilities.guidance else None,
        control=asked.control if capabilities.control else None,
    )
    return request, tuple(n for n, ok in taken.items() if not ok and n in _made(asked))


def _made(asked: Asked) -> frozenset[str]:
    """The settings that count as made: a negative prompt does wherever it comes from."""
    unmade = {"negativePrompt"} if not asked.negative_prompt else set()
    if asked.seed is None:
        unmade.add("seed")
    return (asked.explicit | {"negativePrompt"}) - unmade


def _within(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return min(max(value, low), high)


def _nearest(ratio: AspectRatio, supported: tuple[AspectRatio, ...]) -> AspectRatio:
    return min(supported, key=lambda other: abs(_shape(other) - _shape(ratio)))


def _shape(ratio: AspectRatio) -> float:
    """Width over height, as a logarithm: so that 3:4 is as far from 1:1 as 4:3 is."""
    across, down = ratio.split(":")
    return math.log(int(across) / int(down))
