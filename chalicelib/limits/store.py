"""Counting admissions in DynamoDB: one conditional update per window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.limits.model import Window

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class WindowStore:
    """Admits exactly `limit` per window, whatever the concurrency.

    A lost answer makes boto3 repeat the update: the admission's own id tells it apart. Should
    another admission have come between, the window counts one too many, never one too few.
    """

    client: "DynamoDBClient"
    table: str

    def admit(self, window: Window, admission: str) -> bool:
        """Counts one admission unless the window is full."""
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
                    ":none": {"N": "0"},
                    ":one": {"N": "1"},
                    ":limit": {"N": str(window.limit)},
                    ":id": {"S": admission},
                    ":expires": {"N": str(window.end // 1000 + 3600)},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            response: dict[str, Any] = dict(refusal.response)
            return bool(response["Item"]["last"]["S"] == admission)
        return True

    def release(self, window: Window, admission: str) -> None:
        """Gives one admission back; twice only if another is given back before a lost answer."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(window),
                UpdateExpression="SET used = used - :one, released = :id",
                ConditionExpression="used > :none"
                " AND (attribute_not_exists(released) OR released <> :id)",
                ExpressionAttributeValues={
                    ":none": {"N": "0"},
                    ":one": {"N": "1"},
                    ":id": {"S": admission},
                },
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return


def _key(window: Window) -> dict[str, Any]:
    return {"pk": {"S": f"LIMIT#{window.name}"}, "sk": {"S": f"{window.start:015d}"}}
