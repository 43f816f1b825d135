"""The day's ledger in DynamoDB: one item a day, changed by single conditional updates.

`used` is what is reserved or spent; every open reservation is an attribute of its own, so that
reserving and settling twice change nothing. Always: used = spent + Σ reservations ≤ limit, but
for calls that came out dearer than their price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.spend.model import Entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 40 * 86_400
_TOO_LARGE = "Item size to update has exceeded the maximum allowed size"
"""How DynamoDB says, under a code of many meanings, that an item would pass 400 KB."""


class LedgerFull(Exception):
    """The day's item lists as many open reservations as it can hold."""


@dataclass(frozen=True)
class Ledger:
    """Every amount in micro-dollars."""

    client: "DynamoDBClient"
    table: str

    def reserve(self, day: str, holds: Mapping[str, int], limit: int, now: int) -> bool:
        """Reserves what is not reserved yet, all or nothing; False when there is no room for it.

        Raises LedgerFull while more attempts are being drawn than one item can list.
        """
        try:
            self._reserve(day, holds, limit, now)
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            standing = _item(refusal)
            missing = {hold: amount for hold, amount in holds.items() if hold not in standing}
            if len(missing) == len(holds):
                return False
            return not missing or self.reserve(day, missing, limit, now)
        except ClientError as problem:
            if _TOO_LARGE in str(problem):
                raise LedgerFull(day) from None
            raise
        return True

    def settle(self, day: str, entries: Sequence[Entry]) -> None:
        """Turns reservations into what they came to; settled ones are passed over."""
        open_ones = list(entries)
        while open_ones:
            try:
                self._settle(day, open_ones)
            except self.client.exceptions.ConditionalCheckFailedException as refusal:
                standing = _item(refusal)
                open_ones = [entry for entry in open_ones if entry.id in standing]
            else:
                return

    def used(self, day: str) -> int:
        """What is spent or reserved on the day."""
        answer = self.client.get_item(TableName=self.table, Key=_key(day), ConsistentRead=True)
        return int(answer["Item"]["used"]["N"]) if "Item" in answer else 0

    def _reserve(self, day: str, holds: Mapping[str, int], limit: int, now: int) -> None:
        total = sum(holds.values())
        names = {f"#h{n}": hold for n, hold in enumerate(holds)}
        sets = ["used = if_not_exists(used, :none) + :total", "#expires = :expires"]
        sets += [f"{name} = :h{n}" for n, name in enumerate(names)]
        room = "(attribute_not_exists(used) AND :total <= :limit) OR used <= :room"
        fresh = " AND ".join(f"attribute_not_exists({name})" for name in names)
        self.client.update_item(
            TableName=self.table,
            Key=_key(day),
            UpdateExpression=f"SET {', '.join(sets)}",
            ConditionExpression=f"({room}) AND {fresh}",
            ExpressionAttributeNames={**names, "#expires": "expires"},
            ExpressionAttributeValues={
                ":none": _n(0),
                ":total": _n(total),
                ":limit": _n(limit),
                ":room": _n(limit - total),
                ":expires": _n(now // 1000 + KEPT_FOR_S),
                **{f":h{n}": _n(amount) for n, amount in enumerate(holds.values())},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def _settle(self, day: str, entries: Sequence[Entry]) -> None:
        names = {f"#h{n}": entry.id for n, entry in enumerate(entries)}
        charged = sum(entry.charged for entry in entries)
        self.client.update_item(
            TableName=self.table,
            Key=_key(day),
            UpdateExpression="SET used = used + :change, spent = if_not_exists(spent, :none)"
            f" + :charged REMOVE {', '.join(names)}",
            ConditionExpression=" AND ".join(f"attribute_exists({name})" for name in names),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={
                ":none": _n(0),
                ":charged": _n(charged),
                ":change": _n(charged - sum(entry.held for entry in entries)),
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _key(day: str) -> dict[str, Any]:
    return {"pk": {"S": "SPEND"}, "sk": {"S": day}}


def _n(value: int) -> dict[str, str]:
    return {"N": str(value)}


def _item(refusal: Exception) -> Mapping[str, Any]:
    response: Mapping[str, Any] = getattr(refusal, "response", {})
    item: Mapping[str, Any] = response.get("Item", {})
    return item
