"""What a name means."""

import pytest

from chalicelib.config import PROVIDER_IDS, ProviderId
from chalicelib.providers.models.catalog import (
    FAMILIES,
    priced_models,
    resolve,
    successor,
    text_model,
)

ORIGINAL_NAMES = [
    ("DALL-E 3", False, "openai", "gpt-image-2.6-flare", True),
    ("Gemini 2.0", False, "google", "gemini-nano-banana-2.1", True),
    ("AWS Nova Canvas", True, "bedrock", "stability.sd3-5-large-v1:0", True),
    ("Stable Diffusion 3.5 Large", True, "bedrock", "stability.sd3-5-large-v1:0", False),
    ("Black Forest Pro", False, "bfl", "flux-2-pro", False),
    ("Imagen 3.0", False, "google", "gemini-nano-banana-2.1", True),
    ("Recraft v3", False, "recraft", "recraftv3", False),
    ("Stability AI Turbo", False, "stability", "sd3.5-large-turbo", False),
    ("Black Forest Dev", False, "bfl", "flux-dev", False),
]


@pytest.mark.parametrize(("name", "aws", "provider", "model_id", "retired"), ORIGINAL_NAMES)
def test_the_originals_own_names_lead_to_models_that_draw(
    name: str, aws: bool, provider: str, model_id: str, retired: bool
) -> None:
    model = resolve(name, aws_credentials=aws)

    assert (model.provider, model.model_id) == (provider, model_id)
    assert model.replaces == (name if retired else None)
    assert model.successor is None
    assert model.price.amount is not None


@pytest.mark.parametrize(
    ("name", "provider", "model_id"),
    [
        ("GPT Image 2.6 Flare", "openai", "gpt-image-2.6-flare"),
        ("GPT Image 2.6 Sunburst", "openai", "gpt-image-2.6-sunburst"),
        ("gpt-image-2.5-sunburst", "openai", "gpt-image-2.5-sunburst"),
        ("GPT Image 2", "openai", "gpt-image-2"),
        ("ChatGPT", "openai", "gpt-image-2.6-flare"),
        ("my dalle model", "openai", "gpt-image-2.6-flare"),
        ("nano-banana", "google", "gemini-nano-banana-2.1"),
        ("Nano Banana Pro", "google", "gemini-3-pro-image"),
        ("Gemini Flash Lite Image", "google", "gemini-3.1-flash-lite-image"),
        ("Stable Diffusion XL", "stability", "sd3.5-large"),
        ("SDXL", "stability", "sd3.5-large"),
        ("sd 3.5 medium", "stability", "sd3.5-medium"),
        ("sd3.5-flash", "stability", "sd3.5-flash"),
        ("Stable Image Core", "stability", "core"),
        ("Stable Image Ultra", "stability", "ultra"),
        ("Bedrock Stable Image Ultra", "bedrock", "stability.stable-image-ultra-v1:1"),
        ("Amazon Bedrock Core", "bedrock", "stability.stable-image-core-v1:1"),
        ("stability.sd3-5-large-v1:0", "bedrock", "stability.sd3-5-large-v1:0"),
        ("FLUX.3", "bfl", "flux-3-image"),
        ("FLUX.2 [pro]", "bfl", "flux-2-pro"),
        ("FLUX.2 max", "bfl", "flux-2-max"),
        ("FLUX.2 flex", "bfl", "flux-2-flex"),
        ("FLUX.2 klein 4B", "bfl", "flux-2-klein-4b"),
        ("FLUX 1.1 Pro", "bfl", "flux-pro-1.1"),
        ("FLUX 1.1 Pro Ultra", "bfl", "flux-pro-1.1-ultra"),
        ("BFL", "bfl", "flux-3-image"),
        ("Recraft", "recraft", "recraftv4_1"),
        ("Recraft V4.1", "recraft", "recraftv4_1"),
        ("Recraft V4.1 (2)", "recraft", "recraftv4_1"),
        ("Recraft V4.1 Pro", "recraft", "recraftv4_1_pro"),
        ("Recraft V4", "recraft", "recraftv4"),
        ("Recraft V2", "recraft", "recraftv2"),
        ("Qwen Image", "qwen", "qwen-image-3.0"),
        ("Qwen Image 2.0", "qwen", "qwen-image-2.0"),
        ("Qwen Image 2.0 Pro", "qwen", "qwen-image-2.0-pro"),
        ("Hunyuan Image 3", "generic", "hunyuan-image-3"),
    ],
)
def test_names_of_today_lead_to_their_own_model(name: str, provider: str, model_id: str) -> None:
    model = resolve(name)

    assert (model.provider, model.model_id) == (provider, model_id)


@pytest.mark.parametrize(
    "name",
    [
        "gpt-oss-120b",
        "Supernova",
        "usd",
        "Kids Drawings",
        "influx",
        "Pseudo",
        "",
        "  ",
        "模型",
        "🎨",
    ],
)
def test_names_that_only_resemble_a_providers_are_left_to_the_gateway(name: str) -> None:
    model = resolve(name)

    assert model.provider == "generic"
    assert model.model_id == name.strip()


def test_an_explicit_provider_overrides_what_the_name_says() -> None:
    model = resolve("FLUX.3 by our gateway", provider="generic", model_id="flux-3")

    assert (model.provider, model.model_id) == ("generic", "flux-3")
    assert model.price.basis == "unknown"


@pytest.mark.parametrize("provider", PROVIDER_IDS)
def test_any_name_means_something_to_an_explicit_provider(provider: ProviderId) -> None:
    model = resolve("Our favourite", provider=provider)

    assert model.provider == provider
    assert FAMILIES[provider].any_model or model.model_id in priced_models(provider)


@pytest.mark.parametrize(
    ("provider", "model_id", "instead"),
    [
        ("openai", "dall-e-3", "gpt-image-2.6-flare"),
        ("openai", "gpt-image-1", "gpt-image-2.6-flare"),
        ("google", "imagen-4.0-generate-001", "gemini-nano-banana-2.1"),
        ("google", "gemini-2.5-flash-image", "gemini-nano-banana-2.1"),
        ("bedrock", "amazon.nova-canvas-v1:0", "stability.sd3-5-large-v1:0"),
        ("stability", "sd3-large-turbo", "sd3.5-large-turbo"),
    ],
)
def test_a_retired_id_is_passed_through_and_names_its_successor(
    provider: ProviderId, model_id: str, instead: str
) -> None:
    model = resolve("Whatever", provider=provider, model_id=model_id)

    assert (model.model_id, model.successor, model.replaces) == (model_id, instead, None)


def test_a_retired_id_used_as_a_name_resolves_to_its_successor() -> None:
    model = resolve("gemini-2.0-flash-exp-image-generation")

    assert (model.model_id, model.successor) == ("gemini-nano-banana-2.1", None)
    assert model.replaces == "gemini-2.0-flash-exp-image-generation"


@pytest.mark.parametrize("model_id", ["gpt-image-9", "gpt-image-2-2026-04-21"])
def test_an_unknown_or_dated_id_is_passed_through(model_id: str) -> None:
    model = resolve("GPT", model_id=model_id)

    assert (model.model_id, model.successor) == (model_id, None)


@pytest.mark.parametrize("provider", PROVIDER_IDS)
def test_no_priced_model_is_retired_and_every_one_is_found_by_its_id(provider: ProviderId) -> None:
    for model_id in priced_models(provider):
        model = resolve(model_id, provider=provider)
        assert model.model_id == model_id
        assert model.replaces is None


def test_a_model_that_a_provider_drops_has_the_best_one_as_its_successor() -> None:
    assert successor("bfl", "flux-dev") == "flux-3-image"
    assert successor("bfl", "flux-3-image") is None
    assert successor("generic", "anything") is None


def test_the_text_model_is_the_chosen_one_or_the_providers_small_one() -> None:
    assert text_model("openai", None) == "gpt-6-luna"
    assert text_model("openai", "gpt-6-sol") == "gpt-6-sol"
    assert text_model("generic", None) is None
    assert text_model("generic", "llama") == "llama"
    assert text_model("bfl", "anything") is None
