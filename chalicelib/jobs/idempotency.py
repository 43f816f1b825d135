"""Which job an Idempotency-Key stands for."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.dynamo import Item, item_in, key, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 24 * 3600
_SAME = "job = :job AND reserved = :reserved"


@dataclass(frozen=True)
class IdempotencyRecord:
    """A key's job id, the hash of the body it was first used with, and when."""

    job_id: str
    payload_hash: str
    reserved_at_ms: int


@dataclass(frozen=True)
class IdempotencyStore:
    """One item per key; the first request with a key decides what it means."""

    client: "DynamoDBClient"
    table: str

    def reserve(
        self, name: str, wanted: IdempotencyRecord, dead: IdempotencyRecord | None = None
    ) -> IdempotencyRecord:
        """Return the key's record, which is `wanted` for the first request with the key.

        `dead` is the record of a request that never made its job: it is replaced.
        """
        now_s = wanted.reserved_at_ms // 1000
        free, values = "attribute_not_exists(pk) OR #expires <= :now", {":now": number(now_s)}
        if dead:
            free += f" OR ({_SAME})"
            values |= _values(dead)
        try:
            self.client.put_item(
                TableName=self.table,
                Item={
                    **_key(name),
                    "job": text(wanted.job_id),
                    "fingerprint": text(wanted.payload_hash),
                    "reserved": number(wanted.reserved_at_ms),
                    "expires": number(now_s + KEPT_FOR_S),
                },
                ConditionExpression=free,
                ExpressionAttributeNames={"#expires": "expires"},
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            current = item_in(conflict)
            return IdempotencyRecord(
                job_id=current["job"]["S"],
                payload_hash=current["fingerprint"]["S"],
                reserved_at_ms=int(current["reserved"]["N"]),
            )
        return wanted

    def give_back(self, name: str, record: IdempotencyRecord) -> None:
        """Free the key of a request that was refused; another request's record stays."""
        try:
            self.client.delete_item(
                TableName=self.table,
                Key=_key(name),
                ConditionExpression=_SAME,
                ExpressionAttributeValues=_values(record),
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return


def _key(name: str) -> Item:
    return key(f"KEY#{hashlib.sha256(name.encode()).hexdigest()}", "KEY")


def _values(record: IdempotencyRecord) -> Item:
    return {":job": text(record.job_id), ":reserved": number(record.reserved_at_ms)}
