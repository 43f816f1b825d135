"""Templates in the table: a head in its owner's list, and an item for each version.

A version's item is written once, under a name of its own, and nothing sees it before the head
names it. That is one conditional write, so that of two changes at once one is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.batches.lists import newest
from chalicelib.batches.templates.items import (
    Head,
    head_key,
    head_of,
    shown,
    version_item,
    version_key,
    version_of,
)
from chalicelib.batches.templates.model import Template, Version
from chalicelib.dynamo import Item, item_in, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_S = 86_400


class Conflict(Exception):
    """The template was changed or deleted meanwhile."""


@dataclass(frozen=True)
class TemplateStore:
    """Every write of a template. `client` retries, so each write survives being applied twice."""

    client: "DynamoDBClient"
    table: str

    def make(self, version: Version, owner: str, part: str) -> None:
        """Keep the first version of a new template."""
        self._put(version_item(version, part))
        made = number(version.made_ms)
        self._put(
            {
                **head_key(owner, version.template_id),
                **shown(version.template),
                "parts": {"L": [text(part)]},
                "made": made,
                "changed": made,
            }
        )

    def change(self, head: Head, version: Version, part: str) -> None:
        """Keep the version after the head's own; raise Conflict where that is not the newest."""
        self._put(version_item(version, part))
        try:
            self._name_part(head, version.template, part, version.made_ms)
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            current = item_in(conflict)
            if current and "gone" not in current and part in head_of(current).parts:
                return  # Applied before; the answer was lost.
            self._delete(version_key(version.template_id, part))
            raise Conflict from None

    def _name_part(self, head: Head, template: Template, part: str, now_ms: int) -> None:
        fields = shown(template)
        self.client.update_item(
            TableName=self.table,
            Key=head_key(head.owner, head.template_id),
            UpdateExpression=(
                "SET #name = :name, shown = :shown, changed = :now, "
                "parts = list_append(parts, :part)"
            ),
            ConditionExpression="size(parts) = :version AND attribute_not_exists(gone)",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues={
                ":name": fields["name"],
                ":shown": fields["shown"],
                ":now": number(now_ms),
                ":part": {"L": [text(part)]},
                ":version": number(head.version),
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def head(self, owner: str, template_id: str) -> Head | None:
        """Return the head; None where the owner has no such template."""
        found = self.client.get_item(
            TableName=self.table, Key=head_key(owner, template_id), ConsistentRead=True
        ).get("Item")
        return head_of(found) if found and "gone" not in found else None

    def version(self, head: Head, count: int) -> Version | None:
        """Return one version, counted from 1; None where there is none."""
        if not 1 <= count <= head.version:
            return None
        where = version_key(head.template_id, head.parts[count - 1])
        found = self.client.get_item(TableName=self.table, Key=where, ConsistentRead=True)
        return version_of(found["Item"]) if "Item" in found else None

    def page(self, owners: Iterable[str], before: str, most: int) -> list[Head]:
        """Return heads, the newest template's first, from those made before the one named."""
        lists = [self._page(owner, before, most) for owner in owners]
        merged = merge(*lists, key=lambda head: head.template_id, reverse=True)
        return list(islice(merged, most))

    def _page(self, owner: str, before: str, most: int) -> list[Head]:
        items = newest(self.client, self.table, f"TEMPLATES#{owner}", before, most)
        return [head_of(item) for item in items]

    def count(self, owner: str, most: int) -> int:
        """Return how many templates an owner has, up to `most`."""
        return len(self._page(owner, "~", most))

    def delete(self, head: Head, now_ms: int) -> None:
        """Hide a template at once and remove it; done again, it removes what was left."""
        where = head_key(head.owner, head.template_id)
        try:
            old = self.client.update_item(
                TableName=self.table,
                Key=where,
                UpdateExpression="SET gone = :yes, expires = :later",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={
                    ":yes": number(1),
                    ":later": number(now_ms // 1000 + DAY_S),
                },
                ReturnValues="ALL_NEW",
            )["Attributes"]
        except self.client.exceptions.ConditionalCheckFailedException:
            return  # Deleted at this moment by somebody else.
        for part in head_of(old).parts:
            self._delete(version_key(head.template_id, part))
        self._delete(where)

    def _put(self, item: Item) -> None:
        self.client.put_item(TableName=self.table, Item=item)

    def _delete(self, where: Item) -> None:
        self.client.delete_item(TableName=self.table, Key=where)
