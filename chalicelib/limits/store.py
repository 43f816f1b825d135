"""Count admissions in DynamoDB: one conditional update per window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.dynamo import Item, item_in, key, number, text
from chalicelib.limits.model import Window

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 3600
"""How long a window's count stays after the window has ended."""


@dataclass(frozen=True)
class WindowStore:
    """Admits exactly `limit` requests per window, whatever the concurrency.

    A lost answer makes boto3 repeat the update: the admission's own id tells it apart. Should
    another admission have come between, the window counts one too many, never one too few.
    """

    client: "DynamoDBClient"
    table: str

    def admit(self, window: Window, admission: str) -> bool:
        """Count one admission; return False when the window is full."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(window),
                UpdateExpression="SET used = if_not_exists(used, :none) + :one, #last = :id,"
                " #expires = :expires",
                ConditionExpression="(attribute_not_exists(used) OR used < :limit)"
                " AND (attribute_not_exists(#last) OR #last <> :id)",
                ExpressionAttributeNames={"#last": "last", "#expires": "expires"},
                ExpressionAttributeValues={
                    ":none": number(0),
                    ":one": number(1),
                    ":limit": number(window.limit),
                    ":id": text(admission),
                    ":expires": number(window.end_ms // 1000 + KEPT_FOR_S),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            return bool(item_in(conflict)["last"]["S"] == admission)
        return True

    def used(self, window: Window) -> int:
        """Return how many admissions the window has counted."""
        found = self.client.get_item(TableName=self.table, Key=_key(window)).get("Item", {})
        return int(found["used"]["N"]) if "used" in found else 0

    def release(self, window: Window, admission: str) -> None:
        """Give one admission back; twice only if another is given back before a lost answer."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(window),
                UpdateExpression="SET used = used - :one, released = :id",
                ConditionExpression="used > :none"
                " AND (attribute_not_exists(released) OR released <> :id)",
                ExpressionAttributeValues={
                    ":none": number(0),
                    ":one": number(1),
                    ":id": text(admission),
                },
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return


def _key(window: Window) -> Item:
    return key(f"LIMIT#{window.name}", f"{window.start_ms:015d}")
