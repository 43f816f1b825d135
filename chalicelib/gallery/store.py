"""The gallery in DynamoDB: a partition per month, newest first, so that a page is one query."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from chalicelib.dynamo import Item, key, number, text
from chalicelib.gallery.model import GalleryEntry, month_before, month_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class BadCursor(ValueError):
    """The cursor was not given out by this gallery."""


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and the cursor of the page after them."""

    entries: tuple[GalleryEntry, ...]
    cursor: str | None


@dataclass(frozen=True)
class GalleryStore:
    """Entries of finished jobs."""

    client: "DynamoDBClient"
    table: str
    retention_days: int

    def put(self, entry: GalleryEntry) -> None:
        """Put an entry unless a newer one of the same job is there; repeating it is safe."""
        item: Item = {
            **key(_partition(entry.month, entry.owner), _sort_key(entry)),
            "job": text(entry.job_id),
            "target": text(entry.target),
            "prompt": text(entry.prompt),
            "created": number(entry.created_at_ms),
            "expires": number(entry.expires_at_ms // 1000),
            "images": number(entry.images),
            "seq": number(entry.seq),
            "models": {"L": [text(name) for name in entry.models]},
        }
        if entry.thumb_key:
            item["thumb"] = text(entry.thumb_key)
        if entry.model:
            item["model"] = text(entry.model)
        try:
            self.client.put_item(
                TableName=self.table,
                Item=item,
                ConditionExpression="attribute_not_exists(seq) OR seq <= :seq",
                ExpressionAttributeValues={":seq": item["seq"]},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return

    def page(
        self, limit: int, cursor: str | None, now_ms: int, owners: Sequence[str] = ("",)
    ) -> Page:
        """Return up to `limit` entries of these owners, newest first; raise BadCursor."""
        newest = month_of(now_ms)
        month, before = _decode(cursor) if cursor else (newest, None)
        month = min(month, newest)
        oldest = month_of(now_ms - self.retention_days * 86_400_000)
        found: list[GalleryEntry] = []
        while month >= oldest:
            wanted = limit + 1 - len(found)
            own = [self._query(_partition(month, o), before, wanted, now_ms) for o in owners]
            found += sorted(chain(*own), key=_sort_key, reverse=True)[:wanted]
            if len(found) > limit:
                return Page(tuple(found[:limit]), _encode(found[limit - 1]))
            month, before = month_before(month), None
        return Page(tuple(found), None)

    def _query(
        self, partition: str, before: str | None, limit: int, now_ms: int
    ) -> list[GalleryEntry]:
        """Read on past expired entries, which DynamoDB deletes late and counts as read."""
        found: list[GalleryEntry] = []
        while True:
            answer = self.client.query(**self._request(partition, before, limit, now_ms))
            found += [_entry(item) for item in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            if last is None or len(found) >= limit:
                return found[:limit]
            before = last["sk"]["S"]

    def _request(
        self, partition: str, before: str | None, limit: int, now_ms: int
    ) -> dict[str, Any]:
        values: Item = {":month": text(partition), ":now": number(now_ms // 1000)}
        condition = "pk = :month"
        if before:
            condition += " AND sk < :before"
            values[":before"] = text(before)
        return {
            "TableName": self.table,
            "KeyConditionExpression": condition,
            "FilterExpression": "#expires > :now",
            "ExpressionAttributeNames": {"#expires": "expires"},
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
            "Limit": limit,
        }


def _partition(month: str, owner: str) -> str:
    return f"GALLERY#{owner}#{month}" if owner else f"GALLERY#{month}"


def _sort_key(entry: GalleryEntry) -> str:
    return f"{entry.created_at_ms:015d}#{entry.job_id}"


def _entry(item: Mapping[str, Any]) -> GalleryEntry:
    return GalleryEntry(
        job_id=item["job"]["S"],
        target=item["target"]["S"],
        prompt=item["prompt"]["S"],
        created_at_ms=int(item["created"]["N"]),
        expires_at_ms=int(item["expires"]["N"]) * 1000,
        images=int(item["images"]["N"]),
        seq=int(item["seq"]["N"]),
        thumb_key=item["thumb"]["S"] if "thumb" in item else None,
        model=item["model"]["S"] if "model" in item else None,
        models=_models(item),
    )


def _models(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names; entries made before models were listed hold that of their first picture."""
    if "models" in item:
        return tuple(name["S"] for name in item["models"]["L"])
    return (item["model"]["S"],) if "model" in item else ()


def _encode(last: GalleryEntry) -> str:
    raw = json.dumps([last.month, _sort_key(last)]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str) -> tuple[str, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        month, before = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month, re.ASCII) and re.fullmatch(
            r"\d{15}#[0-9a-f-]{1,40}", before, re.ASCII
        ):
            return month, before
    except (ValueError, TypeError):
        pass
    raise BadCursor(cursor)
