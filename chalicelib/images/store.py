"""Pictures in S3: written once, never changed, and telling enough of themselves to be adopted."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.jobs.items import to_outcome
from chalicelib.jobs.model import Outcome

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "group-images"
CACHE_FOR_EVER = "public, max-age=31536000, immutable"
THUMB_SUFFIX = ".thumb.webp"
_METADATA_LIMIT = 1800
"""S3 takes 2 KB of metadata in all, in ASCII."""


@dataclass(frozen=True)
class ImageStore:
    """One bucket of pictures under `group-images/{target}/`."""

    client: "S3Client"
    bucket: str

    def put_image(self, data: bytes, outcome: Outcome) -> None:
        """Stores the provider's bytes with the outcome that describes them.

        A key is written at most once; finding it taken means that this write already happened.
        """
        image = outcome.image
        if image is None:
            raise ValueError("an outcome without a picture cannot be stored")
        self._put(image.key, data, image.content_type, {"outcome": _metadata(outcome)})

    def put_thumbnail(self, key: str, data: bytes) -> None:
        self._put(key, data, "image/webp", {})

    def adoptable(self, target: str, slug: str) -> Outcome | None:
        """The outcome of a picture that was stored but never recorded, if its bytes are there."""
        listed = self.client.list_objects_v2(
            Bucket=self.bucket, Prefix=f"{PREFIX}/{target}/{slug}.", MaxKeys=10
        )
        for entry in listed.get("Contents", []):
            if entry["Key"].endswith(THUMB_SUFFIX):
                continue
            head = self.client.head_object(Bucket=self.bucket, Key=entry["Key"])
            told = head["Metadata"].get("outcome")
            return to_outcome(told) if told else None
        return None

    def get(self, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def _put(self, key: str, data: bytes, content_type: str, metadata: dict[str, str]) -> None:
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=data,
                ContentType=content_type,
                CacheControl=CACHE_FOR_EVER,
                IfNoneMatch="*",
                Metadata=metadata,
            )
        except ClientError as problem:
            if problem.response["Error"]["Code"] != "PreconditionFailed":
                raise


def image_key(target: str, slug: str, extension: str) -> str:
    return f"{PREFIX}/{target}/{slug}.{extension}"


def thumb_key(target: str, slug: str) -> str:
    return f"{PREFIX}/{target}/{slug}{THUMB_SUFFIX}"


def slug(name: str, index: int, attempt: int) -> str:
    """`{model}-{slot}-{attempt}`: readable, and its own for every attempt."""
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    short = "-".join(word for word in words.split("-") if word)[:40] or "model"
    return f"{short}-{index}-{attempt}"


def _metadata(outcome: Outcome) -> str:
    """The outcome in ASCII; without the revised prompt where that would be too long."""
    fields = asdict(outcome)
    whole = json.dumps(fields, separators=(",", ":"))
    if len(whole) > _METADATA_LIMIT:
        fields["image"]["revised_prompt"] = None
        whole = json.dumps(fields, separators=(",", ":"))
    return whole
