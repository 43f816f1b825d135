"""DynamoDB's attribute values, and the item behind a refused conditional write."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def item_in(conflict: Exception) -> Mapping[str, Any]:
    """Return the item that made DynamoDB refuse a conditional write; empty when there is none.

    The write has to ask for it: `ReturnValuesOnConditionCheckFailure="ALL_OLD"`.
    """
    response: Mapping[str, Any] = getattr(conflict, "response", {})
    item: Mapping[str, Any] = response.get("Item", {})
    return item
