"""What only the packaged stack has: real functions with their own roles, limits and queues."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

import pytest
import requests

from chalicelib.dynamo import number
from tests.api.visitor import Socket
from tests.e2e.accidents import (
    change_item,
    changed,
    lose_the_dispatch,
    lose_the_notice,
    lose_the_record,
    reap,
    stored,
    until,
)
from tests.e2e.batches import exported, made_after_a_death, made_row_by_row
from tests.e2e.engines import OWN, Stack
from tests.e2e.guest import Guest
from tests.figures import RecordFigure

SCHEDULE_SECONDS = 90
NEVER_CALLED_HERE = {
    "bedrock:InvokeModel": "the simulator stands in for Bedrock",
    "Reaper sagemaker:DescribeEndpoint": "the double's address is in a secret that it may not read",
    "ssm:GetParameter": "only a key that is a reference is read from there",
    "logs:CreateLogStream": "written by the runtime",
    "logs:PutLogEvents": "written by the runtime",
    "xray:PutTelemetryRecords": "written by the runtime",
    "xray:PutTraceSegments": "written by the runtime",
    "Previews sqs:SendMessage": "sent by Lambda in the role's name",
    "Worker sqs:SendMessage": "sent by Lambda in the role's name",
    "sqs:ReceiveMessage": "asked by Lambda in the role's name",
    "sqs:DeleteMessage": "asked by Lambda in the role's name",
    "sqs:GetQueueAttributes": "asked by Lambda in the role's name",
    "dynamodb:BatchGetItem": "the ledger's, which this stack has no ceiling for",
    "Previews s3:ListBucket": "without it, AWS answers 403 to a picture that is gone, not 404",
    "APIHandler s3:PutObject": "it signs for uploads, which browsers send",
    "Exports s3:ListBucket": "without it, AWS answers 403 to a picture that is gone, not 404",
    "Exports s3:AbortMultipartUpload": "of a file of many parts that could not be finished",
    "Exports s3:DeleteObject": "of a file whose batch was deleted meanwhile",
    "SeedData s3:ListBucket": "what a check that died, or a file deleted under it, has left",
    "dynamodb:DeleteItem": "the ledger's, and that of a refused Idempotency-Key",
}
ACTION_OF = {
    "DeleteObjects": "DeleteObject",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "Invoke": "InvokeFunction",
    "PostToConnection": "ManageConnections",
    "SendMessageBatch": "SendMessage",
}


@pytest.fixture
def guest(stack_url: str) -> Guest:
    return Guest(stack_url)


def assert_deleted_with_what_comes_late(stack: Stack, guest: Guest) -> None:
    """A run is deleted, and afterwards one more of its pictures is stored."""
    job = guest.wait_drawn(guest.generate("not for long", models=[1])["jobId"], 60)
    assert guest.call("DELETE", f"/jobs/{job['jobId']}").status_code == 204
    assert guest.call("GET", f"/status/{job['jobId']}").status_code == 404
    assert stored(stack, job["target"]) == []
    late = {"Bucket": stack.outputs["BucketName"], "Key": job["results"][0]["imageKey"]}
    stack.client("s3").put_object(**late, Body=b"late")
    change_item(stack, job["jobId"], "SET #wake = :past", **{":past": number(1)})
    reap(stack)
    assert stored(stack, job["target"]) == []


def test_what_is_deleted_is_gone_and_so_is_what_comes_late(stack: Stack, guest: Guest) -> None:
    assert_deleted_with_what_comes_late(stack, guest)


def test_functions_have_the_limits_of_the_design(stack: Stack) -> None:
    functions = stack.client("lambda")
    limits = {}
    for logical in ("APIHandler", "Worker"):
        found = functions.get_function_configuration(FunctionName=stack.physical(logical))
        limits[logical] = (found["Timeout"], found["MemorySize"])
    assert limits == {"APIHandler": (29, 512), "Worker": (900, 448)}


def test_policies_are_enforced(stack: Stack, guest: Guest) -> None:
    """Otherwise the tests here would prove nothing about them."""
    roles, role = stack.client("iam"), stack.physical("ApiHandlerRole")
    (name,) = roles.list_role_policies(RoleName=role)["PolicyNames"]
    document = roles.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    kept = [s for s in document["Statement"] if s["Sid"] != "Jobs"]
    narrowed = json.dumps({**document, "Statement": kept})
    roles.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=narrowed)
    try:
        assert guest.call("GET", "/gallery").status_code == 500
    finally:
        whole = json.dumps(document)
        roles.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=whole)
    assert guest.call("GET", "/gallery").status_code == 200


def test_the_products_own_page_gets_a_socket(stack: Stack, guest: Guest) -> None:
    with guest.socket(origin=stack.outputs["Url"]) as socket:
        assert socket.ask({"action": "ping"}) == {"type": "pong"}


def test_the_api_knows_requests_that_came_through_the_cdn(stack: Stack) -> None:
    """The origin's secret is made by the stack and is the same on both sides."""
    functions = stack.client("lambda")
    handler = functions.get_function_configuration(FunctionName=stack.physical("APIHandler"))
    given = handler["Environment"]["Variables"]["ORIGIN_SECRET"]
    kept = stack.client("secretsmanager").get_secret_value(SecretId=stack.physical("OriginSecret"))
    cdn = stack.client("cloudfront").get_distribution_config(Id=stack.outputs["DistributionId"])
    origins = cdn["DistributionConfig"]["Origins"]["Items"]
    (api,) = [origin for origin in origins if origin["Id"] == "api"]
    (header,) = api["CustomHeaders"]["Items"]
    assert header == {"HeaderName": "X-Origin-Secret", "HeaderValue": given}
    assert given == kept["SecretString"]
    assert len(given) >= 40


def check_seed_data(guest: Guest) -> dict[str, Any]:
    """Upload a file, and return what is shown of it once it has been checked."""
    data = b"name,style\na lamp,ink\na pot\n"
    wanted = {"name": "rows", "format": "csv", "bytes": len(data)}
    made = guest.call("POST", "/seed-data", wanted).json()
    upload = made["upload"]

    def send(sent: bytes) -> int:
        answer = requests.put(upload["url"], sent, headers=upload["headers"], timeout=30)
        return answer.status_code

    path = f"/seed-data/{made['seedDataId']}"
    assert guest.call("GET", path).json()["state"] == "waiting"
    assert [send(data + b"x"), send(data), send(data)] == [403, 200, 412]

    def shown() -> dict[str, Any] | None:
        found = guest.call("GET", path).json()
        return found if found["state"] == "ready" else None

    found: dict[str, Any] = until(shown, 60)
    assert guest.call("DELETE", path).status_code == 204
    return found


def test_seed_data_is_uploaded_to_the_bucket_and_checked(stack: Stack, guest: Guest) -> None:
    found = check_seed_data(guest)
    assert (found["rows"], found["problemCount"]) == (1, 1)
    assert found["preview"] == [{"name": "a lamp", "style": "ink"}]
    listed = stack.client("s3").list_objects_v2(Bucket=stack.outputs["BucketName"])
    keys = [entry["Key"] for entry in listed.get("Contents", ())]
    assert not [key for key in keys if found["seedDataId"] in key]


def given_up(stack: Stack) -> list[dict[str, Any]]:
    """The events in the queue for failures; they stay there."""
    queue, address = stack.client("sqs"), stack.physical("WorkerFailures")
    answer = queue.receive_message(QueueUrl=address, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [json.loads(message["Body"])["requestPayload"] for message in answer.get("Messages", ())]


def test_an_event_that_fails_twice_ends_in_the_queue(stack: Stack) -> None:
    functions, worker = stack.client("lambda"), stack.physical("Worker")
    sent = {"no job": uuid4().hex}
    functions.invoke(FunctionName=worker, InvocationType="Event", Payload=json.dumps(sent).encode())
    until(lambda: sent in given_up(stack), 90)
    attempts = [
        n for n in (1, 2, 3) if f"{worker} async output (attempt {n})" in stack.emulator.log()
    ]
    assert attempts == [1, 2]


def test_a_job_that_no_worker_took_is_sent_again_by_the_reaper(stack: Stack, guest: Guest) -> None:
    """Its event is in the queue by then: the emulator counts a refusal for lack of capacity as an
    attempt, where AWS would try again for five minutes."""
    job_id = lose_the_dispatch(stack, guest)
    until(lambda: {"jobId": job_id} in given_up(stack))
    reap(stack)
    assert guest.wait(job_id, 60)["status"] == "completed"


def seconds_of_an_answer(guest: Guest) -> float:
    """A figure only: how long a cold start takes depends on what else the machine does."""
    began = time.monotonic()
    until(lambda: guest.call("GET", "/models").status_code == 200, 60)
    return time.monotonic() - began


def test_after_a_function_that_lambda_ended_the_next_one_answers(
    stack: Stack, guest: Guest, record_figure: RecordFigure
) -> None:
    """Lambda ends its environment, so the next answer is a cold one."""
    with changed(stack, "APIHandler", Timeout=5):
        ended = guest.call("POST", "/enhance", {"prompt": "[[openai:slow=15]] a cat"})
    assert ended.status_code >= 500
    cold, warm = seconds_of_an_answer(guest), seconds_of_an_answer(guest)
    record_figure("cold start on the emulator", cold=round(cold, 2), warm=round(warm, 2))


def test_a_picture_that_a_dead_worker_left_is_adopted(stack: Stack, guest: Guest) -> None:
    job = guest.wait_drawn(guest.generate("left behind", models=[1])["jobId"], 60)
    lose_the_record(stack, job["jobId"])
    assert guest.status(job["jobId"])["status"] == "in_progress"
    reap(stack)
    again = guest.status(job["jobId"])
    assert again["status"] == "completed"
    assert again["results"][0]["imageKey"] == job["results"][0]["imageKey"]


def test_a_worker_ends_its_slots_before_lambda_ends_it(stack: Stack, guest: Guest) -> None:
    with changed(stack, "Worker", Timeout=15):
        job = guest.wait(guest.generate("[[*:hang]] for ever", models=[1, 4])["jobId"], 60)
    assert [r["errorCode"] for r in job["results"]] == ["TIMEOUT", "TIMEOUT"]


def test_the_schedule_wakes_the_reaper(stack: Stack) -> None:
    rules = stack.client("events").list_rules()["Rules"]
    (rule,) = [r for r in rules if r.get("ScheduleExpression") == "rate(1 minute)"]
    assert rule["State"] == "ENABLED"

    def looks() -> int:
        return sum(c["function"] == "Reaper" and c["operation"] == "Query" for c in stack.calls())

    before = looks()
    until(lambda: looks() > before, SCHEDULE_SECONDS)


def test_no_key_is_in_the_log_or_in_a_functions_settings(stack: Stack) -> None:
    listed = stack.client("lambda").list_functions()["Functions"]
    for function in listed:
        variables = function["Environment"]["Variables"]
        assert "simulated" not in variables.values()
        assert len(json.dumps(variables)) < 4096
    assert len(listed) == 11


def test_every_permission_is_used_and_no_other_needed(stack: Stack, guest: Guest) -> None:
    """Policies are enforced here, so what the functions do is allowed; this is the converse."""
    _use_every_permission(stack, guest)
    used = {(call["function"], _action(call)) for call in stack.calls()} | stack.own.asked
    for function, allowed in _allowed(stack).items():
        excused = {a for a in allowed if {a, f"{function} {a}"} & NEVER_CALLED_HERE.keys()}
        unused = {a for a in allowed - excused if (function, a) not in used}
        assert not unused, f"{function} never needed {unused}"


def _use_every_permission(stack: Stack, guest: Guest) -> None:
    slow = guest.generate("[[*:slow=60]] every permission", models=[1, 4])["jobId"]
    with guest.socket() as socket:
        subscribe(socket, slow)
        guest.call("POST", f"/jobs/{slow}/cancel")
        socket.ask({"action": "unsubscribe", "jobId": slow})
        drawn = guest.generate("[[*:slow=1]] pushed", models=[1])["jobId"]
        subscribe(socket, drawn)
        guest.wait_drawn(drawn, 60)
        lose_the_record(stack, drawn)
        lose_the_dispatch(stack, guest)
        reap(stack)
        own = guest.generate("an own model", models=[OWN])["jobId"]
        subscribe(socket, own)
        guest.wait_drawn(own, 150)
        lose_the_notice(stack, guest)
        reap(stack)
    guest.call("GET", "/gallery")
    guest.call("GET", "/jobs")
    check_seed_data(guest)
    done, _ = made_row_by_row(stack, guest)
    assert exported(guest, done, "zip")["state"] == "done"
    made_after_a_death(stack, guest)
    assert_deleted_with_what_comes_late(stack, guest)


def subscribe(socket: Socket, job_id: str) -> None:
    """Until the job is shown: on a busy machine a function's first start outlasts its time."""
    wanted = {"action": "subscribe", "jobId": job_id}
    until(lambda: socket.ask(wanted).get("job", {}).get("jobId") == job_id, 60)


def _action(call: dict[str, Any]) -> str:
    operation = ACTION_OF.get(call["operation"], call["operation"])
    return f"{call['service']}:{operation}"


def _allowed(stack: Stack) -> dict[str, set[str]]:
    """The actions of every function."""
    resources = json.loads(stack.packaged.artefact.template.read_text())["Resources"]
    found = {}
    for name, function in resources.items():
        if function["Type"] == "AWS::Lambda::Function":
            role = resources[function["Properties"]["Role"]["Fn::GetAtt"][0]]
            (policy,) = role["Properties"]["Policies"]
            statements = policy["PolicyDocument"]["Statement"]
            found[name] = {action for s in statements for action in s["Action"]}
    return found
