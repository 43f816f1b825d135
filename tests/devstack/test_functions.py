"""Lambda's Invoke, as boto3 sees it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.product import PROJECT, Product, wait_until

Invoke = Callable[..., tuple[dict[str, Any], Any]]


@pytest.fixture
def invoke(probe: Product) -> Invoke:
    """Calls a function; gives boto3's answer and the payload."""
    client = probe.aws("lambda")

    def call(name: str = "worker", kind: str = "RequestResponse", **event: Any) -> Any:
        answer = client.invoke(
            FunctionName=name, InvocationType=kind, Payload=json.dumps(event).encode()
        )
        payload = answer["Payload"].read()
        return answer, json.loads(payload) if payload else None

    return call


def attempts(file: Path) -> list[int]:
    """The process ids of the attempts so far."""
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_waiting_for_a_result_gives_it_with_lambdas_context(invoke: Invoke) -> None:
    answer, result = invoke(n=1)
    assert (answer["StatusCode"], answer.get("FunctionError")) == (200, None)
    assert result["event"] == {"n": 1}
    assert result["function"] == "probe-local-worker"
    assert 0 < result["remaining"] <= 30_000


@pytest.mark.parametrize(
    "name", ["probe-local-worker", "arn:aws:lambda:us-east-1:000000000000:function:worker"]
)
def test_a_function_answers_to_its_deployed_name_and_arn(invoke: Invoke, name: str) -> None:
    assert invoke(name, n=2)[1]["event"] == {"n": 2}


def test_functions_run_apart_from_the_gateway(probe: Product, invoke: Invoke) -> None:
    assert invoke()[1]["pid"] == probe.worker_pid
    assert probe.worker_pid not in (probe.api_pid, probe.pid)


def test_an_unknown_function_is_not_found(probe: Product, invoke: Invoke) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        invoke("nobody")


def test_a_dry_run_calls_nothing(invoke: Invoke, tmp_path: Path) -> None:
    answer, _ = invoke(kind="DryRun", attempts=str(tmp_path / "attempts"))
    assert answer["StatusCode"] == 204
    assert attempts(tmp_path / "attempts") == []


def test_a_payload_that_is_no_json_is_refused(probe: Product) -> None:
    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        probe.aws("lambda").invoke(FunctionName="worker", Payload=b"{")


def test_what_a_function_raises_is_shown_to_a_caller_who_waits(invoke: Invoke) -> None:
    answer, error = invoke(fail=True)
    assert answer["FunctionError"] == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "broken on purpose")
    assert any("probe" in line or "app.py" in line for line in error["stackTrace"])


def test_a_function_that_takes_too_long_is_given_up(invoke: Invoke) -> None:
    answer, error = invoke("short", sleep=3)
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Sandbox.Timedout"
    assert "timed out after 1.00 seconds" in error["errorMessage"]


def test_reserved_concurrency_is_the_most_that_runs_at_once(
    probe: Product, invoke: Invoke, tmp_path: Path
) -> None:
    event = {"until": str(tmp_path / "released")}

    def throttled() -> bool:
        try:
            invoke("alone", until=str(PROJECT))
        except ClientError as error:
            return error.response["Error"]["Code"] == "TooManyRequestsException"
        return False

    invoke("alone", kind="Event", **event)
    assert wait_until(throttled)
    (tmp_path / "released").touch()
    assert wait_until(lambda: not throttled())


def test_an_asynchronous_event_is_accepted_at_once_and_runs(invoke: Invoke, tmp_path: Path) -> None:
    answer, _ = invoke(kind="Event", attempts=str(tmp_path / "attempts"))
    assert answer["StatusCode"] == 202
    assert wait_until(lambda: attempts(tmp_path / "attempts"))


def test_a_failed_event_is_tried_again_as_often_as_the_template_says(
    probe: Product, invoke: Invoke, tmp_path: Path
) -> None:
    request = invoke(kind="Event", attempts=str(tmp_path / "attempts"), fail=True)
    assert request[0]["StatusCode"] == 202
    given_up = "asynchronous event given up"
    wait_until(lambda: any(line["message"] == given_up for line in probe.log()))
    assert len(attempts(tmp_path / "attempts")) == 2


def test_a_killed_worker_is_replaced_and_its_event_tried_again(
    probe: Product, invoke: Invoke, tmp_path: Path
) -> None:
    file = tmp_path / "attempts"
    invoke(kind="Event", attempts=str(file), sleep=0.5)
    wait_until(lambda: attempts(file))
    killed = probe.worker_pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: len(attempts(file)) == 2)
    assert attempts(file)[0] == killed
    assert attempts(file)[1] == probe.worker_pid != killed
    assert invoke()[1]["pid"] == probe.worker_pid


def test_a_page_cannot_invoke_functions(probe: Product, tmp_path: Path) -> None:
    answer = requests.post(
        f"{probe.control}/2015-03-31/functions/worker/invocations",
        json={"attempts": str(tmp_path / "attempts")},
        headers={"Origin": "https://evil.example", "X-Amz-Invocation-Type": "RequestResponse"},
        timeout=10,
    )
    assert answer.status_code == 403
    assert attempts(tmp_path / "attempts") == []
