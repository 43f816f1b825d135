"""Quality and resolution: sent where a model knows them, named as ignored where it does not."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from chalicelib.config import PROVIDER_IDS, Settings, load
from chalicelib.providers.base import ImageRequest, Parameters, Quality, Resolution
from chalicelib.providers.errors import BadRequest, BadResponse, ProviderError
from chalicelib.providers.models.catalog import (
    FAMILIES,
    dearest_image,
    most_for_image,
    priced_models,
    resolve,
)
from chalicelib.providers.models.fit import fit
from chalicelib.providers.models.prices import Price
from chalicelib.providers.registry import slots
from devstack.simulators import Simulators
from tests.clocks import now_ms
from tests.contract.case import MODELS, ModelCase
from tests.contract.driving import looked_at, simulated
from tests.contract.servers import replay_server
from tests.contract.test_sent import REFUSES, Desk, capabilities, leaves

ALL = sorted({*MODELS, *(ModelCase(p, m) for p in PROVIDER_IDS for m in priced_models(p))}, key=str)
CHOICES = [
    *(("quality", value) for value in get_args(Quality)),
    *(("resolution", value) for value in get_args(Resolution)),
]
USUAL = {"quality": "auto", "resolution": "1K"}
every_model = pytest.mark.parametrize("case", ALL, ids=str)


def fitted(case: ModelCase, name: str, value: str) -> tuple[ImageRequest, tuple[str, ...]]:
    wanted: Any = {name: value}
    asked = Parameters(**wanted, explicit=(name,))
    return fit("a lamp [[*:garbage]]", asked, capabilities(case))


def takes(case: ModelCase, name: str, value: str) -> bool:
    can = capabilities(case)
    return value in (can.qualities if name == "quality" else can.resolutions)


@every_model
def test_a_choice_changes_what_is_sent_where_it_is_known_and_is_ignored_elsewhere(
    case: ModelCase,
) -> None:
    with replay_server(REFUSES) as server:
        desk = Desk(server)
        bare = leaves(desk.body(case, ImageRequest("a lamp [[*:garbage]]")))
        for name, value in CHOICES:
            request, ignored = fitted(case, name, value)
            sent = leaves(desk.body(case, request))
            known, usual = takes(case, name, value), value == USUAL[name]
            assert ignored == (() if known or usual else (name,))
            if usual or not known:
                assert sent == bare
            elif (name, value) != ("quality", "medium"):
                # What is sent without a wish is the medium quality: the price table is for that.
                assert sent != bare


@every_model
def test_the_service_takes_every_choice_that_is_declared(
    case: ModelCase, simulators: Simulators
) -> None:
    driver = simulated(case, simulators)
    for name, value in CHOICES:
        if takes(case, name, value):
            # What is taken ends in bytes that are no picture: nothing has to be drawn.
            with pytest.raises(ProviderError) as caught:
                looked_at(driver.provider.generate(fitted(case, name, value)[0], driver.context()))
            assert type(caught.value) is BadResponse


@pytest.mark.parametrize("ratio", ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"])
def test_openai_makes_every_shape_at_2k(ratio: Any, simulators: Simulators) -> None:
    driver = simulated(ModelCase("openai", "gpt-image-2"), simulators)
    request = ImageRequest("a lamp [[*:garbage]]", ratio, resolution="2K")
    with pytest.raises(BadResponse):
        looked_at(driver.provider.generate(request, driver.context()))


@pytest.mark.parametrize(
    ("case", "resolution"),
    [
        (ModelCase("google", "gemini-3.1-flash-lite-image"), "2K"),
        (ModelCase("openai", "gpt-image-2"), "4K"),
    ],
    ids=str,
)
def test_what_the_service_itself_does_not_make_is_not_declared(
    case: ModelCase, resolution: Resolution, simulators: Simulators
) -> None:
    assert resolution not in capabilities(case).resolutions
    if case.provider == "google":
        driver = simulated(case, simulators)
        with pytest.raises(BadRequest):
            driver.provider.generate(ImageRequest("a", resolution=resolution), driver.context())


def slot_at(provider: str, model_id: str, **fixed: str) -> Settings:
    own = {f"MODEL_1_{name}": value for name, value in fixed.items()}
    named = {"NAME": "A model", "PROVIDER": provider, "ID": model_id, "KEY": "k"}
    return load({"MODEL_COUNT": "1", **{f"MODEL_1_{n}": v for n, v in named.items()}, **own})


def test_what_the_operator_fixed_nobody_else_chooses() -> None:
    [free] = slots(slot_at("openai", "gpt-image-2"))
    [fixed] = slots(slot_at("openai", "gpt-image-2", QUALITY="high", SIZE="1024x1024"))
    assert free.model.capabilities.qualities
    assert free.model.capabilities.resolutions
    assert not fixed.model.capabilities.qualities
    assert not fixed.model.capabilities.resolutions


@pytest.mark.parametrize(
    ("case", "quality", "resolution", "amount"),
    [
        (ModelCase("openai", "gpt-image-2"), "auto", "1K", 0.053),
        (ModelCase("openai", "gpt-image-2"), "low", "1K", 0.006),
        (ModelCase("openai", "gpt-image-2"), "high", "1K", 0.211),
        (ModelCase("openai", "gpt-image-2"), "auto", "2K", None),
        (ModelCase("openai", "gpt-image-2"), "high", "2K", None),
        (ModelCase("openai", "gpt-image-2"), "low", "4K", 0.006),
        (ModelCase("google", "gemini-3-pro-image"), "high", "4K", 0.24),
        (ModelCase("google", "gemini-nano-banana-2.1"), "auto", "4K", None),
        (ModelCase("google", "gemini-3.1-flash-lite-image"), "auto", "4K", 0.034),
        (ModelCase("stability", "ultra"), "high", "4K", 0.08),
    ],
    ids=str,
)
def test_the_price_is_that_of_what_will_be_sent(
    case: ModelCase, quality: Quality, resolution: Resolution, amount: float | None
) -> None:
    model = resolve("A model", case.provider, case.model_id)
    price = model.price_of(Parameters(quality=quality, resolution=resolution))
    assert (price.amount, price.basis) == (amount, "unknown" if amount is None else "estimated")


def test_a_choice_without_a_price_is_reckoned_by_its_pixels_and_never_below_the_dearest() -> None:
    now = now_ms()
    model = resolve("A model", "openai", "gpt-image-2")
    high = model.price_of(Parameters(quality="high", resolution="2K"))
    low = model.price_of(Parameters(quality="low", resolution="2K"))
    assert most_for_image(high, now) == pytest.approx(4 * 0.211)
    assert most_for_image(low, now) == dearest_image(now)


def test_a_choice_keeps_to_the_price_of_the_day() -> None:
    later = Price(0.2, "estimated", "2026-11", since="2027-01-01", by_quality={"high": 0.8})
    price = Price(0.1, "estimated", "2026-11", then=later, by_quality={"high": 0.4})
    chosen = price.of("high", "1K")
    assert (chosen.amount, chosen.then and chosen.then.amount) == (0.4, 0.8)
    assert replace(chosen, then=None) == replace(price.of("high", "1K"), then=None)


def test_every_price_of_a_choice_is_of_one_that_the_model_takes() -> None:
    for provider, family in FAMILIES.items():
        for model_id, price in family.prices.items():
            can = resolve("A model", provider, model_id).capabilities
            assert set(price.by_quality) <= set(can.qualities)
            assert set(price.by_resolution) <= set(can.resolutions)
