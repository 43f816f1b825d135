"""The one administrator to whom everything belongs that was made before there were accounts."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.dynamo import item_in, key, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = ("ACCOUNTS", "FIRST_ADMINISTRATOR")


@dataclass
class Heir:
    """One item, written once by the first administrator who comes; asked once a process."""

    client: "DynamoDBClient"
    table: str
    _known: str = field(default="", init=False)

    def is_heir(self, user_id: str) -> bool:
        """Return whether an administrator is the first one; whoever comes first is, for good."""
        if not self._known:
            self._known = self._first(user_id)
        return self._known == user_id

    def _first(self, user_id: str) -> str:
        try:
            self.client.put_item(
                TableName=self.table,
                Item={**key(*_KEY), "user": text(user_id)},
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as conflict:
            return str(item_in(conflict)["user"]["S"])
        return user_id
