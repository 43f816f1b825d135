"""Batches of the packaged stack, and a function that dies in the middle of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import requests

from chalicelib.batches.runs.items import row_key
from chalicelib.dynamo import number
from tests.api.visitor import Socket
from tests.e2e.accidents import changed, reap, until
from tests.e2e.engines import Stack
from tests.e2e.guest import Guest

Json = dict[str, Any]
DATA = b"name,style\na lamp,ink\na pot,oil\na cup,chalk\n"
PATIENCE_SECONDS = 150
ONE_STEP = "  - {id: a, kind: image, models: [1], prompt: '{{ name }} {mark}'}"
TWO_STEPS = """
  - {id: a, kind: image, models: [1], prompt: 'first {{ name }} {mark}'}
  - {id: b, kind: image, models: [3], prompt: '[[bfl:slow=40]] then {{ name }} {mark}'}
"""
FIRST_ROW = {"rows": {"from": 1, "to": 1}}
A_ROWS_TIME = 300
"""Seconds in which a function makes one row, and leaves its place to another."""
UNDER_WAY = ("queued", "running", "pausing", "cancelling")


def uploaded(guest: Guest, data: bytes) -> str:
    """Return the id of rows that are ready."""
    wanted = {"name": "rows", "format": "csv", "bytes": len(data)}
    made = guest.call("POST", "/seed-data", wanted).json()
    upload = made["upload"]
    sent = requests.put(upload["url"], data, headers=upload["headers"], timeout=30)
    assert sent.status_code == 200, sent.text
    path = f"/seed-data/{made['seedDataId']}"
    until(lambda: guest.call("GET", path).json()["state"] == "ready", 60)
    return str(made["seedDataId"])


def planned(guest: Guest, steps: str, **also: Any) -> Json:
    """A batch of three rows in which each step's `{mark}` is a text of this batch alone.

    Two functions make them: each that starts asks a processor for some seconds.
    """
    definition = f"name: a\nsteps:\n{steps}".replace("{mark}", uuid4().hex)
    made = guest.call("POST", "/templates", {"definition": definition})
    assert made.status_code == 201, made.text
    wanted = {
        "templateId": made.json()["templateId"],
        "seedDataId": uploaded(guest, DATA),
        "budgetUsd": 5,
        "concurrency": 2,
        **also,
    }
    batch = guest.call("POST", "/batches", wanted)
    assert batch.status_code == 201, batch.text
    return dict(batch.json())


def start(guest: Guest, batch: Json) -> None:
    started = guest.call("POST", f"/batches/{batch['batchId']}/start")
    assert started.json()["state"] == "running", started.text


def ended(guest: Guest, batch: Json) -> Json:
    """Return the batch once it does not run any more."""

    def over() -> Json | None:
        found: Json = guest.call("GET", f"/batches/{batch['batchId']}").json()
        return None if found["state"] in UNDER_WAY else found

    return dict(until(over, PATIENCE_SECONDS))


def row(guest: Guest, batch: Json, number_: int) -> Json:
    return dict(guest.call("GET", f"/batches/{batch['batchId']}/rows/{number_}").json())


def states(guest: Guest, batch: Json) -> dict[str, str]:
    """Return the states of the first row's cells by their steps."""
    return {cell["step"]: cell["state"] for cell in row(guest, batch, 1)["cells"]}


def made_row_by_row(stack: Stack, guest: Guest) -> tuple[Json, Json]:
    """Return a batch as it has ended whose rows had a function each, and its last message."""
    batch = planned(guest, ONE_STEP, concurrency=1)
    with changed(stack, "Rows", Timeout=A_ROWS_TIME), guest.socket() as socket:
        heard = subscribed(socket, batch)
        start(guest, batch)
        done = ended(guest, batch)
        while heard["state"] in ("planned", *UNDER_WAY):
            heard = socket.receive()["batch"]
    return done, heard


def subscribed(socket: Socket, batch: Json) -> Json:
    """On a busy machine a function's first start outlasts its time, and is asked again."""
    wanted = {"action": "subscribe", "batchId": batch["batchId"]}
    return dict(until(lambda: socket.ask(wanted).get("batch"), 60))


def exported(guest: Guest, batch: Json, format_: str) -> Json:
    """Return a finished export as it is shown."""
    path = f"/batches/{batch['batchId']}/exports"
    made = guest.call("POST", path, {"format": format_})
    assert made.status_code == 202, made.text

    def over() -> Json | None:
        found: Json = guest.call("GET", f"{path}/{made.json()['exportId']}").json()
        return None if found["state"] == "running" else found

    return dict(until(over, PATIENCE_SECONDS))


def made_after_a_death(stack: Stack, guest: Guest) -> Json:
    """Return a batch of one row as it has ended whose first function died in its second step."""
    batch = planned(guest, TWO_STEPS, **FIRST_ROW)
    start(guest, batch)
    kill_at(stack, guest, batch, "b", lambda: has_ticket(stack, batch))
    assert states(guest, batch) == {"a": "done", "b": "running"}
    sweep_after_the_lease(stack, batch)
    return ended(guest, batch)


def has_ticket(stack: Stack, batch: Json) -> bool:
    """Whether a call of the first row has been answered with a ticket."""
    table, place = stack.outputs["TableName"], row_key(batch["batchId"], 1)
    found = stack.client("dynamodb").get_item(TableName=table, Key=place)
    return '"ticket":' in str(found["Item"])


def kill_at(stack: Stack, guest: Guest, batch: Json, step: str, is_out: Callable[[], bool]) -> None:
    """End the function that makes the first row when it has called the step's model."""
    until(lambda: states(guest, batch).get(step) == "running", PATIENCE_SECONDS)
    until(is_out, PATIENCE_SECONDS)
    failures = _failures(stack)
    end_functions(stack, "Rows")
    until(lambda: _failures(stack) > failures, 60)


def end_functions(stack: Stack, function: str) -> None:
    """End all that run: where a function is set anew, the emulator ends its processes."""
    with changed(stack, function, Timeout=899):
        pass


def _failures(stack: Stack) -> int:
    name = stack.physical("Rows")
    return stack.emulator.log().count(f"ESM: Lambda {name} failed processing")


def sweep_after_the_lease(stack: Stack, batch: Json) -> None:
    """As the schedule does, once the first row's time in the dead function is over."""
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["TableName"],
        Key=row_key(batch["batchId"], 1),
        UpdateExpression="SET #lease = :past, wake = :past",
        ExpressionAttributeNames={"#lease": "lease"},
        ExpressionAttributeValues={":past": number(1)},
    )
    reap(stack)


def billed(stack: Stack, provider: str, prompt: str) -> int:
    """Return how many pictures the provider has billed whose prompts hold a text."""
    calls = requests.get(stack.calls_url, timeout=10).json()["images"]["providers"]
    prompts = calls.get(provider, {}).get("prompts", {})
    return sum(count for each, count in prompts.items() if prompt in each)
