"""Who is signed in on which connection, in DynamoDB: only where there are accounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.callers import Caller
from chalicelib.dynamo import Item, key, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR_S = 24 * 3600
KEYS_A_READ = 100


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
            "ends": number(session.ends_ms),
            "expires": number(session.ends_ms // 1000 + KEPT_FOR_S),
        }
        self.client.put_item(TableName=self.table, Item=item)

    def get(self, connection: str) -> Session | None:
        """Return the connection's session, None for one that has never signed in."""
        found = self.client.get_item(
            TableName=self.table, Key=_key(connection), ConsistentRead=True
        )
        return _session(found["Item"]) if "Item" in found else None

    def several(self, connections: Collection[str]) -> dict[str, Session]:
        """Return the sessions of those connections that have signed in."""
        found: dict[str, Session] = {}
        waiting: list[Any] = [_key(connection) for connection in connections]
        while waiting:
            some, waiting = waiting[:KEYS_A_READ], waiting[KEYS_A_READ:]
            answer = self.client.batch_get_item(RequestItems={self.table: {"Keys": some}})
            sessions = map(_session, answer["Responses"].get(self.table, []))
            found |= {session.connection: session for session in sessions}
            unread: Mapping[str, Any] = answer.get("UnprocessedKeys", {})
            waiting += unread.get(self.table, {}).get("Keys", [])
        return found

    def mark_told(self, session: Session) -> bool:
        """Remember that the client knows of this end; False for all but the first to say so."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(session.connection),
                UpdateExpression="SET told = :yes",
                ConditionExpression="ends = :seen AND attribute_not_exists(told)",
                ExpressionAttributeValues={
                    ":yes": {"BOOL": True},
                    ":seen": number(session.ends_ms),
                },
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(connection: str) -> Item:
    return key(f"SESSION#{connection}", "SESSION")


def _session(item: Mapping[str, Any]) -> Session:
    return Session(
        connection=item["pk"]["S"].removeprefix("SESSION#"),
        caller=Caller(user_id=item["user"]["S"], inherits=item["inherits"]["BOOL"]),
        ends_ms=int(item["ends"]["N"]),
        told="told" in item,
    )
