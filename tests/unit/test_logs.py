"""Log lines are one JSON object each, carry the request, and count what they say."""

import json
from collections.abc import Iterator

import pytest

from chalicelib import logs


@pytest.fixture(autouse=True)
def _outside_any_request() -> Iterator[None]:
    token = logs.request_id.set("")
    yield
    logs.request_id.reset(token)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_carries_the_request_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    token = logs.request_id.set("r-1")
    logs.event("claimed", jobId="j", slots=9)
    logs.request_id.reset(token)
    logs.event("idle")
    assert lines(capsys) == [
        {"event": "claimed", "requestId": "r-1", "jobId": "j", "slots": 9},
        {"event": "idle"},
    ]


def test_a_measured_line_is_an_embedded_metric(capsys: pytest.CaptureFixture[str]) -> None:
    logs.measure("provider_call", {"ProviderLatency": 812}, {"provider": "bfl"}, slot=3)
    (line,) = lines(capsys)
    metrics = line.pop("_aws")
    assert line == {
        "event": "provider_call",
        "slot": 3,
        "provider": "bfl",
        "ProviderLatency": 812,
    }
    assert isinstance(metrics, dict)
    (directive,) = metrics["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "PixelPrompt",
        "Dimensions": [["provider"]],
        "Metrics": [{"Name": "ProviderLatency", "Unit": "Milliseconds"}],
    }


def test_a_failure_keeps_its_traceback_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        logs.failure("slot_failed", slot=1)
    (line,) = lines(capsys)
    assert "ValueError: boom" in str(line["trace"])
    assert line["UnexpectedFailures"] == 1
