"""A person's own keys for programs: shown once, kept as a hash, refused everywhere once revoked."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalicelib.accounts.recent import Recent
from chalicelib.callers import Caller, Scope
from chalicelib.dynamo import Item, key, number, text
from chalicelib.errors import InvalidInput, NotFound, Unauthenticated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "pp_"
MOST_KEYS = 50
KNOWN_FOR_MS = 30_000
"""How long a process believes a key that it has looked up."""
NOTED_EVERY_MS = 1_800_000
"""How exactly the last use is known."""
_TOKEN = re.compile(r"pp_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True)
class ApiKey:
    """What is known of a key; times in epoch milliseconds, 0 for never."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    created_ms: int
    expires_ms: int = 0
    last_used_ms: int = 0


@dataclass(frozen=True)
class ApiKeys:
    """Two items a key: one under its hash, which lets it in, and one in its owner's list."""

    client: "DynamoDBClient"
    table: str
    clock: Callable[[], int]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    known: Recent[Caller] = field(default_factory=lambda: Recent(KNOWN_FOR_MS))

    def make(
        self, caller: Caller, name: str, scopes: Iterable[Scope], expires_ms: int
    ) -> tuple[ApiKey, str]:
        """Return a new key and its text, which nobody can read again."""
        if len(self.of(caller.user_id)) >= MOST_KEYS:
            raise InvalidInput(f"You have {MOST_KEYS} keys already. Revoke one first.")
        secret = PREFIX + self.new_secret()
        made = ApiKey(self.new_id(), name, frozenset(scopes), self.clock(), expires_ms)
        digest = _digest(secret)
        # The list first: a key that lets in can always be revoked.
        listed = {**_in_list(caller.user_id, made.key_id), **_fields(made)}
        self._put({**listed, "digest": text(digest)})
        owner = {"user": text(caller.user_id), "email": text(caller.email)}
        self._put({**_by_digest(digest), **_fields(made), **owner})
        return made, secret

    def of(self, user_id: str) -> list[ApiKey]:
        """Return a person's keys, oldest first."""
        found = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :user AND begins_with(sk, :keys)",
            ExpressionAttributeValues={":user": text(f"USER#{user_id}"), ":keys": text("KEY#")},
            ConsistentRead=True,
        )
        return sorted(map(_key, found["Items"]), key=lambda each: each.created_ms)

    def revoke(self, user_id: str, key_id: str) -> None:
        """Refuse a key from now on; raise NotFound for one that is not this person's."""
        where = _in_list(user_id, key_id)
        found = self.client.get_item(TableName=self.table, Key=where, ConsistentRead=True)
        if "Item" not in found:
            raise NotFound("You have no such key.")
        digest = found["Item"]["digest"]["S"]
        self.client.delete_item(TableName=self.table, Key=_by_digest(digest))
        self.client.delete_item(TableName=self.table, Key=where)
        self.known.forget(digest)

    def caller(self, token: str) -> Caller:
        """Return whose key it is; raise Unauthenticated."""
        if not _TOKEN.fullmatch(token):
            raise Unauthenticated
        digest, now = _digest(token), self.clock()
        caller = self.known.get(digest, now)
        if caller is None:
            caller = self._look_up(digest, now)
            self.known.keep(digest, caller, now)
        if 0 < caller.expires_at_ms <= now:
            raise Unauthenticated
        return caller

    def _look_up(self, digest: str, now: int) -> Caller:
        found = self.client.get_item(
            TableName=self.table, Key=_by_digest(digest), ConsistentRead=True
        )
        if "Item" not in found:
            raise Unauthenticated
        item = found["Item"]
        known = _key(item)
        caller = Caller(
            user_id=item["user"]["S"],
            email=item["email"]["S"],
            scopes=known.scopes,
            expires_at_ms=known.expires_ms,
            proof=item["pk"]["S"],
        )
        if now - known.last_used_ms >= NOTED_EVERY_MS:
            self._note_use(_by_digest(digest), now)
            self._note_use(_in_list(caller.user_id, known.key_id), now)
        return caller

    def _note_use(self, where: Item, now: int) -> None:
        try:
            self.client.update_item(
                TableName=self.table,
                Key=where,
                UpdateExpression="SET lastUsed = :now",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":now": number(now)},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return  # Revoked at this moment.

    def _put(self, item: Item) -> None:
        self.client.put_item(TableName=self.table, Item=item)


def _digest(secret: str) -> str:
    """A plain hash will do: the secret is 256 random bits, which nobody can guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _by_digest(digest: str) -> Item:
    return key(f"APIKEY#{digest}", "APIKEY")


def _in_list(user_id: str, key_id: str) -> Item:
    return key(f"USER#{user_id}", f"KEY#{key_id}")


def _fields(made: ApiKey) -> Item:
    item: Item = {
        "id": text(made.key_id),
        "name": text(made.name),
        "scopes": {"SS": sorted(made.scopes)},
        "created": number(made.created_ms),
        "ends": number(made.expires_ms),
    }
    return item


def _key(item: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        key_id=item["id"]["S"],
        name=item["name"]["S"],
        scopes=cast(frozenset[Scope], frozenset(item["scopes"]["SS"])),
        created_ms=int(item["created"]["N"]),
        expires_ms=int(item["ends"]["N"]),
        last_used_ms=int(item["lastUsed"]["N"]) if "lastUsed" in item else 0,
    )
