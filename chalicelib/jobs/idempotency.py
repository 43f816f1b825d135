"""Which job an Idempotency-Key stands for."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 24 * 3600


@dataclass(frozen=True)
class IdempotencyRecord:
    """A key's job id, the hash of the body it was first used with, and when (epoch ms)."""

    job_id: str
    payload_hash: str
    reserved_at: int


@dataclass(frozen=True)
class IdempotencyStore:
    """One item per key; the first request with a key decides what it means."""

    client: "DynamoDBClient"
    table: str

    def reserve(self, key: str, wanted: IdempotencyRecord) -> IdempotencyRecord:
        """Return the record that stands, which is `wanted` for the first one to come."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item={
                    "pk": {"S": f"KEY#{hashlib.sha256(key.encode()).hexdigest()}"},
                    "sk": {"S": "KEY"},
                    "job": {"S": wanted.job_id},
                    "fingerprint": {"S": wanted.payload_hash},
                    "reserved": {"N": str(wanted.reserved_at)},
                    "expires": {"N": str(wanted.reserved_at // 1000 + KEPT_FOR_S)},
                },
                ConditionExpression="attribute_not_exists(pk) OR #expires <= :now",
                ExpressionAttributeNames={"#expires": "expires"},
                ExpressionAttributeValues={":now": {"N": str(wanted.reserved_at // 1000)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            response: dict[str, Any] = dict(conflict.response)
            item = response["Item"]
            return IdempotencyRecord(
                job_id=item["job"]["S"],
                payload_hash=item["fingerprint"]["S"],
                reserved_at=int(item["reserved"]["N"]),
            )
        return wanted
