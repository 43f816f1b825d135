"""What a run leaves in the log: ids, outcomes and durations, step by step, and no prompt."""

import json
from typing import Any

import pytest

from chalicelib.providers.errors import ProviderDown
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import LAMBDA_TIME, WISH, Painter, Studio, draws, raises

STEPS = {
    "leased": {"jobId", "slots", "holder", "durationMs"},
    "provider_call": {"jobId", "slot", "attempt", "outcome", "ProviderLatency"},
    "slot_ended": {"jobId", "slot", "attempt", "outcome", "durationMs"},
    "push": {"jobId", "seq", "sent", "gone", "PushFailures", "durationMs"},
}


def test_every_step_of_a_run_leaves_its_ids_its_outcome_and_its_duration(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    at = Studio(cloud, {1: Painter(draws), 2: Painter(raises(ProviderDown("It is down.")))})
    job = at.submit()
    at.store.subscribe(job.id, "c1", at.clock())
    at.executor.run(job.id, LAMBDA_TIME)

    printed = capsys.readouterr().out
    lines: list[dict[str, Any]] = [json.loads(line) for line in printed.splitlines()]
    for event, fields in STEPS.items():
        told = [line for line in lines if line["event"] == event]
        assert told, event
        assert [fields - line.keys() for line in told] == [set()] * len(told)
        assert {line["jobId"] for line in told} == {job.id}
    ends = {line["slot"]: line["outcome"] for line in lines if line["event"] == "slot_ended"}
    assert ends == {1: "completed", 2: "UNAVAILABLE"}
    assert WISH.prompt not in printed
