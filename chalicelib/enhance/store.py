"""Enhanced prompts in DynamoDB, kept for a day."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 24 * 3600
SORT_KEY = "ENHANCE"


@dataclass(frozen=True)
class EnhanceStore:
    """One item per model and prompt; losing it costs one more call, so faults are only logged."""

    client: "DynamoDBClient"
    table: str
    clock: Callable[[], float] = time.time

    def get(self, model: str, prompt: str) -> str | None:
        """What the model made of the prompt within the last day."""
        try:
            found = self.client.get_item(TableName=self.table, Key=_key(model, prompt))
        except (ClientError, BotoCoreError):
            logs.failure("enhance_cache_failed")
            return None
        item = found.get("Item")
        # DynamoDB deletes expired items late.
        if item is None or int(item["expires"]["N"]) <= self.clock():
            return None
        return item["enhanced"]["S"]

    def put(self, model: str, prompt: str, enhanced: str) -> None:
        """Remembers it for a day."""
        expires = int(self.clock()) + KEPT_FOR_S
        try:
            self.client.put_item(
                TableName=self.table,
                Item={
                    **_key(model, prompt),
                    "enhanced": {"S": enhanced},
                    "expires": {"N": str(expires)},
                },
            )
        except (ClientError, BotoCoreError):
            logs.failure("enhance_cache_failed")


def _key(model: str, prompt: str) -> dict[str, dict[str, str]]:
    digest = hashlib.sha256(f"{model}\n{prompt}".encode(errors="replace")).hexdigest()
    return {"pk": {"S": f"ENHANCE#{digest}"}, "sk": {"S": SORT_KEY}}
