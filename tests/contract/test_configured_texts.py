"""Text models with settings of their own, against the simulators of the four text protocols."""

import json
import time

import pytest

from chalicelib.config import load
from chalicelib.providers.base import Completion, EndsAt, SeeingProvider, Shown
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.registry import Providers
from devstack.simulators import Simulators
from tests.clocks import now_ms
from tests.contract.driving import CANARY_KEY, CANARY_SECRET
from tests.contract.test_text import EXPECTED
from tests.pictures import png

JUDGE = (
    'Answer with one JSON object that fits this JSON Schema.\n{"type": "object", "properties": '
    '{"score": {"type": "integer", "minimum": 1, "maximum": 5}, "reason": {"type": "string"}}}'
)
MODELS = {
    "openai": ("gpt-6-luna",),
    "google": ("gemini-3.8-flash", "gemini-3.1-flash-lite"),
    "bedrock": (
        *("Claude Sonnet", "Claude Haiku", "Claude Opus", "Llama 8B", "Llama 70B"),
        *("Mistral", "Mistral 7B", "Mistral Large", "Nova Lite", "Nova 2 Lite"),
    ),
    "generic": ("my-model",),
}
EVERY = [(provider, name) for provider, names in MODELS.items() for name in names]
every_model = pytest.mark.parametrize(("provider", "name"), EVERY)
every_protocol = pytest.mark.parametrize(
    ("provider", "name"), [(provider, names[0]) for provider, names in MODELS.items()]
)


def configured(
    provider: str, name: str, simulators: Simulators, **fields: str
) -> tuple[Providers, SeeingProvider]:
    given = {
        "NAME": name,
        "PROVIDER": provider,
        "KEY": CANARY_KEY,
        "BASE_URL": simulators.base_urls[provider],
        **fields,
    }
    settings = load(
        {
            "TEXT_MODEL_COUNT": "1",
            "AWS_ID": CANARY_KEY,
            "AWS_SECRET": CANARY_SECRET,
            **{f"TEXT_MODEL_1_{field}": value for field, value in given.items()},
        }
    )
    providers = Providers(settings, lambda secret: secret.reveal(), now_ms)
    return providers, providers.text_at(1)


def complete(
    text: SeeingProvider,
    prompt: str,
    seconds: float = 20,
    system: str = "",
    shown: Shown | None = None,
) -> Completion:
    ends = EndsAt(time.monotonic() + seconds, time.monotonic)
    return text.complete(system, prompt, 200, ends, shown)


@every_model
def test_every_model_of_the_catalog_answers_and_tells_exactly_what_it_cost(
    provider: str, name: str, simulators: Simulators
) -> None:
    providers, text = configured(provider, name, simulators)
    found = complete(text, "a red kite")
    assert "a red kite" in found.text
    rates = providers.texts[0].model.rates(now_ms())
    if rates is None:
        assert (provider, found.cost.amount) == ("generic", None)
        return
    spent = found.input_tokens * rates.text_in + found.output_tokens * rates.text_out
    assert found.cost.basis == "exact"
    assert found.cost.amount == pytest.approx(spent / 1_000_000)


@every_protocol
def test_an_answer_is_the_same_for_the_same_prompt(
    provider: str, name: str, simulators: Simulators
) -> None:
    _, text = configured(provider, name, simulators)
    assert complete(text, "a red kite") == complete(text, "a red kite")
    assert complete(text, "a red kite").text != complete(text, "a blue kite").text


@every_protocol
def test_an_instruction_may_be_empty_or_not(
    provider: str, name: str, simulators: Simulators
) -> None:
    _, text = configured(provider, name, simulators)
    verdict = complete(text, "a kite", system="Answer with one word, ALLOW or BLOCK.")
    assert verdict.text == "ALLOW"
    assert complete(text, "reply ALLOW or BLOCK").text not in ("ALLOW", "BLOCK")


@every_protocol
def test_a_price_of_ones_own_is_an_estimate(
    provider: str, name: str, simulators: Simulators
) -> None:
    _, text = configured(provider, name, simulators, PRICE_USD="1/1")
    found = complete(text, "a red kite")
    assert found.cost.basis == "estimated"
    total = found.input_tokens + found.output_tokens
    assert found.cost.amount == pytest.approx(total / 1_000_000)


@every_protocol
@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_has_its_error_code_and_names_the_right_settings(
    provider: str, name: str, fault: str, simulators: Simulators
) -> None:
    _, text = configured(provider, name, simulators)
    with pytest.raises(ProviderError) as caught:
        complete(text, f"a kite [[*:{fault}]]", 0.4 if fault == "hang" else 20)
    assert caught.value.code == EXPECTED[fault]
    sentence = caught.value.sentence
    assert CANARY_KEY not in sentence
    assert "picture" not in sentence
    assert "PROMPT_MODEL_ID" not in sentence
    assert sentence.replace("TEXT_MODEL_<i>", "").find("MODEL_<i>") < 0


@every_protocol
def test_a_retired_model_is_told_by_the_provider_itself(
    provider: str, name: str, simulators: Simulators
) -> None:
    gone = {"openai": "gpt-3", "google": "gemini-9", "bedrock": "anthropic.claude-v9"}
    if provider not in gone:
        return
    _, text = configured(provider, name, simulators, ID=gone[provider])
    with pytest.raises(ProviderError) as caught:
        complete(text, "a kite")
    assert caught.value.code == "MODEL_RETIRED"
    assert "TEXT_MODEL_<i>_ID" in caught.value.sentence


def shown_to(text: SeeingProvider, picture: bytes, content_type: str = "image/png") -> Completion:
    return complete(text, "is it a cat?", system=JUDGE, shown=Shown(picture, content_type))


@every_protocol
def test_a_model_that_sees_is_shown_the_picture_itself(
    provider: str, name: str, simulators: Simulators
) -> None:
    _, text = configured(provider, name, simulators)
    first, other = png("a cat"), png("a dog")
    assert shown_to(text, first) == shown_to(text, first)
    assert {json.loads(shown_to(text, first).text)["score"]} <= {1, 2, 3, 4, 5}
    assert shown_to(text, first).text != shown_to(text, other).text
    unseen = complete(text, "is it a cat?", system=JUDGE)
    assert shown_to(text, first).input_tokens > unseen.input_tokens + 500


@every_protocol
def test_what_is_no_picture_is_refused_and_not_billed(
    provider: str, name: str, simulators: Simulators
) -> None:
    _, text = configured(provider, name, simulators)
    with pytest.raises(ProviderError) as caught:
        shown_to(text, b"no picture")
    assert (caught.value.code, caught.value.billed) == ("BAD_REQUEST", "no")


@pytest.mark.parametrize(
    "name", ["Llama 8B", "Llama 70B", "Mistral 7B", "Nova Micro", "Claude Sonnet", "Nova Lite"]
)
def test_the_catalog_knows_who_cannot_see(name: str, simulators: Simulators) -> None:
    providers, text = configured("bedrock", name, simulators)
    if providers.texts[0].model.sees:
        assert shown_to(text, png("a cat")).text
    else:
        with pytest.raises(ProviderError):
            shown_to(text, png("a cat"))
