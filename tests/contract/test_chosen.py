"""What the operator fixed for a gateway is what it is sent, and the price is the operator's."""

import json
from typing import Any

import pytest

from chalicelib.config import PROVIDER_IDS, SettingsError, load
from chalicelib.providers.models.catalog import FAMILIES, most_for_image
from chalicelib.providers.registry import slots
from tests.clocks import now_ms
from tests.contract.case import Answer
from tests.contract.driving import Driver
from tests.contract.servers import replay_server

PICTURE = Answer(200, {"data": [{"b64_json": "{png}"}]})


def driver(origin: str, provider: str, **chosen: str) -> Driver:
    own = {f"MODEL_1_{name}": value for name, value in chosen.items()}
    settings = {"NAME": "A model", "PROVIDER": provider, "ID": "some-model", "KEY": "k"}
    base = {f"MODEL_1_{name}": value for name, value in settings.items()}
    return Driver(load({"MODEL_COUNT": "1", "MODEL_1_BASE_URL": origin, **base, **own}))


@pytest.mark.parametrize("provider", ["openai", "generic"])
@pytest.mark.parametrize(
    ("chosen", "sent"),
    [
        ({"SIZE": "none"}, {"size": None}),
        ({"SIZE": "auto"}, {"size": "auto"}),
        ({"SIZE": "2048x2048", "QUALITY": "hd"}, {"size": "2048x2048", "quality": "hd"}),
        ({}, {"size": "1024x1024"}),
    ],
)
def test_size_and_quality_are_sent_as_chosen(
    provider: str, chosen: dict[str, str], sent: dict[str, Any]
) -> None:
    with replay_server((PICTURE,)) as server:
        driver(server.origin, provider, **chosen).draw("a calm sea")

    body = json.loads(server.bodies[0])
    assert {name: body.get(name) for name in sent} == sent


@pytest.mark.parametrize(
    ("chosen", "size"),
    [({}, "1:1"), ({"SIZE": "none"}, None), ({"SIZE": "1280x1024"}, "1280x1024")],
)
def test_recraft_is_sent_the_size_that_was_chosen(chosen: dict[str, str], size: str | None) -> None:
    with replay_server((PICTURE,)) as server:
        driver(server.origin, "recraft", **chosen).draw("a calm sea")

    assert json.loads(server.bodies[0]).get("size") == size


def test_a_gateway_that_takes_no_size_is_asked_once_more_and_keeps_its_quality() -> None:
    rejects = Answer(400, {"error": "Argument not supported: size"})
    with replay_server((rejects, PICTURE)) as server:
        driver(server.origin, "generic", QUALITY="hd").draw("a calm sea")

    first, second = (json.loads(body) for body in server.bodies)
    assert (first["size"], first["quality"]) == ("1024x1024", "hd")
    assert ("size" in second, second["quality"]) == (False, "hd")


@pytest.mark.parametrize(("price", "amount"), [("0.125", 0.125), ("0", 0.0)])
def test_the_operators_price_is_the_slots_price(price: str, amount: float) -> None:
    slot = slots(driver("http://127.0.0.1:9", "generic", PRICE_USD=price).settings)[0]

    assert (slot.model.price.amount, slot.model.price.basis) == (amount, "estimated")


@pytest.mark.parametrize("provider", PROVIDER_IDS)
def test_the_operators_price_comes_before_every_catalogs_and_is_what_budgets_hold(
    provider: str,
) -> None:
    family = FAMILIES[provider]
    model_id = next(iter(family.prices), "some-model")
    key = "N/A" if family.deferred else "k"
    chosen = {"ID": model_id, "KEY": key, "PRICE_USD": "0.777"}
    slot = slots(driver("http://127.0.0.1:9", provider, **chosen).settings)[0]

    assert (slot.model.price.amount, slot.model.price.basis) == (0.777, "estimated")
    assert most_for_image(slot.model.price, now_ms()) == 0.777


@pytest.mark.parametrize("provider", PROVIDER_IDS)
@pytest.mark.parametrize(("name", "fixed"), [("SIZE", "640x480"), ("QUALITY", "high")])
def test_what_a_provider_cannot_be_sent_stops_the_start(
    provider: str, name: str, fixed: str
) -> None:
    key = "N/A" if FAMILIES[provider].deferred else "k"
    own = {f"MODEL_1_{n}": v for n, v in (("PROVIDER", provider), (name, fixed), ("KEY", key))}
    settings = load({"MODEL_COUNT": "1", "MODEL_1_NAME": "A", "MODEL_1_ID": "a", **own})
    if name.lower() in FAMILIES[provider].fixable:
        assert slots(settings)[0].model.provider == provider
        return
    with pytest.raises(SettingsError, match=rf"^MODEL_1_{name} is '{fixed}', but no fixed "):
        slots(settings)
