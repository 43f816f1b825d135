"""Fit a request to what one model can take, and tell what had to be left out."""

import math
from dataclasses import replace

from chalicelib.providers.base import (
    AspectRatio,
    Capabilities,
    ImageRequest,
    Parameters,
    Quality,
    Resolution,
)


def with_negative(wanted: Parameters, permanent: str) -> Parameters:
    """Add the installation's own negative prompt."""
    parts = [text for text in (wanted.negative_prompt, permanent) if text]
    return replace(wanted, negative_prompt=", ".join(parts))


def fit(
    prompt: str, wanted: Parameters, capabilities: Capabilities
) -> tuple[ImageRequest, tuple[str, ...]]:
    """Return the request for one model, and the names of the settings it cannot take as wanted.

    A value beyond the model's range becomes the nearest within, a ratio that it lacks becomes the
    nearest in shape, a text that is too long is cut, a seed that is too large starts again from 0;
    all of these count as not taken. Steps and guidance that nobody asked for are not sent: models
    have defaults of their own. A setting that nobody made is never listed.
    """
    ratio = _nearest(wanted.aspect_ratio, capabilities.aspect_ratios)
    steps = _within(wanted.steps, capabilities.steps_range)
    guidance = _within(wanted.guidance, capabilities.guidance_range)
    negative = wanted.negative_prompt[: capabilities.negative_prompt_limit]
    quality, resolution = choice(wanted, capabilities)
    seed = None if wanted.seed is None else wanted.seed % (capabilities.largest_seed + 1)
    taken = {
        "aspectRatio": ratio == wanted.aspect_ratio,
        "steps": capabilities.steps and steps == wanted.steps,
        "guidance": capabilities.guidance and guidance == wanted.guidance,
        "control": False,
        "quality": quality == wanted.quality,
        "resolution": resolution == wanted.resolution,
        "seed": capabilities.seed and seed == wanted.seed,
        "negativePrompt": capabilities.negative_prompt and negative == wanted.negative_prompt,
    }
    request = ImageRequest(
        prompt=prompt,
        aspect_ratio=ratio,
        seed=seed if capabilities.seed else None,
        negative_prompt=(negative or None) if capabilities.negative_prompt else None,
        steps=round(steps) if capabilities.steps and "steps" in wanted.explicit else None,
        guidance=guidance if capabilities.guidance and "guidance" in wanted.explicit else None,
        quality=quality,
        resolution=resolution,
    )
    return request, tuple(n for n, ok in taken.items() if not ok and n in _made(wanted))


def choice(wanted: Parameters, capabilities: Capabilities) -> tuple[Quality, Resolution]:
    """Return the quality and the resolution that a model is asked for: its own where it lacks one.

    Nothing near is taken in their place, since each has a price of its own.
    """
    return (
        wanted.quality if wanted.quality in capabilities.qualities else "auto",
        wanted.resolution if wanted.resolution in capabilities.resolutions else "1K",
    )


def _made(wanted: Parameters) -> frozenset[str]:
    """The settings that count as made: a negative prompt does wherever it comes from."""
    unmade = {"negativePrompt"} if not wanted.negative_prompt else set()
    if wanted.seed is None:
        unmade.add("seed")
    return (frozenset(wanted.explicit) | {"negativePrompt"}) - unmade


def _within(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return min(max(value, low), high)


def _nearest(ratio: AspectRatio, supported: tuple[AspectRatio, ...]) -> AspectRatio:
    return min(supported, key=lambda other: abs(_shape(other) - _shape(ratio)))


def _shape(ratio: AspectRatio) -> float:
    """Width over height, as a logarithm: so that 3:4 is as far from 1:1 as 4:3 is."""
    across, down = ratio.split(":")
    return math.log(int(across) / int(down))
