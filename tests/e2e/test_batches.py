"""Batches on the packaged stack: a queue, a function for their rows, and its death."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
import requests

from tests.e2e.batches import (
    FIRST_ROW,
    Json,
    billed,
    ended,
    exported,
    kill_at,
    made_after_a_death,
    made_row_by_row,
    planned,
    row,
    start,
    sweep_after_the_lease,
)
from tests.e2e.engines import Stack
from tests.e2e.guest import Guest

UNSAFE = "  - {id: a, kind: image, models: [1], prompt: '[[openai:slow=60]] {{ name }} {mark}'}"


@pytest.fixture
def guest(stack_url: str) -> Guest:
    return Guest(stack_url)


def mark(guest: Guest, batch: Json) -> str:
    """Return what only this batch's prompts hold."""
    template = guest.call("GET", f"/templates/{batch['template']['templateId']}").json()
    found = re.search(r"[0-9a-f]{32}", template["definition"])
    assert found is not None
    return found.group()


def assert_paid_for(batch: Json) -> None:
    """Its money adds up, and all of it is known."""
    money = batch["budget"]
    assert money["reserved"] == money["unknown"] == 0
    assert money["spent"] > 0
    assert round(money["left"] + money["spent"], 6) == money["limit"] == 5
    assert round(sum(each["usd"] for each in batch["spendBy"]), 6) == money["spent"]


def test_functions_take_rows_from_the_queue_make_them_once_and_export_them(
    stack: Stack, guest: Guest
) -> None:
    done, heard = made_row_by_row(stack, guest)
    assert (done["state"], done["problems"]) == ("completed", [])
    assert (done["rows"]["total"], done["rows"]["done"], done["pictures"]) == (3, 3, 3)
    assert [(each["step"], each["calls"]) for each in done["spendBy"]] == [("a", 3)]
    assert_paid_for(done)
    assert (heard["state"], heard["rows"]["done"]) == ("completed", 3)
    assert billed(stack, "openai", mark(guest, done)) == 3
    made = row(guest, done, 3)
    assert made["data"] == {"name": "a cup", "style": "chalk"}
    picture = guest.image(made["cells"][0]["imageUrl"]).content
    assert picture.startswith(b"\x89PNG")
    assert picture in files_of(exported(guest, done, "zip"))


def files_of(export: Json) -> list[bytes]:
    """Return what is in a finished zip, had at its signed address."""
    assert (export["state"], export["rows"], export["lacking"]) == ("done", 3, 0), export
    answer = requests.get(export["url"], timeout=30)
    assert len(answer.content) == export["bytes"], answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_after_a_function_that_died_every_cell_is_made_once_and_billed_once(
    stack: Stack, guest: Guest
) -> None:
    """What was done stays; the second provider gave a ticket, so its picture is collected."""
    done = made_after_a_death(stack, guest)
    assert (done["state"], done["rows"]["done"], done["pictures"]) == ("completed", 1, 2)
    assert [cell["attempt"] for cell in row(guest, done, 1)["cells"]] == [1, 1]
    assert [(each["step"], each["calls"]) for each in done["spendBy"]] == [("a", 1), ("b", 1)]
    assert_paid_for(done)
    prompt = mark(guest, done)
    assert [billed(stack, provider, prompt) for provider in ("openai", "bfl")] == [1, 1]


def test_a_call_whose_function_died_is_asked_again_by_a_person_alone(
    stack: Stack, guest: Guest
) -> None:
    batch = planned(guest, UNSAFE, **FIRST_ROW)
    start(guest, batch)
    prompt = mark(guest, batch)
    kill_at(stack, guest, batch, "a", lambda: billed(stack, "openai", prompt) == 1)
    sweep_after_the_lease(stack, batch)
    done = ended(guest, batch)
    assert (done["state"], done["rows"]["failed"]) == ("completed_with_failures", 1)
    assert [cell["errorCode"] for cell in row(guest, batch, 1)["cells"]] == ["INTERRUPTED"]
    money = done["budget"]
    assert (money["reserved"], money["unknown"]) == (0, money["spent"])
    assert money["unknown"] > 0
    assert billed(stack, "openai", prompt) == 1
