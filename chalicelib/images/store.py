"""Pictures in S3: written once and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "group-images"
CACHE_FOR_EVER = "public, max-age=31536000, immutable"
CACHE_FOR_OWNER = "private, max-age=31536000, immutable"
"""Their browser keeps it, and nothing on the way there does: neither the CDN nor a proxy."""
PREVIEW_SUFFIX, THUMBNAIL_SUFFIX = ".preview.webp", ".thumb.webp"
METADATA_LIMIT = 1800
"""S3 takes 2 KB of metadata in all, in ASCII."""
NO_METADATA: Mapping[str, str] = MappingProxyType({})


class KeyTaken(Exception):
    """Other bytes are stored under the key."""


@dataclass(frozen=True)
class ImageStore:
    """One bucket of pictures; every key is written at most once.

    `cache_control` goes with every picture to whoever is shown it.
    """

    client: "S3Client"
    bucket: str
    cache_control: str = CACHE_FOR_EVER

    def put(
        self, key: str, data: bytes, content_type: str, metadata: Mapping[str, str] = NO_METADATA
    ) -> None:
        """Store bytes under a key that is free; raise KeyTaken when other bytes are there."""
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=data,
                ContentType=content_type,
                CacheControl=self.cache_control,
                IfNoneMatch="*",
                Metadata=dict(metadata),
            )
        except ClientError as problem:
            if problem.response["Error"]["Code"] != "PreconditionFailed":
                raise
            if self.get(key) != data:
                raise KeyTaken(key) from None

    def find(self, stem: str) -> str | None:
        """Return the key of the original `{stem}.{extension}`, if it is stored."""
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=f"{stem}.", MaxKeys=10)
        keys = [entry["Key"] for entry in listed.get("Contents", [])]
        return next(
            (key for key in keys if not key.endswith((PREVIEW_SUFFIX, THUMBNAIL_SUFFIX))), None
        )

    def holds(self, key: str) -> bool:
        """Return whether anything is stored under exactly this key.

        By listing: a role that may list one prefix only is not told that a key is missing, but
        that it may not read it.
        """
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1)
        return any(entry["Key"] == key for entry in listed.get("Contents", []))

    def remove(self, key: str) -> None:
        """Delete what is under a key, if anything is."""
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def remove_under(self, prefix: str) -> None:
        """Delete everything whose key begins like this."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        for page in pages:
            keys = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
            if keys:
                self._delete(keys)

    def _delete(self, keys: Sequence[Mapping[str, str]]) -> None:
        wanted: Any = {"Objects": keys, "Quiet": True}
        answer = self.client.delete_objects(Bucket=self.bucket, Delete=wanted)
        if failed := answer.get("Errors"):
            raise Unavailable(f"{len(failed)} pictures could not be deleted yet. Try again.")

    def metadata(self, key: str) -> Mapping[str, str]:
        """Return what `put` was given with the bytes."""
        return self.client.head_object(Bucket=self.bucket, Key=key)["Metadata"]

    def get(self, key: str) -> bytes:
        """Return the bytes under a key."""
        body: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body


def picture_stem(target: str, name: str, index: int, attempt: int) -> str:
    """Return `group-images/{target}/{model}-{slot}-{attempt}`: readable, one for each attempt."""
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    short = "-".join(word for word in words.split("-") if word)[:40] or "model"
    return f"{PREFIX}/{target}/{short}-{index}-{attempt}"


def thumbnail_key(key: str) -> str:
    """Return where the thumbnail of an original lies."""
    return f"{key.rpartition('.')[0]}{THUMBNAIL_SUFFIX}"


def preview_beside(thumbnail: str) -> str:
    """Return where the preview that was drawn with a thumbnail lies."""
    return thumbnail.removesuffix(THUMBNAIL_SUFFIX) + PREVIEW_SUFFIX


def preview_key(key: str) -> str:
    """Return where the preview of an original lies."""
    return f"{key.rpartition('.')[0]}{PREVIEW_SUFFIX}"
