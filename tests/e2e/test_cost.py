"""P5 from the calls of one job on the packaged stack; `python -m bench P5` repeats and compares."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bench import cost, pricing, usage
from tests.e2e.engines import Stack
from tests.figures import RecordFigure

QUIET_SECONDS = 1.0
DEADLINE_SECONDS = 30.0


def quiet(stack: Stack) -> list[Mapping[str, Any]]:
    """All calls so far of those who work for jobs, once no more come."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    before, found = -1, _calls(stack)
    while len(found) != before:
        assert time.monotonic() < deadline, "the calls do not end"
        time.sleep(QUIET_SECONDS)
        before, found = len(found), _calls(stack)
    return found


def _calls(stack: Stack) -> list[Mapping[str, Any]]:
    return [call for call in stack.calls() if call["function"] != "Reaper"]


def test_a_nine_model_job_stays_within_its_price(
    stack: Stack, stack_url: str, record_figure: RecordFigure
) -> None:
    cost.draw(stack_url, cost.USUAL)
    before = len(quiet(stack))
    cost.draw(stack_url, cost.USUAL)
    calls = quiet(stack)[before:]
    memory = cost.memory_of(stack.packaged.artefact)
    job = usage.of_product(usage.of_calls(calls), cost.USUAL, memory)
    record_figure("P5", dollars=pricing.dollars(job), calls=len(calls), worker_mb=memory.worker_mb)
    assert len(calls) > 3 * cost.USUAL
    assert pricing.dollars(job) <= cost.CEILING
