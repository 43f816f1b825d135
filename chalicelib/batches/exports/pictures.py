"""A batch's pictures as an export finds them: there, missing or damaged."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from chalicelib.generation.model import StoredImage
from chalicelib.images.sniff import BadImage, sniff

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Found = Literal["stored", "missing", "damaged"]
_OTHERS = re.compile(rb"<(LastModified|ETag|StorageClass)>[^<]*</\1>")
_GONE = ("404", "NoSuchKey", "NotFound")


@dataclass(frozen=True)
class Lacking(Exception):
    """A picture that cannot be had: why."""

    found: Found


@dataclass(frozen=True)
class Pictures:
    """One bucket of pictures."""

    client: "S3Client"
    bucket: str

    def read(self, image: StoredImage) -> bytes:
        """Return a picture that is whole; raise Lacking."""
        try:
            body = self.client.get_object(Bucket=self.bucket, Key=image.key)["Body"]
            data: bytes = body.read()
        except ClientError as problem:
            if problem.response["Error"]["Code"] not in _GONE:
                raise
            raise Lacking("missing") from None
        try:
            facts = sniff(data)
        except BadImage:
            raise Lacking("damaged") from None
        if (facts.width, facts.height) != (image.width, image.height) or len(data) != image.size:
            raise Lacking("damaged")
        return data

    def listed(self, folder: str) -> "Listed":
        """Return what is stored in a folder, to be asked for in the order of keys."""
        return Listed(self._keys(folder))

    def _keys(self, folder: str) -> Iterator[tuple[str, int]]:
        events = self.client.meta.events
        events.register("before-parse.s3.ListObjectsV2", _only_keys_and_sizes, unique_id=__name__)
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=folder
        )
        for page in pages:
            for entry in page.get("Contents", []):
                yield entry["Key"], entry["Size"]


def _only_keys_and_sizes(response_dict: dict[str, Any], **_: Any) -> None:
    """Spare the SDK what nobody asks for: reading dates takes it longer than all else."""
    response_dict["body"] = _OTHERS.sub(b"", response_dict["body"])


class Listed:
    """Keys with their sizes, read on as far as they are asked for: a thousand in one request."""

    def __init__(self, keys: Iterable[tuple[str, int]]) -> None:
        self._keys = iter(keys)
        self._known: dict[str, int] = {}
        self._last = ""

    def forget_before(self, key: str) -> None:
        """Nobody will ask for what is before this key."""
        self._known = {name: size for name, size in self._known.items() if name >= key}

    def found(self, image: StoredImage) -> Found:
        """Return whether a picture is there, by its size."""
        while self._last < image.key:
            following = next(self._keys, None)
            if following is None:
                self._last = "\U0010ffff"
                break
            self._last = following[0]
            self._known[following[0]] = following[1]
        size = self._known.get(image.key)
        if size is None:
            return "missing"
        return "stored" if size == image.size else "damaged"
