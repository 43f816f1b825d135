"""Links by which anybody may look at one run until they end or are revoked."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.callers import Caller
from chalicelib.dynamo import Item, key, number, text
from chalicelib.errors import NotFound
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import JobService
from chalicelib.jobs.store import JobStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class UnknownShare(NotFound):
    """There is no such link, or it has ended, or its run is gone."""

    def __init__(self) -> None:
        super().__init__("There is no such link, or it has ended.")


@dataclass(frozen=True)
class Share:
    """A link's secret and when it ends, in epoch milliseconds."""

    token: str
    ends_ms: int


@dataclass(frozen=True)
class Shares:
    """At most one link a job, kept as a hash. `clock` in epoch milliseconds."""

    client: "DynamoDBClient"
    table: str
    service: JobService
    store: JobStore
    clock: Callable[[], int]
    new_secret: Callable[[], str]

    def share(self, job_id: str, caller: Caller, ends_ms: int | None) -> Share:
        """Return a new link, which takes the place of the one before; raise UnknownJob."""
        job = self.service.get(job_id, caller)
        ends_ms = job.expires_at if ends_ms is None else min(ends_ms, job.expires_at)
        share = Share(self.new_secret(), ends_ms)
        ends: Item = {"ends": number(ends_ms), "expires": number(ends_ms // 1000)}
        digest = _digest(share.token)
        self._put({**_by_digest(digest), "job": text(job_id), **ends})
        self._put({**_by_job(job_id), "digest": text(digest), **ends})
        return share

    def revoke(self, job_id: str, caller: Caller) -> None:
        """End the job's link, if it has one; raise UnknownJob."""
        self.service.get(job_id, caller)
        self.client.delete_item(TableName=self.table, Key=_by_job(job_id))

    def look(self, token: str) -> tuple[Job, int]:
        """Return the run behind a link, and when the link ends; raise UnknownShare.

        The job's own item says which link it has: one that was replaced or revoked is none.
        """
        digest = _digest(token)
        link = self._get(_by_digest(digest))
        job_id = link["job"]["S"] if link else ""
        current = self._get(_by_job(job_id)) if job_id else {}
        if not current or current["digest"]["S"] != digest:
            raise UnknownShare
        now, ends_ms = self.clock(), int(current["ends"]["N"])
        if ends_ms <= now:
            raise UnknownShare
        try:
            return self.store.get(job_id, now), ends_ms
        except NotFound:
            raise UnknownShare from None

    def _put(self, item: Item) -> None:
        self.client.put_item(TableName=self.table, Item=item)

    def _get(self, where: Item) -> Mapping[str, Any]:
        found = self.client.get_item(TableName=self.table, Key=where, ConsistentRead=True)
        return found.get("Item", {})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _by_digest(digest: str) -> Item:
    return key(f"SHARE#{digest}", "SHARE")


def _by_job(job_id: str) -> Item:
    return key(f"JOB#{job_id}", "SHARE")
