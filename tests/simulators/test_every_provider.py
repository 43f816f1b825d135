"""What every simulator keeps: strict bodies, keys, and the bills that the real service writes."""

from dataclasses import replace

import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.asking import SIMULATORS, asked

#: A gateway takes the name of any model.
TAKES_ANY_MODEL = {"generic"}
IS_QUEUED = {name: kind.polling_routes is not SIMULATORS["openai"].polling_routes
             for name, kind in SIMULATORS.items()}  # fmt: skip
each_provider = pytest.mark.parametrize("provider", SIMULATORS)
each_fault = pytest.mark.parametrize(
    ("provider", "fault"),
    [(name, fault) for name, kind in SIMULATORS.items() for fault in kind.fault_answers],
)


def _is_refused(answer: requests.Response) -> bool:
    return answer.status_code in (400, 401, 403, 404, 422)


@each_provider
def test_a_good_request_is_answered_and_billed_once(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    assert asked(provider).prompting(prompt).send(simulators).ok
    assert simulators.calls.count(provider, prompt) == 1


@each_fault
def test_a_fault_is_told_in_the_providers_json_and_not_billed(
    simulators: Simulators, provider: str, fault: str, prompt: str
) -> None:
    marked = f"{prompt} [[{provider}:{fault}]]"

    answer = asked(provider).prompting(marked).send(simulators)

    assert (answer.status_code, answer.json()) == (
        SIMULATORS[provider].fault_answers[fault].status,
        SIMULATORS[provider].fault_answers[fault].body,
    )
    assert simulators.calls.count(provider, marked) == 0


@pytest.mark.parametrize("provider", [name for name, queued in IS_QUEUED.items() if not queued])
def test_a_dropped_call_is_billed_all_the_same(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    marked = f"{prompt} [[*:drop]]"
    with pytest.raises(requests.ConnectionError):
        asked(provider).prompting(marked).send(simulators)

    assert simulators.calls.count(provider, marked) == 1


@each_provider
def test_an_invalid_key_is_refused_and_never_shown(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    answer = asked(provider).prompting(prompt).with_key("invalid-key").send(simulators)

    assert answer.status_code == SIMULATORS[provider].fault_answers["bad_key"].status
    assert "invalid-key" not in answer.text
    assert simulators.calls.count(provider, prompt) == 0


@each_provider
def test_a_missing_key_is_refused(simulators: Simulators, provider: str, prompt: str) -> None:
    answer = asked(provider).prompting(prompt).without_key().send(simulators)

    assert answer.status_code in (401, 403)
    assert simulators.calls.count(provider, prompt) == 0


@each_provider
@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b""])
def test_a_body_that_is_not_json_or_a_form_is_refused(
    simulators: Simulators, provider: str, body: bytes
) -> None:
    assert _is_refused(replace(asked(provider), body=body).send(simulators))


@each_provider
def test_a_field_that_does_not_exist_is_refused_by_name(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    answer = asked(provider).prompting(prompt).with_fields(no_such_field="x").send(simulators)

    assert _is_refused(answer)
    assert "no_such_field" in answer.text
    assert simulators.calls.count(provider, prompt) == 0


@pytest.mark.parametrize("provider", sorted(set(SIMULATORS) - TAKES_ANY_MODEL))
def test_an_unknown_model_is_refused(simulators: Simulators, provider: str) -> None:
    assert _is_refused(asked(provider).with_model("no-such-model").send(simulators))


@each_provider
@pytest.mark.parametrize("prompt", ["", "a" * 100_001], ids=["empty", "too long"])
def test_a_prompt_outside_the_limits_is_refused(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    assert _is_refused(asked(provider).prompting(prompt).send(simulators))
