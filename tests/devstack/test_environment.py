"""What the app's processes are told, with simulated models and with real ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib import config
from chalicelib.config import PROVIDER_IDS, SettingsError
from chalicelib.config.texts import TIERS
from chalicelib.providers import registry
from devstack.default_slots import DEFAULT_SLOTS, PROMPT_SLOT
from devstack.environment import (
    Addresses,
    SimulatedProviders,
    app_environment,
    check,
    wants_simulators,
)
from tests.clocks import now_ms
from tests.support.providers import ANSWERING

ADDRESSES = Addresses("http://localhost:8000", "http://127.0.0.1:1", "http://127.0.0.1:2")
SIMULATORS = SimulatedProviders(
    {name: f"http://127.0.0.1:3/{name}" for name in PROVIDER_IDS}, key="key-of-this-start"
)
REAL = {
    "MODEL_COUNT": "2",
    "MODEL_1_NAME": "FLUX.2 pro",
    "MODEL_1_KEY": "real-key",
    "MODEL_2_NAME": "Bedrock SD 3.5 Large",
    "MODEL_2_KEY": "N/A",
}


def test_without_models_the_nine_default_slots_are_simulated() -> None:
    assert wants_simulators({}, simulate=False)
    settings = config.load(app_environment({}, ADDRESSES, SIMULATORS))
    assert [slot.name for slot in settings.models.slots] == [slot.name for slot in DEFAULT_SLOTS]
    assert settings.models.simulated
    assert settings.limits.ip_limit is None
    assert settings.network.ws_url == "ws://localhost:8000/ws"


def test_each_default_slot_is_a_current_model_of_its_provider() -> None:
    for slot, asked in zip(
        registry.slots(config.load(app_environment({}, ADDRESSES, SIMULATORS))),
        DEFAULT_SLOTS,
        strict=True,
    ):
        assert slot.model.provider == asked.provider
        assert (slot.model.replaces, slot.model.successor) == (None, None)
    assert {slot.provider for slot in DEFAULT_SLOTS} == set(ANSWERING)


def test_the_default_prompt_slot_has_a_text_model() -> None:
    settings = config.load(app_environment({}, ADDRESSES, SIMULATORS))
    assert settings.models.prompt_model_index == PROMPT_SLOT
    assert registry.Providers(settings, lambda secret: secret.reveal(), now_ms).text() is not None


def test_without_models_there_is_a_simulated_text_model_for_each_tier() -> None:
    settings = config.load(app_environment({}, ADDRESSES, SIMULATORS))
    texts = registry.text_slots(settings)
    assert [text.model.tier for text in texts] == list(TIERS)
    assert all(text.simulated for text in texts)
    assert {text.model.replaces for text in texts} == {None}
    assert all(text.base_url in SIMULATORS.base_urls.values() for text in settings.texts)


def test_text_models_of_ones_own_are_simulated_or_left_alone_with_the_rest() -> None:
    own = {"TEXT_MODEL_COUNT": "1", "TEXT_MODEL_1_NAME": "GPT-6 Luna", "TEXT_MODEL_1_KEY": "real"}
    [text] = config.load(app_environment({**REAL, **own}, ADDRESSES, SIMULATORS)).texts
    assert (text.key.reveal(), text.base_url) == (SIMULATORS.key, SIMULATORS.base_urls["openai"])
    [text] = config.load(app_environment({**REAL, **own}, ADDRESSES, None)).texts
    assert (text.key.reveal(), text.base_url) == ("real", None)
    assert config.load(app_environment(REAL, ADDRESSES, SIMULATORS)).texts == ()
    with pytest.raises(SettingsError, match="TEXT_MODEL_1_NAME"):
        check(app_environment({**REAL, **own, "TEXT_MODEL_1_NAME": "GPT 7"}, ADDRESSES, None))


@pytest.mark.parametrize("name", ["MODEL_1_NAME", "MODEL_2_NAME", "MODEL_3_KEY"])
def test_a_model_without_the_count_of_models_is_a_mistake_and_not_simulated(name: str) -> None:
    person = {name: "GPT Image"}
    assert not wants_simulators(person, simulate=False)
    with pytest.raises(config.SettingsError, match=f"MODEL_COUNT is empty although {name} is set"):
        check(app_environment(person, ADDRESSES, None))


def test_real_models_keep_their_keys_and_reach_the_real_services() -> None:
    assert not wants_simulators(REAL, simulate=False)
    environment = app_environment({**REAL, "AWS_PROFILE": "mine"}, ADDRESSES, None)
    assert environment["MODEL_1_KEY"] == "real-key"
    assert environment["AWS_PROFILE"] == "mine"
    assert "AWS_ACCESS_KEY_ID" not in environment
    assert "AWS_ENDPOINT_URL" not in environment
    assert not config.load(environment).models.simulated


def test_without_credentials_of_the_person_the_state_is_reached_all_the_same() -> None:
    assert app_environment(REAL, ADDRESSES, None)["AWS_ACCESS_KEY_ID"] == "local"


def test_simulating_real_models_takes_their_keys_and_credentials_away() -> None:
    person = {**REAL, "AWS_ID": "AKIAREAL", "AWS_SECRET": "real-secret", "AWS_PROFILE": "mine"}
    assert wants_simulators(person, simulate=True)
    environment = app_environment(person, ADDRESSES, SIMULATORS)
    shown = " ".join(environment.values())
    for secret in ("real-key", "AKIAREAL", "real-secret", "mine"):
        assert secret not in shown
    slots = config.load(environment).models.slots
    assert [slot.base_url for slot in slots] == [
        SIMULATORS.base_urls["bfl"],
        SIMULATORS.base_urls["bedrock"],
    ]
    assert environment["MODEL_1_KEY"] == environment["AWS_ACCESS_KEY_ID"] == SIMULATORS.key
    assert [slot.name for slot in slots] == ["FLUX.2 pro", "Bedrock SD 3.5 Large"]


def test_a_persons_own_limits_and_origins_stand() -> None:
    person = {"IP_LIMIT": "7", "ALLOWED_ORIGINS": "https://studio.example.org"}
    settings = config.load(app_environment(person, ADDRESSES, SIMULATORS))
    assert settings.limits.ip_limit == 7
    assert settings.network.allowed_origins == ("https://studio.example.org",)


def test_pages_of_this_origin_only_are_allowed_otherwise() -> None:
    settings = config.load(app_environment({}, ADDRESSES, SIMULATORS))
    assert settings.network.allowed_origins == ("http://localhost:8000", "http://127.0.0.1:8000")


BROKEN_WAYS_OUT = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "SSL_CERT_FILE": "/nonexistent",
    "REQUESTS_CA_BUNDLE": "/nonexistent",
}


def test_simulated_models_need_no_way_out() -> None:
    environment = app_environment(BROKEN_WAYS_OUT, ADDRESSES, SIMULATORS)
    assert not environment.keys() & BROKEN_WAYS_OUT.keys()


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_loopback_is_never_reached_by_a_proxy_and_own_exceptions_stand(name: str) -> None:
    environment = app_environment({**REAL, **BROKEN_WAYS_OUT, name: "corp"}, ADDRESSES, None)
    excepted = "corp,localhost,127.0.0.1,::1"
    assert environment["NO_PROXY"] == environment["no_proxy"] == excepted
    assert environment.items() >= BROKEN_WAYS_OUT.items()


def test_a_secret_with_the_models_cannot_be_simulated() -> None:
    with pytest.raises(SettingsError, match="MODELS_SECRET is set together with SIMULATE"):
        app_environment({"MODELS_SECRET": "models"}, ADDRESSES, SIMULATORS)


def test_a_setting_that_the_app_would_refuse_is_found_before_it_starts() -> None:
    with pytest.raises(SettingsError, match="MODEL_1_KEY"):
        check(app_environment({**REAL, "MODEL_1_KEY": ""}, ADDRESSES, None))


@pytest.mark.parametrize(
    ("person", "count", "size"),
    [
        ({}, 9, None),
        ({"OWN_MODEL": "1"}, 10, None),
        ({"OWN_MODEL_PIPELINE": "build/tiny-pipeline"}, 10, "none"),
    ],
)
def test_an_own_model_is_the_tenth_where_it_is_asked_for(
    person: dict[str, str], count: int, size: str | None
) -> None:
    """A real pipeline draws in its own size, which nobody here knows."""
    urls = {**SIMULATORS.base_urls, "sagemaker": "http://127.0.0.1:9/sagemaker"}
    environment = app_environment(person, ADDRESSES, replace(SIMULATORS, base_urls=urls))
    assert environment["MODEL_COUNT"] == str(count)
    assert environment.get("MODEL_10_SIZE") == size
