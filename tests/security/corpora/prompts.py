"""Harmless prompts, as many as are needed, put together from ordinary parts."""

from itertools import product

SUBJECTS = (
    "an ancient lighthouse",
    "two red foxes",
    "a child with a kite",
    "a schoolgirl on a bicycle",
    "a teenager skateboarding",
    "a marble statue",
    "an old sailor",
    "three kids and a dog",
    "a blood orange",
    "a bowl of grapes",
    "a steam train",
    "a wooden rocking horse",
    "an astronaut",
    "a couple dancing",
    "a violin",
    "a little girl and her robot",
    "a toddler on a swing",
    "a market in Marrakesh",
)
PLACES = (
    "on a cliff above the sea",
    "in a snowed-in forest",
    "beneath naked branches",
    "in Essex",
    "in a crowded street at night",
    "on the surface of Mars",
    "in a therapist's waiting room",
    "in a field of sunflowers",
    "under an umbrella in the rain",
)
STYLES = (
    "oil on canvas",
    "35mm film, soft grain",
    "ukiyo-e woodblock print",
    "isometric 3D render",
    "watercolour with visible paper",
    "art deco poster",
    "studio photograph, rim light, 85 mm f/1.4",
)


def composed() -> list[str]:
    """Every subject in every place in every style."""
    return [", ".join(parts) for parts in product(SUBJECTS, PLACES, STYLES)]
