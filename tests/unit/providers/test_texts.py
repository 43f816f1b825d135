"""Text models: what a name means, its tier and price, and what stops the start."""

from datetime import UTC, datetime

import pytest

from chalicelib.config import AWS_CREDENTIALS, SettingsError, load
from chalicelib.providers.errors import ModelRetired, NotReached
from chalicelib.providers.models.texts import TextModel, resolve, same_name
from chalicelib.providers.registry import Providers, text_slots

NOW = int(datetime(2026, 11, 26, tzinfo=UTC).timestamp() * 1000)
NEXT_YEAR = int(datetime(2027, 1, 2, tzinfo=UTC).timestamp() * 1000)
SONNET, LLAMA = "us.anthropic.claude-sonnet-5-5", "us.meta.llama3-1-8b-instruct-v1:0"


def configured(**fields: str) -> TextModel:
    given = {f"TEXT_MODEL_1_{name}": value for name, value in fields.items()}
    environ = {"TEXT_MODEL_COUNT": "1", "TEXT_MODEL_1_KEY": "k", **given}
    return text_slots(load(environ))[0].model


@pytest.mark.parametrize(
    ("name", "provider", "model_id", "tier", "retired"),
    [
        ("Claude Sonnet", "bedrock", SONNET, "premium", False),
        ("claude-sonnet", "bedrock", SONNET, "premium", False),
        ("Claude Sonnet 5.5", "bedrock", SONNET, "premium", False),
        ("Claude 3.5 Sonnet", "bedrock", SONNET, "premium", True),
        ("anthropic.claude-3-sonnet-20240229-v1:0", "bedrock", SONNET, "premium", True),
        (
            "Claude 3 Haiku",
            "bedrock",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "balanced",
            True,
        ),
        (
            "Claude Haiku 4.5",
            "bedrock",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "balanced",
            False,
        ),
        ("Claude 3 Opus", "bedrock", "us.anthropic.claude-opus-5-5", "premium", True),
        ("Llama", "bedrock", LLAMA, "cheap", False),
        ("llama-3.1-8b", "bedrock", LLAMA, "cheap", False),
        ("Llama 3.1 8B", "bedrock", LLAMA, "cheap", False),
        ("Llama 70B", "bedrock", "us.meta.llama3-1-70b-instruct-v1:0", "balanced", False),
        ("Llama 2 13B", "bedrock", LLAMA, "cheap", True),
        ("Llama 3 70B", "bedrock", "us.meta.llama3-1-70b-instruct-v1:0", "balanced", True),
        ("Mistral", "bedrock", "mistral.ministral-3-8b-instruct", "cheap", False),
        ("Mistral 7B", "bedrock", "mistral.mistral-7b-instruct-v0:2", "cheap", False),
        ("Mixtral 8x7B", "bedrock", "mistral.ministral-3-8b-instruct", "cheap", True),
        ("Nova Premier", "bedrock", "amazon.nova-pro-v1:0", "balanced", True),
        ("amazon.nova-lite-v1:0", "bedrock", "amazon.nova-lite-v1:0", "cheap", False),
        ("GPT-6 Luna", "openai", "gpt-6-luna", "cheap", False),
        ("gpt-4", "openai", "gpt-6.1-sol", "premium", True),
        ("Gemini 3.8 Flash", "google", "gemini-3.8-flash", "balanced", False),
        ("Gemini 2.0 Flash", "google", "gemini-3.8-flash", "balanced", True),
        ("gpt-oss-120b", "generic", "gpt-oss-120b", "balanced", False),
        ("my-own-model", "generic", "my-own-model", "balanced", False),
    ],
)
def test_a_name_means_a_model_that_exists_and_says_so_where_it_is_another(
    name: str, provider: str, model_id: str, tier: str, retired: bool
) -> None:
    model = configured(NAME=name)
    assert (model.provider, model.model_id, model.tier) == (provider, model_id, tier)
    assert model.replaces == (name if retired else None)
    assert model.successor is None


@pytest.mark.parametrize("name", ["Claude Sonnet 4", "Llama 9", "GPT 7", "Gemini 9", "Nova Ultra"])
def test_a_name_that_nobody_knows_stops_the_start(name: str) -> None:
    with pytest.raises(SettingsError, match=r"TEXT_MODEL_1_NAME is .* set TEXT_MODEL_1_ID"):
        configured(NAME=name)
    assert configured(NAME=name, ID="some-id").model_id == "some-id"


def test_a_provider_that_writes_nothing_stops_the_start() -> None:
    with pytest.raises(SettingsError, match=r"TEXT_MODEL_1_PROVIDER is 'bfl'.* writes no texts"):
        configured(NAME="x", PROVIDER="bfl")


def test_prices_are_dated_and_change_on_their_day() -> None:
    flash = resolve("gemini-3.8-flash", None, None, None)
    assert (flash.price(NOW).input, flash.price(NOW).output) == (0.75, 3.75)
    assert flash.price(NEXT_YEAR).input == 1.5
    rates = flash.rates(NEXT_YEAR)
    assert rates is not None
    assert rates.text_out == 7.5
    assert flash.price(NOW).as_of == "2026-11"


def test_every_catalogued_model_has_a_price_and_a_price_of_ones_own_wins() -> None:
    from chalicelib.providers.models.catalog import FAMILIES

    for provider, family in FAMILIES.items():
        for model_id, tier in family.texts.tiers.items():
            model = TextModel(provider, model_id, tier)
            assert model.price(NOW).basis == "estimated", model_id
            assert resolve(model_id, None, None, None).model_id == model_id
    own = configured(NAME="mine", PRICE_USD="0.25/1.5", TIER="premium")
    assert own.tier == "premium"
    price = own.price(NOW)
    assert (price.input, price.output, price.basis, price.as_of) == (
        0.25,
        1.5,
        "estimated",
        "as set",
    )
    unknown = configured(NAME="mine").price(NOW)
    assert (unknown.input, unknown.basis) == (None, "unknown")


def test_an_id_that_is_gone_is_never_called() -> None:
    environ = {
        "TEXT_MODEL_COUNT": "2",
        "TEXT_MODEL_1_NAME": "Claude",
        "TEXT_MODEL_1_KEY": AWS_CREDENTIALS,
        "TEXT_MODEL_1_ID": "anthropic.claude-3-haiku-20240307-v1:0",
        "TEXT_MODEL_2_NAME": "mine",
        "TEXT_MODEL_2_KEY": "k",
    }
    providers = Providers(load(environ), lambda secret: secret.reveal(), lambda: NOW)
    with pytest.raises(ModelRetired) as caught:
        providers.text_at(1)
    assert "us.anthropic.claude-haiku-4-5" in caught.value.sentence
    assert "TEXT_MODEL_<i>_ID" in caught.value.sentence
    with pytest.raises(NotReached, match="TEXT_MODEL_<i>_BASE_URL"):
        providers.text_at(2)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TEXT_MODEL_COUNT": "13"}, "TEXT_MODEL_COUNT is '13'"),
        ({"TEXT_MODEL_COUNT": "many"}, "TEXT_MODEL_COUNT is 'many'"),
        ({"TEXT_MODEL_1_NAME": "x"}, "TEXT_MODEL_COUNT is empty although TEXT_MODEL_1_NAME"),
        ({"TEXT_MODEL_COUNT": "1"}, "TEXT_MODEL_1_NAME is empty"),
        ({"TEXT_MODEL_1_BASEURL": "x"}, "TEXT_MODEL_1_BASEURL is no setting"),
    ],
)
def test_counts_and_names_are_checked(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(environ)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("NAME", "n" * 101, "TEXT_MODEL_1_NAME holds 101 characters"),
        ("KEY", "", "TEXT_MODEL_1_KEY is empty"),
        ("KEY", "ssm:", "TEXT_MODEL_1_KEY is neither"),
        ("PROVIDER", "acme", "TEXT_MODEL_1_PROVIDER is 'acme'"),
        ("BASE_URL", "ftp://x", "TEXT_MODEL_1_BASE_URL is no address"),
        ("TIMEOUT", "0", "TEXT_MODEL_1_TIMEOUT is '0'"),
        ("TIER", "gold", "TEXT_MODEL_1_TIER is 'gold'"),
        ("PRICE_USD", "1", "TEXT_MODEL_1_PRICE_USD is '1'"),
        ("PRICE_USD", "1/-2", "TEXT_MODEL_1_PRICE_USD is '1/-2'"),
        ("PRICE_USD", "1/99999", "TEXT_MODEL_1_PRICE_USD is '1/99999'"),
        ("PRICE_USD", "nan/1", "TEXT_MODEL_1_PRICE_USD is 'nan/1'"),
    ],
)
def test_every_field_is_checked(field: str, value: str, said: str) -> None:
    fields = {"NAME": "Claude Sonnet", "KEY": "k", field: value}
    given = {f"TEXT_MODEL_1_{name}": held for name, held in fields.items()}
    with pytest.raises(SettingsError, match=said):
        load({"TEXT_MODEL_COUNT": "1", **given})


def test_every_field_is_read_from_the_environment_and_from_the_secret_alike() -> None:
    environ = {
        "TEXT_MODEL_COUNT": "1",
        "TEXT_MODEL_1_NAME": "mine",
        "TEXT_MODEL_1_KEY": "k",
        "TEXT_MODEL_1_PROVIDER": "generic",
        "TEXT_MODEL_1_ID": "m",
        "TEXT_MODEL_1_BASE_URL": "https://a.example/v1",
        "TEXT_MODEL_1_TIMEOUT": "9.5",
        "TEXT_MODEL_1_TIER": "cheap",
        "TEXT_MODEL_1_PRICE_USD": "0.25/1.5",
    }
    [text] = load(environ).texts
    assert (text.provider, text.model_id, text.timeout) == ("generic", "m", 9.5)
    assert (text.base_url, text.tier, text.price) == ("https://a.example/v1", "cheap", (0.25, 1.5))
    secret = (
        '{"models": [{"name": "a", "key": "k"}], "textModels": [{"name": "mine", "key": "k", '
        '"provider": "generic", "id": "m", "base_url": "https://a.example/v1", "timeout": 9.5, '
        '"tier": "cheap", "price_usd": "0.25/1.5"}]}'
    )
    reads: list[str] = []

    def read(name: str) -> str:
        reads.append(name)
        return secret

    loaded = load({"MODELS_SECRET": "s"}, read)
    assert loaded.texts == (text,)
    assert [slot.name for slot in loaded.models.slots] == ["a"]
    assert reads == ["s"]


@pytest.mark.parametrize(
    "texts",
    [
        '"x"',
        "[7]",
        '[{"name": "a", "kee": "k"}]',
        "[" + '{"name":"a","key":"k"},' * 12 + '{"name":"a","key":"k"}]',
    ],
)
def test_a_secret_with_broken_text_models_stops_the_start(texts: str) -> None:
    secret = f'{{"models": [{{"name": "a", "key": "k"}}], "textModels": {texts}}}'
    with pytest.raises(SettingsError, match="MODELS_SECRET"):
        load({"MODELS_SECRET": "s"}, lambda _: secret)


def test_names_are_the_same_whatever_their_case_and_punctuation() -> None:
    assert same_name("claude-sonnet", "Claude Sonnet")
    assert not same_name("Llama 8B", "Llama 70B")
