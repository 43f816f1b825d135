"""Enhanced prompts are kept for a day, and a broken cache is only a slower one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from chalicelib.enhance.store import KEPT_FOR_S, EnhanceStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "enhancements"


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> "Iterator[DynamoDBClient]":
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName=TABLE,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def test_keeps_what_a_model_made_of_a_prompt(dynamodb: "DynamoDBClient") -> None:
    store = EnhanceStore(dynamodb, TABLE)

    store.put("writer-1", "a kite", "A red kite.")

    assert store.get("writer-1", "a kite") == "A red kite."
    assert store.get("writer-2", "a kite") is None
    assert store.get("writer-1", "a Kite") is None


def test_forgets_after_a_day_although_dynamodb_deletes_late(dynamodb: "DynamoDBClient") -> None:
    clock = Clock()
    store = EnhanceStore(dynamodb, TABLE, clock)
    store.put("writer-1", "a kite", "A red kite.")

    clock.now += KEPT_FOR_S - 1
    assert store.get("writer-1", "a kite") == "A red kite."
    clock.now += 1
    assert store.get("writer-1", "a kite") is None


def test_the_prompt_itself_is_no_key(dynamodb: "DynamoDBClient") -> None:
    EnhanceStore(dynamodb, TABLE).put("writer-1", "a kite", "A red kite.")

    item = dynamodb.scan(TableName=TABLE)["Items"][0]

    assert item["pk"]["S"].startswith("ENHANCE#")
    assert "kite" not in item["pk"]["S"]
    assert item["sk"]["S"] == "ENHANCE"


@pytest.mark.parametrize("prompt", ["", "ключ 🔑", "\ud800 lone surrogate", "x" * 1000])
def test_any_text_can_be_looked_up(dynamodb: "DynamoDBClient", prompt: str) -> None:
    store = EnhanceStore(dynamodb, TABLE)

    store.put("writer-1", prompt, "A red kite.")

    assert store.get("writer-1", prompt) == "A red kite."


def test_a_missing_table_is_a_miss_and_no_failure(dynamodb: "DynamoDBClient") -> None:
    store = EnhanceStore(dynamodb, "no-such-table")

    store.put("writer-1", "a kite", "A red kite.")

    assert store.get("writer-1", "a kite") is None
