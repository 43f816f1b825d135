"""What every adapter promises, against the simulator that speaks its provider's protocol."""

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.providers.base import ASPECT_RATIOS, AspectRatio
from chalicelib.providers.errors import ProviderError
from devstack.simulators import Simulators
from tests.contract.case import ADAPTERS, MODELS, Answer, ModelCase
from tests.contract.conftest import RecordCell
from tests.contract.driving import (
    CANARY_KEY,
    CANARY_SECRET,
    driver_at,
    looked_at,
    simulated,
)
from tests.contract.servers import closed_port, replay_server, trickling_server

CHECKS = "adapter x check"
DEADLINE = 0.6
SOON = 4.0
"""Generous to a busy machine, and far from the 30 s after which the clients give up."""
every_model = pytest.mark.parametrize("case", MODELS, ids=str)
every_adapter = pytest.mark.parametrize("case", ADAPTERS, ids=str)


@pytest.fixture(scope="module")
def trickle() -> Iterator[str]:
    with trickling_server() as url:
        yield url


@every_model
def test_draws_a_picture_with_everything_that_can_be_asked_for(
    case: ModelCase, simulators: Simulators, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "picture", "ok")
    driver = simulated(case, simulators)

    picture = driver.provider.generate(driver.request("a lighthouse", "2:3"), driver.context())

    facts = looked_at(picture)
    assert facts.width / facts.height == pytest.approx(2 / 3, rel=0.03)
    takes_seed = driver.slot.model.capabilities.seed
    assert (picture.seed is not None) == takes_seed
    assert (picture.cost is not None) == case.exact_cost
    if picture.cost:
        assert picture.cost.basis == "exact"
        assert picture.cost.amount == pytest.approx(driver.slot.model.price.amount, rel=0.25)


@every_model
@pytest.mark.parametrize("aspect_ratio", ASPECT_RATIOS)
def test_asks_for_every_shape_in_a_way_that_the_provider_takes(
    case: ModelCase, aspect_ratio: AspectRatio, simulators: Simulators, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "shapes", "ok")
    driver = simulated(case, simulators)
    request = driver.request(f"a {aspect_ratio} pier [[*:garbage]]", aspect_ratio)

    with pytest.raises(ProviderError) as caught:
        looked_at(driver.provider.generate(request, driver.context()))

    assert caught.value.code == "BAD_RESPONSE"


@every_model
def test_a_hanging_provider_ends_at_the_deadline_and_is_not_asked_again(
    case: ModelCase, simulators: Simulators, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "deadline", "ok")
    driver = simulated(case, simulators)
    prompt = f"a hanging garden for {case} [[*:hang]]"
    context = driver.context(DEADLINE)
    started = time.monotonic()

    error = driver.error(prompt, context)

    assert time.monotonic() - started < DEADLINE + SOON
    assert error is not None
    assert (error.code, error.billed) == ("TIMEOUT", "unknown")
    assert _calls(simulators, prompt) <= 1


@every_adapter
def test_an_answer_that_trickles_for_ever_ends_at_the_deadline(
    case: ModelCase, trickle: str, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "trickle", "ok")
    driver = driver_at(case, trickle)
    context = driver.context(DEADLINE)
    started = time.monotonic()

    code = driver.code("a slow river", context)

    assert code == "TIMEOUT"
    assert time.monotonic() - started < DEADLINE + SOON


@every_adapter
def test_a_deadline_that_has_passed_calls_nobody(
    case: ModelCase, simulators: Simulators, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "too late", "ok")
    driver = simulated(case, simulators)
    prompt = f"too late for {case}"

    error = driver.error(prompt, driver.context(0))

    assert error is not None
    assert (error.code, error.billed) == ("TIMEOUT", "no")
    assert _calls(simulators, prompt) == 0


@every_adapter
def test_sixteen_threads_share_one_client_without_mixing_their_pictures(
    case: ModelCase, simulators: Simulators, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "16 threads", "ok")
    provider = simulated(case, simulators)
    subjects = [f"a harbour, view {n % 4}" for n in range(16)]
    together = threading.Barrier(16)

    def draw(subject: str) -> bytes:
        together.wait(timeout=10)
        return provider.draw(subject).data

    with ThreadPoolExecutor(16) as pool:
        drawn = list(pool.map(draw, subjects))

    by_subject = {
        subject: {data for s, data in zip(subjects, drawn, strict=True) if s == subject}
        for subject in subjects
    }
    assert all(len(pictures) == 1 for pictures in by_subject.values())
    assert len(set(drawn)) == 4


@every_adapter
def test_an_unreachable_provider_is_tried_a_few_times_and_costs_nothing(
    case: ModelCase, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "unreachable", "ok")
    driver = driver_at(case, closed_port())

    error = driver.error("nobody is there")

    assert error is not None
    assert (error.code, error.billed) == ("UNAVAILABLE", "no")
    assert len(driver.waits) == 2


@every_adapter
def test_a_cancelled_slot_makes_no_further_attempt(
    case: ModelCase, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "cancelled", "ok")
    driver = driver_at(case, closed_port())

    assert driver.code("nevermind", driver.context(cancelled=lambda: True)) == "UNAVAILABLE"
    assert driver.waits == []


@every_adapter
@pytest.mark.parametrize(
    "fault", ["", "[[*:bad_key]]", "[[*:refuse]]", "[[*:drop]]", "[[*:garbage]]"]
)
def test_keys_and_prompts_stay_out_of_errors_logs_and_reprs(
    case: ModelCase,
    fault: str,
    simulators: Simulators,
    caplog: pytest.LogCaptureFixture,
    record_cell: RecordCell,
) -> None:
    record_cell(CHECKS, str(case), "secrets", "ok")
    driver = simulated(case, simulators)

    with caplog.at_level(logging.INFO):
        error = driver.error(f"canary-prompt {fault}")

    shown = [caplog.text, repr(driver.provider)]
    if error:
        shown += [error.sentence, repr(error), "".join(traceback.format_exception(error))]
    for text in shown:
        assert CANARY_KEY not in text
        assert CANARY_SECRET not in text
        assert "canary-prompt" not in text


@every_adapter
def test_a_call_whose_answer_was_lost_is_never_called_free(
    case: ModelCase, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), "lost answer", "ok")
    with replay_server([Answer(200, drop=True)]) as server:
        error = driver_at(case, server.origin).error("a lost letter")

    assert error is not None
    assert (error.code, error.billed, len(server.paths)) == ("UNAVAILABLE", "unknown", 1)


def _calls(simulators: Simulators, prompt: str) -> int:
    return sum(call.prompt == prompt for call in simulators.calls.all())
