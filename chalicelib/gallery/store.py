"""The gallery in DynamoDB: a partition per month, newest first, so that a page is one query."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Self

from chalicelib.dynamo import Item, key, number, text
from chalicelib.gallery.model import GalleryEntry, month_before, month_of
from chalicelib.verdicts.items import from_verdict, to_verdict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


NEVER_OLDER = 10**15
"""The `seq` of a hidden entry, which no job reaches."""
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
_SORT_KEY = re.compile(r"\d{15}#[0-9a-f-]{1,40}", re.ASCII)


class BadCursor(ValueError):
    """The cursor was not given out by this gallery."""


@dataclass(frozen=True)
class Cursor:
    """A place in the list: just after the job that was made then. Written, it is opaque."""

    month: str
    sort_key: str

    @classmethod
    def of(cls, created_at_ms: int, job_id: str) -> Self:
        return cls(month_of(created_at_ms), f"{created_at_ms:015d}#{job_id}")

    def __str__(self) -> str:
        raw = json.dumps([self.month, self.sort_key]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def parse(cls, cursor: str) -> Self:
        """Return the place; raise BadCursor."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            month, before = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if _MONTH.fullmatch(month) and _SORT_KEY.fullmatch(before):
                return cls(month, before)
        except (ValueError, TypeError):
            pass
        raise BadCursor(cursor)


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
            **key(_partition(entry.month, entry.owner), _place(entry).sort_key),
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
        item |= _judgement(entry)
        try:
            self.client.put_item(
                TableName=self.table,
                Item=item,
                ConditionExpression="attribute_not_exists(seq) OR seq <= :seq",
                ExpressionAttributeValues={":seq": item["seq"]},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return

    def hide(self, owner: str, created_at_ms: int, job_id: str) -> None:
        """Let nobody see an entry any more, nor anybody put it again, until it is removed."""
        place = Cursor.of(created_at_ms, job_id)
        item: Item = {
            **key(_partition(place.month, owner), place.sort_key),
            "deleted": {"BOOL": True},
            "seq": number(NEVER_OLDER),
            "expires": number(created_at_ms // 1000 + self.retention_days * 86_400),
        }
        self.client.put_item(TableName=self.table, Item=item)

    def remove(self, owner: str, created_at_ms: int, job_id: str) -> None:
        """Forget an entry; nothing may put it any more."""
        place = Cursor.of(created_at_ms, job_id)
        self.client.delete_item(
            TableName=self.table, Key=key(_partition(place.month, owner), place.sort_key)
        )

    def page(
        self, limit: int, cursor: str | None, now_ms: int, owners: Sequence[str] = ("",)
    ) -> Page:
        """Return up to `limit` entries of these owners, newest first; raise BadCursor."""
        newest = month_of(now_ms)
        after = Cursor.parse(cursor) if cursor else None
        month, before = (after.month, after.sort_key) if after else (newest, None)
        month = min(month, newest)
        oldest = month_of(now_ms - self.retention_days * 86_400_000)
        found: list[GalleryEntry] = []
        while month >= oldest:
            wanted = limit + 1 - len(found)
            own = [self._query(_partition(month, o), before, wanted, now_ms) for o in owners]
            found += sorted(chain(*own), key=lambda entry: _place(entry).sort_key, reverse=True)[
                :wanted
            ]
            if len(found) > limit:
                return Page(tuple(found[:limit]), str(_place(found[limit - 1])))
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
            "FilterExpression": "#expires > :now AND attribute_not_exists(deleted)",
            "ExpressionAttributeNames": {"#expires": "expires"},
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
            "Limit": limit,
        }


def _partition(month: str, owner: str) -> str:
    return f"GALLERY#{owner}#{month}" if owner else f"GALLERY#{month}"


def _place(entry: GalleryEntry) -> Cursor:
    return Cursor.of(entry.created_at_ms, entry.job_id)


def _judgement(entry: GalleryEntry) -> Item:
    """Return how the job ended, and what its owner says of it."""
    item: Item = {"status": text(entry.status)}
    if entry.starred:
        item["starred"] = {"BOOL": True}
    if entry.verdict:
        item["verdict"] = from_verdict(entry.verdict)
    return item


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
        status=item["status"]["S"] if "status" in item else "",
        starred="starred" in item,
        verdict=to_verdict(item["verdict"]["S"]) if "verdict" in item else None,
    )


def _models(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names; entries made before models were listed hold that of their first picture."""
    if "models" in item:
        return tuple(name["S"] for name in item["models"]["L"])
    return (item["model"]["S"],) if "model" in item else ()
