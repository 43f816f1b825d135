"""Slots get their providers when first needed, and share what can be shared."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.config import Secret, Settings, SettingsError, load
from chalicelib.providers.adapters.openai.adapter import GptImage
from chalicelib.providers.errors import BadKey, BadRequest, ModelRetired
from chalicelib.providers.registry import Providers, slots
from tests.clocks import now_ms


def settings(*models: dict[str, str], **others: str) -> Settings:
    environ = {"MODEL_COUNT": str(len(models)), **others}
    for i, model in enumerate(models, start=1):
        for field, value in {"NAME": "GPT Image", "KEY": "one", **model}.items():
            environ[f"MODEL_{i}_{field}"] = value
    return load(environ)


def reveal(secret: Secret) -> str:
    return secret.reveal()


def client_of(providers: Providers, index: int) -> object:
    provider = providers.image(index)
    assert isinstance(provider, GptImage)
    return provider.client.api


def test_a_slot_knows_its_model_its_time_and_that_it_is_simulated() -> None:
    slot = slots(settings({"NAME": "DALL-E 3", "TIMEOUT": "45"}, SIMULATED="1"))[0]

    assert (slot.index, slot.name, slot.timeout, slot.simulated) == (1, "DALL-E 3", 45.0, True)
    assert slot.model.replaces == "DALL-E 3"


@pytest.mark.parametrize(
    ("name", "provider", "maker"),
    [
        ("FLUX.2 pro", "bedrock", "Black Forest Labs"),
        ("DALL-E 3", "google", "OpenAI"),
        ("Gemini 3 Pro", "openai", "Google"),
        ("Recraft v3", "stability", "Recraft"),
        ("Qwen Image", "bfl", "Qwen"),
    ],
)
def test_a_name_and_a_provider_that_contradict_each_other_stop_the_start(
    name: str, provider: str, maker: str
) -> None:
    with pytest.raises(SettingsError) as said:
        slots(settings({}, {"NAME": name, "PROVIDER": provider}))

    for told in ("MODEL_2_NAME", name, maker, "MODEL_2_PROVIDER", provider):
        assert told in str(said.value)


@pytest.mark.parametrize(
    ("name", "provider", "base_url"),
    [
        ("FLUX.2 pro", "generic", "https://gateway.example/v1"),
        ("FLUX.2 pro", "openai", "https://gateway.example/v1"),
        ("Stable Diffusion 3.5 Large", "bedrock", ""),
        ("FLUX.2 pro by Black Forest Labs", "bfl", ""),
        ("Our favourite", "recraft", ""),
    ],
)
def test_a_name_that_the_provider_may_serve_does_not(
    name: str, provider: str, base_url: str
) -> None:
    model = {"NAME": name, "PROVIDER": provider, "BASE_URL": base_url}
    assert slots(settings(model))[0].model.provider == provider


def test_aws_credentials_tell_bedrock_from_the_hosted_service() -> None:
    name = {"NAME": "Stable Diffusion 3.5 Large"}
    on_aws, hosted = slots(settings({**name, "KEY": "N/A"}, {**name, "KEY": "sk"}))

    assert (on_aws.model.provider, hosted.model.provider) == ("bedrock", "stability")


def test_slots_with_one_key_share_one_client() -> None:
    providers = Providers(
        settings({}, {"ID": "gpt-image-2"}, {"KEY": "two"}, {"BASE_URL": "http://127.0.0.1:1"}),
        reveal,
        now_ms,
    )

    first, same, other_key, other_address = (client_of(providers, i) for i in range(1, 5))

    assert first is same
    assert len({id(c) for c in (first, other_key, other_address)}) == 3


def test_sixteen_threads_open_one_client_between_them() -> None:
    resolved: list[Secret] = []

    def resolve(secret: Secret) -> str:
        resolved.append(secret)
        return secret.reveal()

    providers = Providers(settings({}), resolve, now_ms)
    with ThreadPoolExecutor(16) as pool:
        clients = set(pool.map(lambda _: id(client_of(providers, 1)), range(64)))

    assert len(clients) == 1
    assert len(resolved) == 1


def test_a_reference_is_resolved_when_first_needed() -> None:
    resolved: list[str] = []

    def resolve(secret: Secret) -> str:
        resolved.append(secret.reveal())
        return "the-real-key"

    providers = Providers(settings({"KEY": "ssm:/keys/openai"}), resolve, now_ms)
    assert resolved == []

    provider = providers.image(1)

    assert resolved == ["ssm:/keys/openai"]
    assert isinstance(provider, GptImage)
    assert provider.client.api.api_key == "the-real-key"


def test_a_retired_id_calls_nobody_and_names_the_successor() -> None:
    def resolve(_: Secret) -> str:
        raise AssertionError("a key was read for a model that is gone")

    providers = Providers(settings({"ID": "dall-e-3"}), resolve, now_ms)

    with pytest.raises(ModelRetired, match=r"gpt-image-2\.6-flare"):
        providers.image(1)


@pytest.mark.parametrize("key", ["", " ", "ключ", "a\nb", "\x00"])
def test_a_resolved_key_that_cannot_be_sent_is_a_bad_key(key: str) -> None:
    providers = Providers(settings({"KEY": "secret:KEYS#openai"}), lambda _: key, now_ms)

    with pytest.raises(BadKey):
        providers.image(1)


def test_a_key_that_cannot_be_read_is_a_bad_key_of_that_slot_alone() -> None:
    def resolve(secret: Secret) -> str:
        if secret.is_reference:
            raise LookupError("no such secret")
        return secret.reveal()

    providers = Providers(settings({"KEY": "secret:GONE"}, {}), resolve, now_ms)

    with pytest.raises(BadKey):
        providers.image(1)
    assert isinstance(providers.image(2), GptImage)


def test_a_gateway_without_an_address_is_told_what_is_missing() -> None:
    providers = Providers(settings({"NAME": "Hunyuan"}), reveal, now_ms)

    with pytest.raises(BadRequest, match="MODEL_<i>_BASE_URL"):
        providers.image(1)


def test_an_unknown_slot_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Providers(settings({}), reveal, now_ms).image(2)


@pytest.mark.parametrize(
    ("name", "chosen", "model"),
    [
        ("DALL-E 3", "", "gpt-6-luna"),
        ("Gemini", "gemini-3.5-flash-lite", "gemini-3.5-flash-lite"),
        ("AWS Nova Canvas", "", "us.amazon.nova-2-lite-v1:0"),
        ("FLUX.3", "", None),
        ("FLUX.3", "gpt-6-luna", None),
        ("Hunyuan", "", None),
        ("Hunyuan", "hunyuan-chat", "hunyuan-chat"),
    ],
)
def test_the_text_model_belongs_to_the_prompt_slots_family(
    name: str, chosen: str, model: str | None
) -> None:
    providers = Providers(
        settings({}, {"NAME": name}, PROMPT_MODEL_INDEX="2", PROMPT_MODEL_ID=chosen), reveal, now_ms
    )

    found = providers.text()

    assert providers.text_model_name == model
    assert (found.id if found else None) == model


def test_without_slots_there_is_no_text_model() -> None:
    assert Providers(load({}), reveal, now_ms).text() is None


LIGHT = """
import sys
import chalicelib.enhance.service
import chalicelib.providers.models.fit
from chalicelib.config import load
from chalicelib.providers.registry import Providers, slots
slots(load({"MODEL_COUNT": "1", "MODEL_1_NAME": "DALL-E 3", "MODEL_1_KEY": "k"}))
heavy = {"openai", "google.genai", "boto3", "botocore", "requests", "httpx2", "PIL", "pydantic"}
print(sorted(heavy & set(sys.modules)))
"""


def test_knowing_the_slots_loads_no_sdk() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
