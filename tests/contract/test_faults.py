"""Every fault of every provider ends in the error code that a person is shown."""

from dataclasses import replace

import pytest

from chalicelib.providers.errors import ProviderError
from chalicelib.providers.models.catalog import FAMILIES
from devstack.simulators import Simulators
from tests.contract.case import ADAPTERS, MODELS, PROVIDERS, ModelCase
from tests.contract.conftest import RecordCell
from tests.contract.driving import simulated

FAULTS = "faults x providers: errorCode"
EXPECTED = {
    "refuse": "REFUSED",
    "rate_limit": "RATE_LIMITED",
    "bad_key": "BAD_KEY",
    "no_credit": "OUT_OF_CREDIT",
    "retired": "MODEL_RETIRED",
    "server_error": "UNAVAILABLE",
    "once-server_error": "UNAVAILABLE",
    "drop": "UNAVAILABLE",
    "garbage": "BAD_RESPONSE",
    "bomb": "BAD_RESPONSE",
    "hang": "TIMEOUT",
    "slow=0.1": "picture",
}
NEVER_BILLED = ("rate_limit", "bad_key", "no_credit", "retired")


class AlmostOver:
    """A deadline that leaves time for one call, and none after it."""

    def __init__(self) -> None:
        self._left = iter((20.0,))

    def remaining(self) -> float:
        return next(self._left, 0.1)


every_model = pytest.mark.parametrize("case", MODELS, ids=str)
every_adapter = pytest.mark.parametrize("case", ADAPTERS, ids=str)


@every_model
@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_has_its_error_code(
    case: ModelCase, fault: str, simulators: Simulators, record_cell: RecordCell
) -> None:
    driver = simulated(case, simulators)
    seconds = 0.4 if fault == "hang" else 30.0

    code = driver.code(f"{case} [[*:{fault}]]", driver.context(seconds))

    record_cell(FAULTS, fault, case.provider, code)
    assert code == PROVIDERS[case.provider].own_ways.get(fault, EXPECTED[fault])


@every_adapter
@pytest.mark.parametrize("fault", NEVER_BILLED)
def test_an_error_before_any_work_is_known_to_cost_nothing(
    case: ModelCase, fault: str, simulators: Simulators
) -> None:
    error = simulated(case, simulators).error(f"free of charge [[*:{fault}]]")

    assert error is None or error.billed == "no"


@every_adapter
@pytest.mark.parametrize("fault", ["drop", "garbage", "server_error", "refuse", "bad_key"])
def test_what_may_have_been_billed_is_asked_for_once(
    case: ModelCase, fault: str, simulators: Simulators
) -> None:
    prompt = f"once only, {case} [[*:{fault}]]"

    simulated(case, simulators).code(prompt)

    calls = [call for call in simulators.calls.all() if call.prompt == prompt]
    retried = fault in PROVIDERS[case.provider].retries
    assert len(calls) == (3 if retried else 1)


@every_adapter
def test_a_rate_limit_is_waited_out_as_the_provider_asks(
    case: ModelCase, simulators: Simulators
) -> None:
    driver = simulated(case, simulators)

    error = driver.error(f"patience, {case} [[*:rate_limit]]")

    assert isinstance(error, ProviderError)
    if error.retry_after is None or error.retry_after < 15:
        assert len(driver.waits) == 2
        assert all(wait >= (error.retry_after or 0.5) for wait in driver.waits)
    else:
        assert driver.waits == []


@every_adapter
def test_a_wait_that_does_not_fit_before_the_deadline_is_not_begun(
    case: ModelCase, simulators: Simulators
) -> None:
    driver = simulated(case, simulators)
    context = replace(driver.context(), deadline=AlmostOver())

    assert driver.code("no time [[*:rate_limit]]", context) == "RATE_LIMITED"
    assert driver.waits == []


@every_adapter
def test_an_invalid_key_is_recognised_by_the_providers_own_sign(
    case: ModelCase, simulators: Simulators
) -> None:
    driver = simulated(case, simulators, key="invalid-key")

    assert driver.code("a locked door") == "BAD_KEY"


@pytest.mark.parametrize(
    "case", [c for c in ADAPTERS if not FAMILIES[c.provider].any_model], ids=str
)
def test_an_unknown_model_is_told_as_retired(case: ModelCase, simulators: Simulators) -> None:
    unknown = ModelCase(case.provider, "no-such-model")

    error = simulated(unknown, simulators).error("a unicorn")

    assert error is not None
    assert error.code == "MODEL_RETIRED"
    assert "no-such-model" in error.sentence
