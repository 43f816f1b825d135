"""Exports of a batch in a factory: asked for, made, and read."""

from typing import Any
from urllib.parse import unquote

from chalicelib.batches.exports.model import Export, Spec
from chalicelib.batches.exports.service import Shown
from chalicelib.batches.runs.model import Batch
from tests.unit.batches.factory import LAMBDA_MS, NOBODY, Factory
from tests.unit.cloud import BUCKET


def asked(factory: Factory, batch: Batch, **spec: Any) -> Export:
    return factory.department.exports.make(batch.id, NOBODY, Spec(**spec)).export


def deliver(factory: Factory) -> None:
    """Let the functions run that were invoked."""
    while factory.functions.events:
        name, event = factory.functions.events.pop(0)
        assert name == "exports"
        factory.department.exporting.run(event["batchId"], event["exportId"], LAMBDA_MS)


def look(factory: Factory, export: Export) -> Shown:
    return factory.department.exports.get(export.batch_id, export.export_id, NOBODY)


def data_of(factory: Factory, batch: Batch, **spec: Any) -> bytes:
    """Return the finished file."""
    export = asked(factory, batch, **spec)
    deliver(factory)
    shown = look(factory, export)
    assert shown.export.state == "done", shown.export.error
    key = next(k for k in keys(factory, "exports/") if export.export_id in k)
    assert key in unquote(shown.url)
    data: bytes = factory.cloud.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert shown.export.progress.bytes == len(data)
    return data


def keys(factory: Factory, prefix: str) -> list[str]:
    found = factory.cloud.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return [entry["Key"] for entry in found.get("Contents", [])]
