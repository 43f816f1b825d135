"""Finished exports in the bucket: `exports/<batch>/<export>/<attempt>/<name>`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.batches.exports.model import Export
from chalicelib.batches.exports.upload import PART_BYTES, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "exports"
URL_SECONDS = 3600
_TYPES: Mapping[str, str] = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


def folder_of(batch_id: str) -> str:
    """Return what the keys of all exports of a batch begin with."""
    return f"{PREFIX}/{batch_id}/"


def key_of(export: Export) -> str:
    return f"{folder_of(export.batch_id)}{export.export_id}/{export.attempt}/{export.name}"


@dataclass(frozen=True)
class ExportFiles:
    """One bucket. `signer` is the client whose address a browser reaches."""

    client: "S3Client"
    signer: Callable[[], "S3Client"]
    bucket: str
    part_bytes: int = PART_BYTES

    def open(self, export: Export) -> Upload:
        """Return the file of an export, to be written."""
        headers = {
            "ContentType": _TYPES[export.spec.extension],
            "ContentDisposition": f'attachment; filename="{export.name}"',
            "CacheControl": "private, no-store",
        }
        return Upload(self.client, self.bucket, key_of(export), headers, self.part_bytes)

    def sign(self, export: Export) -> str:
        """Return where the finished file may be had for an hour."""
        where: Any = {"Bucket": self.bucket, "Key": key_of(export)}
        return self.signer().generate_presigned_url(
            "get_object", Params=where, ExpiresIn=URL_SECONDS
        )

    def remove(self, export: Export) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key_of(export))
