"""What a model cannot take is left out and listed, and nothing else is."""

from dataclasses import replace

import pytest

from chalicelib.providers.base import ASPECT_RATIOS, AspectRatio, Capabilities, Parameters
from chalicelib.providers.models.fit import fit

EVERYTHING = ("aspectRatio", "steps", "guidance", "control", "seed", "negativePrompt")
WANTED = Parameters(
    aspect_ratio="16:9",
    steps=30,
    guidance=7.5,
    control=1.2,
    seed=42,
    negative_prompt="blur",
    explicit=EVERYTHING,
)
ABLE = Capabilities(seed=True, negative_prompt=True, steps=True, guidance=True)


def test_an_able_model_gets_everything_as_asked() -> None:
    request, ignored = fit("a fox", WANTED, ABLE)

    assert ignored == ("control",)
    assert (request.prompt, request.aspect_ratio, request.seed) == ("a fox", "16:9", 42)
    assert (request.steps, request.guidance) == (30, 7.5)
    assert request.negative_prompt == "blur"


def test_a_model_that_takes_nothing_gets_nothing_and_says_so() -> None:
    request, ignored = fit("a fox", WANTED, Capabilities())

    assert set(ignored) == set(EVERYTHING) - {"aspectRatio"}
    assert (request.seed, request.negative_prompt, request.steps) == (None, None, None)
    assert request.guidance is None


def test_defaults_that_nobody_asked_for_are_neither_sent_nor_listed() -> None:
    unasked = replace(WANTED, explicit=(), negative_prompt="")

    assert fit("a fox", unasked, Capabilities())[1] == ()
    assert fit("a fox", unasked, ABLE)[0].steps is None
    assert fit("a fox", unasked, ABLE)[0].guidance is None


def test_the_installations_own_negative_prompt_counts_as_asked_for() -> None:
    permanent = replace(WANTED, explicit=())

    assert fit("a fox", permanent, Capabilities())[1] == ("negativePrompt",)


def test_an_empty_negative_prompt_or_seed_asks_for_nothing() -> None:
    empty = replace(WANTED, negative_prompt="", seed=None, explicit=("negativePrompt", "seed"))

    _, ignored = fit("a fox", empty, Capabilities())

    assert ignored == ()
    assert fit("a fox", empty, ABLE)[0].negative_prompt is None


@pytest.mark.parametrize(
    ("asked", "nearest"), [("4:3", "3:2"), ("3:4", "2:3"), ("16:9", "16:9"), ("1:1", "1:1")]
)
def test_a_shape_that_the_model_lacks_becomes_the_nearest(
    asked: AspectRatio, nearest: AspectRatio
) -> None:
    limited = replace(ABLE, aspect_ratios=("1:1", "16:9", "9:16", "3:2", "2:3"))

    request, ignored = fit("a fox", replace(WANTED, aspect_ratio=asked), limited)

    assert request.aspect_ratio == nearest
    assert ("aspectRatio" in ignored) == (asked != nearest)


@pytest.mark.parametrize("asked", ASPECT_RATIOS)
def test_the_nearest_shape_keeps_its_orientation(asked: AspectRatio) -> None:
    limited = replace(ABLE, aspect_ratios=("3:2", "2:3"))

    request, _ = fit("a fox", replace(WANTED, aspect_ratio=asked), limited)

    across, down = (int(part) for part in asked.split(":"))
    assert across == down or (request.aspect_ratio == "3:2") == (across > down)


def test_values_beyond_the_models_range_become_the_nearest_within_and_are_listed() -> None:
    limited = replace(ABLE, steps_range=(1, 20), guidance_range=(8.0, 10.0))

    request, ignored = fit("a fox", WANTED, limited)

    assert (request.steps, request.guidance) == (20, 8.0)
    assert ignored == ("steps", "guidance", "control")


@pytest.mark.parametrize(
    ("asked", "sent"),
    [(0, 0), (2**31 - 1, 2**31 - 1), (2**31, 0), (4_294_967_294, 2**31 - 2)],
)
def test_a_seed_beyond_the_models_range_is_folded_into_it_and_listed(asked: int, sent: int) -> None:
    limited = replace(ABLE, largest_seed=2**31 - 1)

    request, ignored = fit("a fox", replace(WANTED, seed=asked), limited)

    assert request.seed == sent
    assert ("seed" in ignored) == (asked != sent)


def test_a_negative_prompt_that_is_too_long_is_cut_and_listed() -> None:
    request, ignored = fit(
        "a fox",
        replace(WANTED, negative_prompt="x" * 900),
        replace(ABLE, negative_prompt_limit=500),
    )

    assert request.negative_prompt == "x" * 500
    assert ignored == ("control", "negativePrompt")
