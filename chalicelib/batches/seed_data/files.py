"""Seed data in the bucket: uploads as they came, and what a check made of them.

`uploads/<owner>/<id>` is written once by whoever holds its signed address. A check writes
`seed-data/<owner>/<id>/<attempt>/`: parts, and the manifest that names them.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from chalicelib.batches.seed_data import manifest as manifests
from chalicelib.batches.seed_data.model import Format, Manifest, SeedDataSet
from chalicelib.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOADS, PREFIX = "uploads", "seed-data"
UPLOAD_SECONDS = 3600
"""For how long an address takes an upload; one that has begun goes on."""
CONTENT_TYPES: Mapping[Format, str] = {
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv",
}
_GONE = ("404", "NoSuchKey", "NotFound")
_HIDDEN = "403"
"""What S3 answers of an object that is not there to whoever may not list what is."""
_TRIES = 5
_BROKEN = (ConnectionClosedError, IncompleteReadError, ReadTimeoutError, ResponseStreamingError)


class Gone(Exception):
    """There is no such object."""


@dataclass(frozen=True)
class Upload:
    """A signed address that takes one file of just this length, type and perhaps checksum."""

    url: str
    headers: Mapping[str, str]


def upload_key(owner: str, seed_data_id: str) -> str:
    return f"{UPLOADS}/{owner or '-'}/{seed_data_id}"


def folder(owner: str, seed_data_id: str) -> str:
    return f"{PREFIX}/{owner or '-'}/{seed_data_id}/"


def _attempt(wanted: SeedDataSet) -> str:
    return f"{folder(wanted.owner, wanted.seed_data_id)}{wanted.attempt}/"


def part_key(wanted: SeedDataSet, first: int) -> str:
    """Return where the part lies that begins with this row."""
    return f"{_attempt(wanted)}{first:07d}.jsonl"


def manifest_key(wanted: SeedDataSet) -> str:
    return f"{_attempt(wanted)}manifest.json"


@dataclass(frozen=True)
class SeedFiles:
    """One bucket. `signer` is the client whose address a browser reaches."""

    client: "S3Client"
    signer: Callable[[], "S3Client"]
    bucket: str

    def sign_upload(self, wanted: SeedDataSet, sha256: str) -> Upload:
        """Return where the file may be sent; `sha256` in hexadecimal, or empty."""
        content_type = CONTENT_TYPES[wanted.format]
        headers = {"Content-Type": content_type, "If-None-Match": "*"}
        signed: dict[str, Any] = {"ContentType": content_type, "IfNoneMatch": "*"}
        if sha256:
            checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
            headers["x-amz-checksum-sha256"] = signed["ChecksumSHA256"] = checksum
        where = {"Bucket": self.bucket, "Key": upload_key(wanted.owner, wanted.seed_data_id)}
        url = self.signer().generate_presigned_url(
            "put_object",
            Params={**where, **signed, "ContentLength": wanted.size},
            ExpiresIn=UPLOAD_SECONDS,
        )
        return Upload(url, headers)

    def is_uploaded(self, wanted: SeedDataSet) -> bool:
        key = upload_key(wanted.owner, wanted.seed_data_id)
        try:
            self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as problem:
            if problem.response["Error"]["Code"] not in (*_GONE, _HIDDEN):
                raise
            return False
        return True

    def open_upload(self, wanted: SeedDataSet) -> Callable[[int], bytes]:
        """Return a function that reads on; raise Gone. Reading survives broken connections."""
        return _Stream(self.client, self.bucket, upload_key(wanted.owner, wanted.seed_data_id)).read

    def remove_upload(self, wanted: SeedDataSet) -> None:
        self._delete_one(upload_key(wanted.owner, wanted.seed_data_id))

    def put_part(self, wanted: SeedDataSet, first: int, data: bytes) -> None:
        key = part_key(wanted, first)
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=data, ContentType=CONTENT_TYPES["jsonl"]
        )

    def put_manifest(self, wanted: SeedDataSet, made: Manifest) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=manifest_key(wanted),
            Body=manifests.to_json(made),
            ContentType="application/json",
        )

    def manifest(self, wanted: SeedDataSet) -> Manifest:
        """Return what the attempt found; raise Gone."""
        return manifests.of_json(self._get(manifest_key(wanted)))

    def part(self, wanted: SeedDataSet, first: int, begin: int, end: int) -> bytes:
        """Return the bytes of a part from `begin` up to `end`; raise Gone."""
        return self._get(part_key(wanted, first), f"bytes={begin}-{end - 1}")

    def remove_earlier(self, wanted: SeedDataSet) -> None:
        """Remove what earlier attempts left."""
        for attempt in range(1, wanted.attempt):
            self._remove_under(f"{folder(wanted.owner, wanted.seed_data_id)}{attempt}/")

    def remove_all(self, owner: str, seed_data_id: str) -> None:
        """Remove the upload and everything that was made of it."""
        self._delete_one(upload_key(owner, seed_data_id))
        self._remove_under(folder(owner, seed_data_id))

    def _get(self, key: str, byte_range: str = "") -> bytes:
        ranged: Any = {"Range": byte_range} if byte_range else {}
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=key, **ranged)
            body: bytes = found["Body"].read()
        except ClientError as problem:
            raise _translated(problem, key) from None
        return body

    def _remove_under(self, prefix: str) -> None:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        for page in pages:
            keys: Any = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
            if keys:
                wanted: Any = {"Objects": keys, "Quiet": True}
                answer = self.client.delete_objects(Bucket=self.bucket, Delete=wanted)
                if answer.get("Errors"):
                    raise Unavailable("Some of the data could not be deleted yet. Try again.")

    def _delete_one(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key)


def _translated(problem: ClientError, key: str) -> Exception:
    return Gone(key) if problem.response["Error"]["Code"] in _GONE else problem


class _Stream:
    """An object from its beginning to its end, in one request unless the connection breaks."""

    def __init__(self, client: "S3Client", bucket: str, key: str) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        self._at, self._tag = 0, ""
        self._size = 0
        self._body: Any = None
        self._open()

    def read(self, most: int) -> bytes:
        """Return at most so many bytes, none at the end; raise Gone."""
        for left in reversed(range(_TRIES)):
            if self._at >= self._size:
                return b""
            try:
                if self._body is None:
                    self._open()
                data: bytes = self._body.read(most)
                if not data:
                    raise IncompleteReadError(actual_bytes=self._at, expected_bytes=self._size)
            except _BROKEN:
                self._body = None
                if not left:
                    raise
            else:
                self._at += len(data)
                return data
        raise BotoCoreError

    def _open(self) -> None:
        again: Any = {"Range": f"bytes={self._at}-", "IfMatch": self._tag} if self._tag else {}
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key, **again)
        except ClientError as problem:
            raise _translated(problem, self._key) from None
        self._body, self._tag = found["Body"], found["ETag"]
        self._size = self._at + found["ContentLength"]
