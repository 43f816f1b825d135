"""DynamoDB's attribute values, and the item behind a refused conditional write."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Attribute = AttributeValueTypeDef
else:
    Attribute = Mapping[str, Any]

Item = dict[str, Attribute]


def key(partition: str, sort: str) -> Item:
    """Return the primary key of an item."""
    return {"pk": text(partition), "sk": text(sort)}


def number(value: int) -> Attribute:
    """Return a whole number as an attribute value."""
    return {"N": str(value)}


def text(value: str) -> Attribute:
    """Return a string as an attribute value."""
    return {"S": value}


def read_fast(client: "DynamoDBClient") -> None:
    """Let the client give what queries find as it comes; binary values stay base64, as text.

    The SDK looks at every attribute for each of the ten types that it may have, which takes longer
    than all else that is done with a row.
    """
    client.meta.events.register("before-parse.dynamodb.Query", _as_it_comes, unique_id=__name__)


def _as_it_comes(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    if response_dict["status_code"] == HTTPStatus.OK:
        customized_response_dict.update(json.loads(response_dict["body"]))
        response_dict["body"] = b"{}"


def item_in(conflict: Exception) -> Mapping[str, Any]:
    """Return the item that made DynamoDB refuse a conditional write; empty when there is none.

    The write has to ask for it: `ReturnValuesOnConditionCheckFailure="ALL_OLD"`.
    """
    response: Mapping[str, Any] = getattr(conflict, "response", {})
    item: Mapping[str, Any] = response.get("Item", {})
    return item
