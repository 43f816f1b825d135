"""Ballots in DynamoDB: a partition for each owner, so that no run is read for a leaderboard."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.dynamo import Item, key, number, text
from chalicelib.verdicts.items import from_verdict, to_verdict
from chalicelib.verdicts.model import Ballot, Contender, Entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST = 20_000
"""So many ballots of an owner are counted, the newest ones."""
NEVER_OLDER = 10**15
"""The `seq` of a hidden ballot, which no job reaches."""
MOST_KEPT_S = 366 * 86_400
"""Longer than anything is kept."""


@dataclass(frozen=True)
class BallotStore:
    """The ballots of judged runs."""

    client: "DynamoDBClient"
    table: str

    def put(self, ballot: Ballot) -> None:
        """Put a ballot unless a newer one of the same job is there; repeating it is safe."""
        item: Item = {
            **_key(ballot.owner, ballot.created_at_ms, ballot.job_id),
            "expires": number(ballot.expires_at_ms // 1000),
            "seq": number(ballot.seq),
        }
        if ballot.verdict:
            item["verdict"] = from_verdict(ballot.verdict)
            item["entries"] = text(json.dumps([_fields(e) for e in ballot.entries]))
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
        """Let a ballot count no more, nor anybody put it again, until it is removed."""
        hidden: Item = {
            **_key(owner, created_at_ms, job_id),
            "seq": number(NEVER_OLDER),
            "expires": number(created_at_ms // 1000 + MOST_KEPT_S),
        }
        self.client.put_item(TableName=self.table, Item=hidden)

    def remove(self, owner: str, created_at_ms: int, job_id: str) -> None:
        """Forget a ballot; nothing may put it any more."""
        self.client.delete_item(TableName=self.table, Key=_key(owner, created_at_ms, job_id))

    def given(
        self, owners: Sequence[str], first_ms: int, after_ms: int, now_ms: int
    ) -> list[Ballot]:
        """Return the ballots of these owners' runs that were made from `first_ms` on and before
        `after_ms`, oldest first, and of more than can be counted the newest.
        """
        found = [b for o in owners for b in self._of(o, first_ms, after_ms, now_ms)]
        return sorted(found, key=lambda b: (b.created_at_ms, b.job_id))[-MOST:]

    def _of(self, owner: str, first_ms: int, after_ms: int, now_ms: int) -> Iterator[Ballot]:
        count = 0
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :owner AND sk BETWEEN :first AND :after",
            FilterExpression="attribute_exists(verdict) AND #expires > :now",
            ExpressionAttributeNames={"#expires": "expires"},
            ExpressionAttributeValues={
                ":owner": text(_partition(owner)),
                ":first": text(f"{first_ms:015d}"),
                ":after": text(f"{after_ms:015d}"),
                ":now": number(now_ms // 1000),
            },
            ScanIndexForward=False,
        )
        for page in pages:
            for item in page["Items"]:
                yield _ballot(owner, item)
            count += len(page["Items"])
            if count >= MOST:
                return


def _partition(owner: str) -> str:
    return f"BALLOTS#{owner}"


def _key(owner: str, created_at_ms: int, job_id: str) -> Item:
    return key(_partition(owner), f"{created_at_ms:015d}#{job_id}")


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if value is not None}


def _ballot(owner: str, item: Mapping[str, Any]) -> Ballot:
    made, _, job_id = item["sk"]["S"].partition("#")
    return Ballot(
        job_id=job_id,
        owner=owner,
        created_at_ms=int(made),
        expires_at_ms=int(item["expires"]["N"]) * 1000,
        seq=int(item["seq"]["N"]),
        verdict=to_verdict(item["verdict"]["S"]),
        entries=tuple(_entry(fields) for fields in json.loads(item["entries"]["S"])),
    )


def _entry(fields: Mapping[str, Any]) -> Entry:
    return Entry(**{**fields, "contender": Contender(**fields["contender"])})
