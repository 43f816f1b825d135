"""JSON documents in S3: read whole, changed in memory, written whole; the last writer wins."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Document = dict[str, Any]


@dataclass(frozen=True)
class Documents:
    """One bucket of them."""

    client: S3Client
    bucket: str

    def read(self, key: str) -> Document:
        body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        document: Document = json.loads(body)
        return document

    def write(self, key: str, document: Document) -> int:
        """Writes it and returns its bytes."""
        body = json.dumps(document).encode()
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=body, ContentType="application/json"
        )
        return len(body)

    def change(self, key: str, edit: Callable[[Document], None]) -> None:
        """Reads, edits, writes: a change that somebody else makes in between is lost."""
        document = self.read(key)
        edit(document)
        self.write(key, document)

    def folders(self, prefix: str) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, Delimiter="/")
        return [entry["Prefix"] for entry in found.get("CommonPrefixes", [])]

    def keys(self, prefix: str) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [entry["Key"] for entry in found.get("Contents", [])]
