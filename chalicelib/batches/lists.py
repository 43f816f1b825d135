"""What an owner has of one kind, newest first: items in one partition, sorted by their ids."""

from typing import TYPE_CHECKING

from chalicelib.dynamo import Item, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def newest(
    client: "DynamoDBClient", table: str, partition: str, before: str, most: int
) -> list[Item]:
    """Return the newest items of those whose sort key is below `before`.

    Deleted ones, marked `gone`, are passed over, so that a page is full while there are more.
    """
    values: Item = {":owner": text(partition), ":before": text(before)}
    found: list[Item] = []
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :owner AND sk < :before",
        FilterExpression="attribute_not_exists(gone)",
        ExpressionAttributeValues=values,
        ScanIndexForward=False,
        PaginationConfig={"PageSize": most},
    )
    for page in pages:
        found += page["Items"]
        if len(found) >= most:
            break
    return found[:most]
