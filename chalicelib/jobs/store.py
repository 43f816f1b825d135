"""Jobs in DynamoDB: one item each, changed only by conditional updates.

boto3 repeats a call whose answer was lost, so every write here may be applied twice: its condition
names who writes, and a refused write reads back the item to see whether it was its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.callers import UNOWNED
from chalicelib.dynamo import item_in, number, text
from chalicelib.errors import NotFound, TooManySubscribers
from chalicelib.jobs import items
from chalicelib.jobs.change import Change
from chalicelib.jobs.model import (
    DISPATCH_GRACE_MS,
    Grave,
    Job,
    LeaseRequest,
    Phase,
    PreviewState,
    Reserved,
    SlotResult,
    preview_mark,
)
from chalicelib.verdicts.items import from_verdict
from chalicelib.verdicts.model import Verdict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_SUBSCRIBERS = 500
KEYS_A_READ = 100
OPEN_INDEX = "open"
JOB_ID = re.compile(r"[0-9a-f-]{36}", re.ASCII)


class UnknownJob(NotFound):
    """There is no such job, or it has expired."""

    def __init__(self) -> None:
        super().__init__("There is no such job, or it has expired.")


class DeletedJob(UnknownJob):
    """The job was deleted, and `grave` stands in its place."""

    def __init__(self, grave: Grave) -> None:
        super().__init__()
        self.grave = grave


class Superseded(Exception):
    """Somebody else's write came first; `job` is what stands now."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job


class JobStore:
    """The only reader and writer of job items."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def create(self, job: Job) -> Job:
        """Put the job if its id is free, and return the job that is under that id."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=items.from_job(job),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as conflict:
            return _job(item_in(conflict))
        return job

    def get(self, job_id: str, now: int) -> Job:
        """Return the job; raise UnknownJob, or DeletedJob.

        Expiry is judged here because DynamoDB deletes late.
        """
        _check_id(job_id)
        answer = self._client.get_item(
            TableName=self._table, Key=items.key(job_id), ConsistentRead=True
        )
        if "Item" not in answer:
            raise UnknownJob
        job = _job(answer["Item"])
        if job.expires_at <= now:
            raise UnknownJob
        return job

    def several(self, job_ids: Sequence[str], now: int) -> list[Job]:
        """Return those of the jobs that there are and that can be read, in no order."""
        found: list[Job] = []
        waiting: list[Any] = [items.key(job_id) for job_id in job_ids]
        while waiting:
            some, waiting = waiting[:KEYS_A_READ], waiting[KEYS_A_READ:]
            answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": some}})
            for item in answer["Responses"].get(self._table, []):
                with suppress(UnknownJob, items.UnreadableJob):
                    found.append(_job(item))
            waiting += answer.get("UnprocessedKeys", {}).get(self._table, {"Keys": []})["Keys"]
        return [job for job in found if job.expires_at > now]

    def bury(self, job: Job, grave: Grave, wake: int) -> None:
        """Put a grave in the job's place; raise Superseded if the job has changed since."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=items.from_grave(grave, wake),
                ConditionExpression="seq = :seen",
                ExpressionAttributeValues={":seen": number(job.seq)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as conflict:
            old = item_in(conflict)
            if old and "deleted" not in old:
                raise Superseded(items.to_job(old)) from None

    def keep_grave(self, grave: Grave, wake: int) -> None:
        """Set when the reaper looks at a grave again."""
        self._client.put_item(TableName=self._table, Item=items.from_grave(grave, wake))

    def remove_grave(self, grave: Grave) -> None:
        """Forget that there ever was such a job."""
        self._client.delete_item(TableName=self._table, Key=items.key(grave.job_id))

    def lease(
        self,
        job_id: str,
        requests: Sequence[LeaseRequest],
        now: int,
        next_look: int | None = None,
    ) -> Job:
        """Take all the slots requested, or none; then raise Superseded.

        `next_look` is when the reaper has to look because of the other slots, if it has to.
        """
        change = Change(now)
        for request in requests:
            change.set(f"claims.{change.name(request.index)}", items.from_lease(request.lease))
            change.require_unended(request.index)
            change.require_holder(request.index, request.takes_over)
        looks = [request.lease.next_look(now) for request in requests]
        change.set("wake", number(min(looks if next_look is None else [*looks, next_look])))
        try:
            return self._apply(job_id, change)
        except Superseded as conflict:
            current = conflict.job.leases
            if all(current.get(b.index) == b.lease for b in requests):
                return conflict.job
            raise

    def keep_ticket(self, job_id: str, index: int, holder: str, ticket: str) -> None:
        """Keep a resumable provider's ticket; raise Superseded when the lease is gone."""
        change = Change()
        change.set(f"claims.{change.name(index)}.ticket", text(ticket))
        change.require_holder(index, holder)
        self._apply(job_id, change)

    def note_phase(
        self, job_id: str, index: int, holder: str, phase: Phase, now: int, ticket: str = ""
    ) -> Job:
        """Note what a handed-over call waits for, and its ticket; raise Superseded at its end."""
        change = Change(now)
        path = f"claims.{change.name(index)}"
        change.set(f"{path}.phase", text(phase))
        if ticket:
            change.set(f"{path}.ticket", text(ticket))
        change.require_unended(index)
        change.require_holder(index, holder)
        return self._apply(job_id, change)

    def record(
        self,
        job_id: str,
        results: Sequence[SlotResult],
        now: int,
        *,
        cancelled: bool = False,
    ) -> Job:
        """Record the ends of slots, all or none; one that was written before never changes.

        `cancelled` says that the whole job is. Raise Superseded when a slot has another end,
        or another holder, by now.
        """
        change = Change(now)
        for end in results:
            change.set(f"results.{change.name(end.index)}", items.from_outcome(end.outcome))
            change.require_unended(end.index)
            change.require_holder(end.index, end.holder)
        if cancelled:
            change.set("cancelled", number(now))
        try:
            return self._apply(job_id, change)
        except Superseded as conflict:
            current = conflict.job.outcomes
            if all(current.get(s.index) == s.outcome for s in results):
                return conflict.job
            raise

    def record_previews(
        self, job: Job, states: Mapping[int, PreviewState], now: int, *, closes: bool = False
    ) -> Job:
        """Record which pictures have previews, or cannot have any; once more changes nothing.

        A mark names the attempt, so that a late one says nothing of another attempt's picture.
        `closes` takes the job off the reaper's list too. Raise Superseded when it has changed
        since.
        """
        marks = {preview_mark(i, job.attempt(i), state) for i, state in states.items()}
        change = Change(now)
        change.add("previewed", marks)
        if closes:
            change.remove("open", "wake")
            change.require("seq = :seen", {":seen": number(job.seq)})
        try:
            return self._apply(job.id, change)
        except Superseded as conflict:
            if marks <= conflict.job.previewed and not (closes and conflict.job.is_open):
                return conflict.job
            raise

    def reopen(
        self,
        job: Job,
        indices: Iterable[int],
        token: str,
        now: int,
        deadline: int,
        reserved: Mapping[int, Reserved] = MappingProxyType({}),
    ) -> Job:
        """Give ended slots a new attempt; `token` makes the same call known when repeated."""
        change = Change(now)
        for index in indices:
            name = change.name(index)
            change.set(f"attempts.{name}", number(job.attempt(index) + 1))
            change.remove(f"results.{name}", f"claims.{name}")
            change.require_outcome(index, job.outcomes[index])
            if index in reserved:
                change.set(f"holds.{name}", items.from_reserved(reserved[index]))
        change.set("open", text("1"))
        change.set("wake", number(now))
        change.set("deadline", number(deadline))
        change.set("token", text(token))
        change.remove("cancelled")
        try:
            return self._apply(job.id, change)
        except Superseded as conflict:
            if conflict.job.token == token:
                return conflict.job
            raise

    def judge(self, job: Job, verdict: Verdict | None, stars: frozenset[str], now: int) -> Job:
        """Set what the owner says of the job's pictures; raise Superseded if it has changed since.

        A job that has ended goes onto the reaper's list until what follows from it has happened.
        """
        change = Change(now)
        if verdict or job.judged:
            change.set("verdict", from_verdict(verdict))
        if stars:
            change.set("stars", {"SS": sorted(stars)})
        else:
            change.remove("stars")
        if job.finished:
            change.set("open", text("1"))
            change.set("wake", number(now + DISPATCH_GRACE_MS))
        change.require("seq = :seen", {":seen": number(job.seq)})
        try:
            return self._apply(job.id, change)
        except Superseded as conflict:
            if (conflict.job.verdict, conflict.job.stars) == (verdict, stars):
                return conflict.job
            raise

    def close(self, job: Job) -> None:
        """Take a finished job off the reaper's list unless it has changed since."""
        change = Change()
        change.remove("open", "wake")
        self._apply_unless_changed(job, change)

    def postpone(self, job: Job, wake: int) -> None:
        """Set when the reaper looks again."""
        change = Change()
        change.set("wake", number(wake))
        self._apply_unless_changed(job, change)

    def _apply_unless_changed(self, job: Job, change: Change) -> None:
        change.require("seq = :seen", {":seen": number(job.seq)})
        with suppress(Superseded):
            self._apply(job.id, change)

    def subscribe(
        self, job_id: str, connection: str, now: int, owners: Sequence[str] = (UNOWNED,)
    ) -> Job:
        """Add the subscriber and return the job in one step, so that nothing falls between.

        Raise UnknownJob, also where none of the owners has it, and TooManySubscribers.
        """
        _check_id(job_id)
        named = {f":owner{n}": text(owner) for n, owner in enumerate(owners) if owner}
        own = [f"#owner = {name}" for name in named]
        own += ["attribute_not_exists(#owner)"] if UNOWNED in owners else []
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=items.key(job_id),
                UpdateExpression="ADD subscribers :one",
                ConditionExpression="attribute_exists(seq) AND #expires > :now AND"
                f" ({' OR '.join(own)}) AND ("
                "attribute_not_exists(subscribers) OR size(subscribers) < :most"
                " OR contains(subscribers, :connection))",
                ExpressionAttributeNames={"#expires": "expires", "#owner": "owner"},
                ExpressionAttributeValues={
                    ":one": {"SS": [connection]},
                    ":connection": text(connection),
                    ":most": number(MAX_SUBSCRIBERS),
                    ":now": number(now // 1000),
                    **named,
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as conflict:
            old = item_in(conflict)
            job = _job(old) if old else None
            if job is None or job.expires_at <= now or job.owner not in owners:
                raise UnknownJob from None
            raise TooManySubscribers(MAX_SUBSCRIBERS) from None
        return items.to_job(answer["Attributes"])

    def unsubscribe(self, job_id: str, connections: Iterable[str]) -> None:
        """Remove connections from a job's subscribers. Unknown ids are ignored."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=items.key(job_id),
                UpdateExpression="DELETE subscribers :gone",
                ConditionExpression="attribute_exists(seq)",
                ExpressionAttributeValues={":gone": {"SS": list(connections)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def due(self, now: int, limit: int = 1000) -> list[str]:
        """Return ids of open jobs whose time to be looked at has come, longest waiting first."""
        answer = self._client.query(
            TableName=self._table,
            IndexName=OPEN_INDEX,
            KeyConditionExpression="#open = :one AND wake <= :now",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":one": text("1"), ":now": number(now)},
            Limit=limit,
        )
        return [items.job_id_of(item) for item in answer["Items"]]

    def open_ids(self) -> list[str]:
        """Return the ids of all jobs that the reaper still looks after."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=OPEN_INDEX,
            KeyConditionExpression="#open = :one",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":one": text("1")},
        )
        return [items.job_id_of(item) for page in pages for item in page["Items"]]

    def _apply(self, job_id: str, change: Change) -> Job:
        try:
            answer = self._client.update_item(
                TableName=self._table, Key=items.key(job_id), **change.request()
            )
        except self._client.exceptions.ConditionalCheckFailedException as conflict:
            if old := item_in(conflict):
                raise Superseded(_job(old)) from None
            raise UnknownJob from None
        return items.to_job(answer["Attributes"])


def _job(item: Mapping[str, Any]) -> Job:
    """Return the job in an item; raise DeletedJob where a grave stands in its place."""
    if grave := items.to_grave(item):
        raise DeletedJob(grave)
    return items.to_job(item)


def _check_id(job_id: str) -> None:
    """Raise UnknownJob for a malformed id; DynamoDB would reject it as invalid."""
    if not JOB_ID.fullmatch(job_id):
        raise UnknownJob
