"""Writes of one item and of several at once, each of which survives being applied twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.batches.runs.change import Change
from chalicelib.dynamo import Item, item_in
from chalicelib.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CONTENDERS = 40
"""How often a transaction is tried again against others at the same items."""
PAUSE_S = 0.02


class Refused(Exception):
    """A condition did not hold; `item` is what stands, where it is known."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__("refused")
        self.item = item


@dataclass(frozen=True)
class Put:
    """An item that is written whole; `fresh` only where there is none."""

    item: Item
    fresh: bool = False


@dataclass(frozen=True)
class Removal:
    """An item that goes."""

    key: Item


@dataclass(frozen=True)
class Table:
    """One table. `sleep` in seconds, `rng` from 0 up to 1."""

    client: "DynamoDBClient"
    name: str
    sleep: Callable[[float], None]
    rng: Callable[[], float]

    def get(self, key: Item) -> Mapping[str, Any]:
        """Return the item as it is now; empty where there is none."""
        found = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True)
        return found.get("Item", {})

    def update(self, change: Change) -> Mapping[str, Any]:
        """Apply one change and return the item after it; raise Refused."""
        try:
            return self.client.update_item(
                TableName=self.name,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **change.request(),
            )["Attributes"]
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            raise Refused(item_in(conflict)) from None

    def put(self, put: Put) -> None:
        """Write one item; raise Refused."""
        try:
            self.client.put_item(
                TableName=self.name,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **_put(put),
            )
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            raise Refused(item_in(conflict)) from None

    def remove(self, key: Item) -> None:
        self.client.delete_item(TableName=self.name, Key=key)

    def together(self, *writes: Change | Put | Removal) -> None:
        """Apply all or nothing; raise Refused where a condition did not hold.

        A repeat of what was applied already is refused too: the caller looks whether it was theirs.
        """
        items: Any = [self._part(write) for write in writes]
        for _ in range(CONTENDERS):
            try:
                self.client.transact_write_items(TransactItems=items)
            except ClientError as problem:
                if _code(problem) == "TransactionInProgressException":
                    self.sleep(PAUSE_S)
                    continue
                if _code(problem) != "TransactionCanceledException":
                    raise
                if "ConditionalCheckFailed" in _reasons(problem):
                    raise Refused({}) from None
                if "TransactionConflict" not in _reasons(problem):
                    raise
                self.sleep(PAUSE_S * (1 + 4 * self.rng()))
            else:
                return
        raise Unavailable("Too much is changing at once. Try again.")

    def _part(self, write: Change | Put | Removal) -> dict[str, Any]:
        if isinstance(write, Change):
            return {"Update": {"TableName": self.name, **write.request()}}
        if isinstance(write, Put):
            return {"Put": {"TableName": self.name, **_put(write)}}
        return {"Delete": {"TableName": self.name, "Key": write.key}}


def _put(put: Put) -> dict[str, Any]:
    condition = {"ConditionExpression": "attribute_not_exists(pk)"} if put.fresh else {}
    return {"Item": put.item, **condition}


def _code(problem: ClientError) -> str:
    return str(problem.response["Error"]["Code"])


def _reasons(problem: ClientError) -> Sequence[str]:
    reasons: Any = problem.response.get("CancellationReasons", [])
    return [str(each.get("Code")) for each in reasons]
