"""An own model on the packaged stack: its notices come through topic, queue and function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.e2e.accidents import lose_the_notice, reap, until
from tests.e2e.engines import OWN, Stack
from tests.e2e.guest import Guest

DRAWN_IN_S = 8
PATIENCE_S = 150
"""A function's first start on a busy machine takes most of it."""
FAILURES = "OwnModelNoticesFailures"
LEFT, IN_FLIGHT = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"


@pytest.fixture
def guest(stack_url: str) -> Guest:
    return Guest(stack_url)


def result(job: dict[str, Any]) -> dict[str, Any]:
    """Of the own model, which is the last."""
    found: dict[str, Any] = job["results"][-1]
    return found


def messages(stack: Stack, queue: str) -> int:
    """Those that wait in a queue, and those that a function has just now."""
    told = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.physical(queue), AttributeNames=[LEFT, IN_FLIGHT]
    )["Attributes"]
    return int(told[LEFT]) + int(told[IN_FLIGHT])


def outputs(stack: Stack) -> list[str]:
    """What the endpoint has left in the bucket."""
    under = {"Bucket": stack.outputs["BucketName"], "Prefix": "own-models/"}
    return [o["Key"] for o in stack.client("s3").list_objects_v2(**under).get("Contents", ())]


def handed_over(stack: Stack, job_id: str) -> bool:
    """Whether the job's worker has handed over and ended: only then its lines are in the log."""
    lines = (line for line in stack.emulator.log().splitlines() if job_id in line)
    return any('"event": "handed_over"' in line for line in lines)


@contextmanager
def impatient(stack: Stack) -> Iterator[None]:
    """A message that was not worked off comes again after a second, not after six minutes."""
    queues, url = stack.client("sqs"), stack.physical("OwnModelNotices")
    name = "VisibilityTimeout"
    before = queues.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"]
    queues.set_queue_attributes(QueueUrl=url, Attributes={name: "1"})
    try:
        yield
    finally:
        queues.set_queue_attributes(QueueUrl=url, Attributes=before)


def test_a_picture_arrives_by_its_notice_and_no_worker_waits_for_it(
    stack: Stack, guest: Guest
) -> None:
    guest.wait(guest.generate("warm", models=[OWN])["jobId"], PATIENCE_S)
    prompt = f"[[sagemaker:slow={DRAWN_IN_S}]] a lighthouse"
    job_id = guest.generate(prompt, models=[OWN])["jobId"]
    until(lambda: handed_over(stack, job_id), PATIENCE_S)
    waiting = result(guest.status(job_id))
    assert (waiting["status"], waiting["deferred"]) == ("in_progress", True)

    job = guest.wait_drawn(job_id, PATIENCE_S)

    own = result(job)
    assert (own["status"], own["cost"]) == ("completed", {"amount": 0.01, "basis": "estimated"})
    assert own["duration"] >= DRAWN_IN_S
    assert guest.image(own["imageUrl"]).content.startswith(b"\x89PNG")
    assert type(own["seed"]) is int
    assert not [key for key in outputs(stack) if job_id in key]


def test_what_the_container_refuses_ends_its_slot_and_no_other(stack: Stack, guest: Guest) -> None:
    job = guest.wait(
        guest.generate("[[sagemaker:refuse]] a pier", models=[1, OWN])["jobId"], PATIENCE_S
    )
    assert job["status"] == "partial"
    assert (result(job)["errorCode"], result(job)["cost"]["amount"]) == ("BAD_REQUEST", 0)
    assert stack.own.notices[-1].topic.endswith(stack.physical("OwnModelErrors").rpartition(":")[2])


def test_a_notice_that_comes_three_times_ends_its_slot_once(stack: Stack, guest: Guest) -> None:
    stack.own.copies = 3
    try:
        job = guest.wait_drawn(guest.generate("thrice", models=[OWN])["jobId"], PATIENCE_S)
    finally:
        stack.own.copies = 1
    until(lambda: messages(stack, "OwnModelNotices") == 0, PATIENCE_S)
    again = guest.status(job["jobId"])
    assert (again["seq"], again["results"]) == (job["seq"], job["results"])
    dropped = '"event": "notice_dropped", "requestId"'
    lines = [line for line in stack.emulator.log().splitlines() if dropped in line]
    assert sum(job["jobId"] in line for line in lines) == 2


def test_a_notice_that_cannot_be_worked_off_is_kept_and_holds_up_no_other(
    stack: Stack, guest: Guest
) -> None:
    """It promises a picture that is not there."""
    poisoned = guest.generate("[[sagemaker:hang]] poisoned", models=[OWN])["jobId"]
    until(lambda: "phase" in result(guest.status(poisoned)), PATIENCE_S)
    model = guest.wait(guest.generate("a model", models=[OWN])["jobId"], PATIENCE_S)["jobId"]
    told = stack.own.notices[-1]
    message = told.message.replace(model, poisoned)
    with impatient(stack):
        stack.client("sns").publish(TopicArn=told.topic, Message=message)
        beside = guest.wait(guest.generate("beside", models=[OWN])["jobId"], PATIENCE_S)
        until(lambda: messages(stack, FAILURES) == 1, 60)
    kept = stack.client("sqs").receive_message(QueueUrl=stack.physical(FAILURES))["Messages"]
    assert beside["status"] == "completed"
    assert [json.loads(m["Body"])["inferenceId"] for m in kept] == [f"{poisoned}.{OWN}.1"]
    assert result(guest.status(poisoned))["status"] == "in_progress"
    guest.call("POST", f"/jobs/{poisoned}/cancel")


@pytest.mark.parametrize(("prompt", "end"), [("", "completed"), ("[[sagemaker:refuse]] ", "error")])
def test_an_end_whose_notice_was_lost_is_found_by_the_reaper(
    stack: Stack, guest: Guest, prompt: str, end: str
) -> None:
    job_id = lose_the_notice(stack, guest, f"{prompt}lost")
    reap(stack)
    assert result(guest.wait(job_id))["status"] == end
    assert '"event": "notice_lost"' in stack.emulator.log()


def test_no_other_topic_reaches_the_queue(stack: Stack) -> None:
    notices, queues = stack.client("sns"), stack.client("sqs")
    queue = stack.physical("OwnModelNotices")
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    other = notices.create_topic(Name="other")["TopicArn"]
    notices.subscribe(TopicArn=other, Protocol="sqs", Endpoint=arn["QueueArn"])
    notices.publish(TopicArn=other, Message="{}")
    notices.delete_topic(TopicArn=other)
    assert f"queue policy denies delivery from {other}" in stack.emulator.log()
