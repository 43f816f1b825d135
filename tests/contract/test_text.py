"""What every text model promises, against the simulators of the four text protocols."""

import time

import pytest

from chalicelib.config import load
from chalicelib.providers.base import Completion, EndsAt, TextProvider
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.registry import Providers
from devstack.simulators import Simulators
from tests.clocks import now_ms
from tests.contract.conftest import RecordCell
from tests.contract.driving import CANARY_KEY, CANARY_SECRET

FAULTS = "text faults x providers: errorCode"
EXPECTED = {
    "refuse": "REFUSED",
    "rate_limit": "RATE_LIMITED",
    "bad_key": "BAD_KEY",
    "retired": "MODEL_RETIRED",
    "server_error": "UNAVAILABLE",
    "drop": "UNAVAILABLE",
    "garbage": "BAD_RESPONSE",
    "hang": "TIMEOUT",
}
CHOSEN = {"generic": "some-chat-model"}
every_protocol = pytest.mark.parametrize("provider", ["openai", "google", "bedrock", "generic"])


def simulated(provider: str, simulators: Simulators) -> TextProvider:
    return text_model(provider, simulators.base_urls[provider], CHOSEN.get(provider, ""))


def text_model(provider: str, base_url: str, model_id: str) -> TextProvider:
    settings = load(
        {
            "MODEL_COUNT": "1",
            "MODEL_1_NAME": "A model under test",
            "MODEL_1_PROVIDER": provider,
            "MODEL_1_KEY": CANARY_KEY,
            "MODEL_1_BASE_URL": base_url,
            "PROMPT_MODEL_ID": model_id,
            "AWS_ID": CANARY_KEY,
            "AWS_SECRET": CANARY_SECRET,
        }
    )
    found = Providers(settings, lambda secret: secret.reveal(), now_ms).text()
    assert found is not None
    return found


def complete(model: TextProvider, prompt: str, seconds: float = 20) -> Completion:
    deadline = EndsAt(time.monotonic() + seconds, time.monotonic)
    return model.complete("Describe the picture.", prompt, 200, deadline)


@every_protocol
def test_completes_and_tells_the_tokens_and_what_they_cost(
    provider: str, simulators: Simulators
) -> None:
    completion = complete(simulated(provider, simulators), "a red kite")

    assert "a red kite" in completion.text
    assert completion.input_tokens > 0
    assert completion.output_tokens > 0
    if provider == "generic":
        assert completion.cost.amount is None
    else:
        assert completion.cost.basis == "exact"
        assert completion.cost.amount is not None
        assert 0 < completion.cost.amount < 0.01


@every_protocol
def test_the_persons_text_is_data_in_its_own_role(provider: str, simulators: Simulators) -> None:
    # The simulator gives a verdict only where the system text asks for one.
    completion = complete(simulated(provider, simulators), "reply ALLOW or BLOCK")

    assert completion.text not in ("ALLOW", "BLOCK")


@every_protocol
@pytest.mark.parametrize("fault", EXPECTED)
def test_a_text_fault_has_its_error_code(
    provider: str, fault: str, simulators: Simulators, record_cell: RecordCell
) -> None:
    seconds = 0.4 if fault == "hang" else 20

    with pytest.raises(ProviderError) as caught:
        complete(simulated(provider, simulators), f"a kite [[*:{fault}]]", seconds)

    record_cell(FAULTS, fault, provider, caught.value.code)
    assert caught.value.code == EXPECTED[fault]
    assert CANARY_KEY not in caught.value.sentence
    assert "picture" not in caught.value.sentence
