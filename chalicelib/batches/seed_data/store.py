"""Seed data in the table: an item for each file in its owner's list."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.batches.lists import newest
from chalicelib.batches.seed_data.items import item_of, partition, set_key, set_of
from chalicelib.batches.seed_data.model import Manifest, SeedDataSet, State
from chalicelib.dynamo import Attribute, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_S = 86_400
WAITS_S = 2 * DAY_S
"""How long an upload is waited for; what was uploaded and never asked for goes then as well."""


class Lost(Exception):
    """What is there now is not what the write expected: deleted, or another's turn."""


@dataclass(frozen=True)
class SeedDataStore:
    """Every write of seed data. `client` retries, so each write survives being applied twice."""

    client: "DynamoDBClient"
    table: str

    def make(self, made: SeedDataSet) -> None:
        """Keep a file that is waited for."""
        self.client.put_item(
            TableName=self.table, Item=item_of(made, made.made_ms // 1000 + WAITS_S)
        )

    def find(self, owner: str, seed_data_id: str, hidden: bool = False) -> SeedDataSet | None:
        """Return the file; None where the owner has no such file. `hidden`: deleted ones too."""
        found = self.client.get_item(
            TableName=self.table, Key=set_key(owner, seed_data_id), ConsistentRead=True
        ).get("Item")
        return set_of(found) if found and (hidden or "gone" not in found) else None

    def page(self, owner: str, before: str, most: int) -> list[SeedDataSet]:
        """Return the newest files of those made before the one named."""
        items = newest(self.client, self.table, partition(owner), before, most)
        return [set_of(item) for item in items]

    def begin(self, seen: SeedDataSet, until_ms: int) -> SeedDataSet:
        """Have a file checked that waits, or whose check is dead; raise Lost when another did."""
        return self._update(
            seen,
            "SET phase = :checking, #until = :until REMOVE holder, expires",
            "phase = :seen AND #attempt = :attempt AND (attribute_not_exists(#until) "
            "OR #until = :was)",
            {
                ":checking": text("checking"),
                ":until": number(until_ms),
                ":seen": text(seen.state),
                ":attempt": number(seen.attempt),
                ":was": number(seen.until_ms),
            },
        )

    def take(self, seen: SeedDataSet, holder: str, now_ms: int, until_ms: int) -> SeedDataSet:
        """Begin an attempt, unless another lives; raise Lost."""
        return self._update(
            seen,
            "SET holder = :holder, #until = :until, rowCount = :none, #attempt = #attempt + :one",
            "phase = :checking AND (attribute_not_exists(holder) OR #until < :now)",
            {
                ":checking": text("checking"),
                ":holder": text(holder),
                ":until": number(until_ms),
                ":now": number(now_ms),
                ":none": number(0),
                ":one": number(1),
            },
            applied=lambda item: item.get("holder") == text(holder),
        )

    def keep(self, taken: SeedDataSet, holder: str, rows: int, until_ms: int) -> None:
        """Show how far the check is and that it lives; raise Lost."""
        self._update(
            taken,
            "SET #until = :until, rowCount = :rows",
            "phase = :checking AND holder = :holder AND #attempt = :attempt",
            {
                ":checking": text("checking"),
                ":holder": text(holder),
                ":attempt": number(taken.attempt),
                ":until": number(until_ms),
                ":rows": number(rows),
            },
        )

    def end(self, taken: SeedDataSet, holder: str, state: State, found: Manifest) -> None:
        """Seal what the attempt found; raise Lost."""
        self._update(
            taken,
            "SET phase = :state, rowCount = :rows, problemCount = :problems REMOVE #until",
            "holder = :holder AND #attempt = :attempt AND phase IN (:checking, :state)",
            {
                ":checking": text("checking"),
                ":state": text(state),
                ":holder": text(holder),
                ":attempt": number(taken.attempt),
                ":rows": number(found.rows),
                ":problems": number(found.problem_count),
            },
        )

    def hide(self, seen: SeedDataSet, now_ms: int) -> None:
        """Take a file away from everybody; raise Lost when it is gone."""
        self._update(
            seen,
            "SET gone = :yes, expires = :later",
            "attribute_exists(pk)",
            {":yes": number(1), ":later": number(now_ms // 1000 + DAY_S)},
            hidden=True,
        )

    def remove(self, owner: str, seed_data_id: str) -> None:
        self.client.delete_item(TableName=self.table, Key=set_key(owner, seed_data_id))

    def _update(
        self,
        seen: SeedDataSet,
        change: str,
        condition: str,
        values: dict[str, Attribute],
        hidden: bool = False,
        applied: Any = None,
    ) -> SeedDataSet:
        names = {"#until": "until", "#attempt": "attempt"}
        both = change + condition
        named: Any = {k: v for k, v in names.items() if k in both}
        optional: Any = {"ExpressionAttributeNames": named} if named else {}
        alive = condition if hidden else f"attribute_not_exists(gone) AND ({condition})"
        try:
            new = self.client.update_item(
                TableName=self.table,
                Key=set_key(seen.owner, seen.seed_data_id),
                UpdateExpression=change,
                ConditionExpression=alive,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **optional,
            )["Attributes"]
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            item: Any = conflict.response.get("Item", {})
            if applied and item and "gone" not in item and applied(item):
                return set_of(item)  # Applied before; the answer was lost.
            raise Lost from None
        return set_of(new)
