"""Pages of a large partition and of many objects are what they are of small ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from devstack.state.bootstrap import BUCKET, TABLE
from tests.devstack.test_state import State, state

ROWS = [f"ROW#{n:05d}" for n in range(0, 1400, 2)]
OTHERS = ["BATCH", "OUT#00001", "WANTED"]
CONDITIONS = {
    "": ({}, lambda _: True),
    " AND sk BETWEEN :a AND :b": (
        {":a": "ROW#00003", ":b": "ROW#~"},
        lambda sk: "ROW#00003" <= sk <= "ROW#~",
    ),
    " AND begins_with(sk, :a)": ({":a": "ROW#000"}, lambda sk: sk.startswith("ROW#000")),
    " AND sk < :a": ({":a": "ROW#00900"}, lambda sk: sk < "ROW#00900"),
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    with state(tmp_path_factory.mktemp("large")) as running:
        put(running, [*ROWS, *OTHERS])
        yield running


def put(running: State, sorts: list[str]) -> None:
    for begin in range(0, len(sorts), 25):
        items = [{"pk": {"S": "P"}, "sk": {"S": sort}} for sort in sorts[begin : begin + 25]]
        asked: Any = [{"PutRequest": {"Item": item}} for item in items]
        running.dynamodb.batch_write_item(RequestItems={TABLE: asked})


def pages(running: State, condition: str, forward: bool, size: int) -> list[str]:
    values = {name: {"S": value} for name, value in CONDITIONS[condition][0].items()}
    found: list[str] = []
    after: dict[str, Any] = {}
    while True:
        answer = running.dynamodb.query(
            TableName=TABLE,
            KeyConditionExpression=f"pk = :pk{condition}",
            ExpressionAttributeValues={":pk": {"S": "P"}, **values},
            ScanIndexForward=forward,
            Limit=size,
            **after,
        )
        found += [item["sk"]["S"] for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            return found
        after = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("forward", [True, False])
def test_pages_together_are_all_that_meets_the_condition(
    large: State, condition: str, forward: bool
) -> None:
    meets = CONDITIONS[condition][1]
    wanted = sorted(filter(meets, [*ROWS, *OTHERS]), reverse=not forward)
    for size in (150, len(wanted)):
        assert pages(large, condition, forward, size) == wanted


def test_what_comes_and_goes_is_on_the_pages_or_not(large: State) -> None:
    condition = " AND begins_with(sk, :a)"
    before = pages(large, condition, True, 40)
    put(large, ["ROW#00001"])
    assert pages(large, condition, True, 40) == sorted([*before, "ROW#00001"])
    large.dynamodb.delete_item(TableName=TABLE, Key={"pk": {"S": "P"}, "sk": {"S": "ROW#00001"}})
    assert pages(large, condition, True, 40) == before


def test_lists_of_objects_go_on_where_the_page_before_ended(large: State) -> None:
    for name in ("b/1", "a/1", "a/2", "a/3", "a/4", "a0"):
        large.put_picture(name, b"x")
    large.s3.delete_object(Bucket=BUCKET, Key="group-images/a/3")
    listed = large.s3.get_paginator("list_objects_v2").paginate(
        Bucket=BUCKET, Prefix="group-images/a/", PaginationConfig={"PageSize": 1}
    )
    names = [entry["Key"] for page in listed for entry in page.get("Contents", [])]
    assert names == [f"group-images/a/{n}" for n in (1, 2, 4)]
