"""Creates the table, the bucket and the queue of batches as the template describes them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3

from devstack.template import Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import LifecycleRuleTypeDef

TABLE = "pixel-prompt-local"
BUCKET = "pixel-prompt-local-images"
ROW_QUEUE = "pixel-prompt-local-rows"
REGION = "us-east-1"
SAME_AS_TEMPLATE = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
)


def bootstrap(endpoint: str, template: Template, retention_days: int) -> None:
    """Leaves them as the template says, whether they existed or not."""
    session = boto3.Session("local", "local", region_name=REGION)
    _table(session.client("dynamodb", endpoint_url=endpoint), template.table())
    _queue(session.client("sqs", endpoint_url=endpoint), template.row_queue())
    _bucket(session.client("s3", endpoint_url=endpoint), template.expirations(retention_days))


def _queue(sqs: Any, wanted: Mapping[str, Any]) -> None:
    """Messages are hints, so one that is lost with an earlier engine is offered again."""
    seconds = str(wanted["VisibilityTimeout"])
    sqs.create_queue(QueueName=ROW_QUEUE, Attributes={"VisibilityTimeout": seconds})


def _bucket(s3: S3Client, expirations: Sequence[tuple[str, int]]) -> None:
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=BUCKET)
    rules: list[LifecycleRuleTypeDef] = [
        {"Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": days}}
        for prefix, days in expirations
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": rules})


def _table(dynamodb: DynamoDBClient, wanted: Mapping[str, Any]) -> None:
    properties = {name: wanted[name] for name in SAME_AS_TEMPLATE if name in wanted}
    try:
        present = dynamodb.describe_table(TableName=TABLE)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        dynamodb.create_table(TableName=TABLE, **properties)
    else:
        _add_indexes(dynamodb, present, properties)
    _expire(dynamodb, wanted.get("TimeToLiveSpecification"))


def _add_indexes(
    dynamodb: DynamoDBClient, present: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """An index that the template gained since the table was made."""
    known = {index["IndexName"] for index in present.get("GlobalSecondaryIndexes", ())}
    for index in wanted.get("GlobalSecondaryIndexes", ()):
        if index["IndexName"] not in known:
            dynamodb.update_table(
                TableName=TABLE,
                AttributeDefinitions=wanted["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )


def _expire(dynamodb: DynamoDBClient, wanted: Any) -> None:
    status = dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    if wanted and status.get("TimeToLiveStatus") != "ENABLED":
        dynamodb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=wanted)
