"""States of the packaged stack that only time or an accident would bring."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.dynamo import number
from chalicelib.jobs import items
from tests.e2e.engines import OWN, Stack
from tests.e2e.guest import Guest

WAKE: dict[str, Any] = {
    "version": "0",
    "account": "000000000000",
    "region": "us-east-1",
    "detail": {},
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "time": "2026-01-01T00:00:00Z",
    "id": "00000000-0000-4000-8000-000000000000",
    "resources": [],
}


def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.2)
    return found


@contextmanager
def changed(stack: Stack, function: str, **settings: Any) -> Iterator[None]:
    """A function with other settings until the block ends."""
    functions, name = stack.client("lambda"), stack.physical(function)
    before = functions.get_function_configuration(FunctionName=name)
    functions.update_function_configuration(FunctionName=name, **settings)
    try:
        yield
    finally:
        restored = {key: before[key] for key in settings}
        functions.update_function_configuration(FunctionName=name, **restored)


@contextmanager
def without_workers(stack: Stack) -> Iterator[None]:
    """No worker starts until the block ends."""
    functions, name = stack.client("lambda"), stack.physical("Worker")
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=name)


def reap(stack: Stack) -> None:
    """As the schedule does, but now."""
    event = json.dumps(WAKE).encode()
    answer = stack.client("lambda").invoke(FunctionName=stack.physical("Reaper"), Payload=event)
    assert "FunctionError" not in answer, answer["Payload"].read()


def change_item(stack: Stack, job_id: str, expression: str, **values: Any) -> None:
    """Puts a job into a state that only time or an accident would bring."""
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["TableName"],
        Key=items.key(job_id),
        UpdateExpression=expression,
        ExpressionAttributeNames={"#open": "open", "#slot": "1"}
        if "#open" in expression
        else {"#wake": "wake"},
        ExpressionAttributeValues=values,
    )


def lose_the_dispatch(stack: Stack, guest: Guest) -> str:
    """A job whose event never reached a worker, and that the reaper may look at by now."""
    with without_workers(stack):
        job_id = str(guest.generate("waits for a worker", models=[1])["jobId"])
        assert guest.status(job_id)["status"] == "pending"
    look_now(stack, job_id)
    return job_id


def lose_the_record(stack: Stack, job_id: str) -> None:
    """As if the worker had died between storing slot 1's picture and recording it."""
    change_item(
        stack,
        job_id,
        "SET claims.#slot.deadline = :past, wake = :past, #open = :one REMOVE results.#slot",
        **{":past": number(1), ":one": {"S": "1"}},
    )


def lose_the_notice(stack: Stack, guest: Guest, prompt: str = "lost") -> str:
    """An own model's slot that has ended without a word, and that the reaper may look at by now."""
    stack.own.copies = 0
    try:
        told = len(stack.own.notices)
        job_id = str(guest.generate(prompt, models=[OWN])["jobId"])
        until(lambda: len(stack.own.notices) > told, 60)
    finally:
        stack.own.copies = 1
    look_now(stack, job_id)
    return job_id


def look_now(stack: Stack, job_id: str) -> None:
    """The reaper's next pass looks at the job."""
    change_item(stack, job_id, "SET #wake = :past", **{":past": number(1)})


def stored(stack: Stack, target: str) -> list[str]:
    """The keys of a run's pictures."""
    under = {"Bucket": stack.outputs["BucketName"], "Prefix": f"group-images/{target}/"}
    listed = stack.client("s3").list_objects_v2(**under)
    return [entry["Key"] for entry in listed.get("Contents", ())]
