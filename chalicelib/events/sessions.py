"""Who is signed in on which connection, in DynamoDB: only where there are accounts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.callers import Caller
from chalicelib.dynamo import Item, key, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 24 * 3600
KEYS_A_READ = 100
PROOF = "APIKEY"
"""The sort key of the item that an API key stands and falls with."""


@dataclass(frozen=True)
class Session:
    """Somebody signed in on a connection until `ends_ms`; `told` says that they know of its end."""

    connection: str
    caller: Caller
    ends_ms: int
    told: bool = False


@dataclass(frozen=True)
class SessionStore:
    """One item for each connection that has signed in."""

    client: "DynamoDBClient"
    table: str

    def put(self, session: Session) -> None:
        """Let a session begin, or go on longer."""
        caller = session.caller
        item: Item = {
            **_key(session.connection),
            "user": text(caller.user_id),
            "inherits": {"BOOL": caller.inherits},
            "proof": text(caller.proof),
            "ends": number(session.ends_ms),
            "expires": number(session.ends_ms // 1000 + KEPT_FOR_S),
        }
        self.client.put_item(TableName=self.table, Item=item)

    def get(self, connection: str) -> Session | None:
        """Return the connection's session, None for one that has never signed in."""
        return self.several([connection]).get(connection)

    def several(self, connections: Collection[str]) -> dict[str, Session]:
        """Return the sessions of those connections that have signed in.

        One whose API key was revoked has ended.
        """
        found = [_session(item) for item in self._read([_key(c) for c in connections])]
        proofs = {session.caller.proof for session in found} - {""}
        standing = {item["pk"]["S"] for item in self._read([key(p, PROOF) for p in proofs])}
        ended = proofs - standing
        return {
            s.connection: replace(s, ends_ms=0) if s.caller.proof in ended else s for s in found
        }

    def _read(self, keys: Sequence[Item]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        waiting: list[Any] = list(keys)
        while waiting:
            some, waiting = waiting[:KEYS_A_READ], waiting[KEYS_A_READ:]
            wanted: Any = {"Keys": some, "ConsistentRead": True}
            answer = self.client.batch_get_item(RequestItems={self.table: wanted})
            found += answer["Responses"].get(self.table, [])
            unread: Mapping[str, Any] = answer.get("UnprocessedKeys", {})
            waiting += unread.get(self.table, {}).get("Keys", [])
        return found

    def mark_told(self, session: Session) -> bool:
        """Remember that the client knows of the end; False for all but the first to say so."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(session.connection),
                UpdateExpression="SET told = :yes",
                ConditionExpression="attribute_exists(pk) AND attribute_not_exists(told)",
                ExpressionAttributeValues={":yes": {"BOOL": True}},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(connection: str) -> Item:
    return key(f"SESSION#{connection}", "SESSION")


def _session(item: Mapping[str, Any]) -> Session:
    return Session(
        connection=item["pk"]["S"].removeprefix("SESSION#"),
        caller=Caller(
            user_id=item["user"]["S"],
            inherits=item["inherits"]["BOOL"],
            proof=item["proof"]["S"],
        ),
        ends_ms=int(item["ends"]["N"]),
        told="told" in item,
    )
