"""Enhanced prompts in DynamoDB, kept for a day."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import dynamo, logs

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 24 * 3600
SORT_KEY = "ENHANCE"


@dataclass(frozen=True)
class EnhanceStore:
    """One item per owner, model and prompt. A fault is only logged: it costs one more call."""

    client: "DynamoDBClient"
    table: str
    clock_s: Callable[[], float] = time.time

    def get(self, model: str, prompt: str, owner: str = "") -> str | None:
        """Return what the model made of the prompt within the last day, if it did."""
        try:
            found = self.client.get_item(TableName=self.table, Key=_key(model, prompt, owner))
        except (ClientError, BotoCoreError):
            logs.failure("enhance_cache_failed")
            return None
        item = found.get("Item")
        # DynamoDB deletes expired items late.
        if item is None or int(item["expires"]["N"]) <= self.clock_s():
            return None
        return item["enhanced"]["S"]

    def put(self, model: str, prompt: str, enhanced: str, owner: str = "") -> None:
        """Keep an enhanced prompt for a day."""
        expires = int(self.clock_s()) + KEPT_FOR_S
        try:
            self.client.put_item(
                TableName=self.table,
                Item={
                    **_key(model, prompt, owner),
                    "enhanced": dynamo.text(enhanced),
                    "expires": dynamo.number(expires),
                },
            )
        except (ClientError, BotoCoreError):
            logs.failure("enhance_cache_failed")


def _key(model: str, prompt: str, owner: str) -> dynamo.Item:
    named = f"{owner}\n{model}\n{prompt}" if owner else f"{model}\n{prompt}"
    digest = hashlib.sha256(named.encode(errors="replace")).hexdigest()
    return dynamo.key(f"ENHANCE#{digest}", SORT_KEY)
