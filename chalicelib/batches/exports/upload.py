"""A file in the bucket that is written from its beginning to its end, a part at a time."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART_BYTES = 16 * 1024 * 1024
"""S3 takes ten thousand parts, so a file may have 160 GB."""


class Upload:
    """Holds one part in memory. Nothing is there before `finish`.

    Has what a zip is written to: `write` and `flush`, and no way back.
    """

    def __init__(
        self, client: "S3Client", bucket: str, key: str, headers: Mapping[str, str], size: int
    ) -> None:
        self._client = client
        self._where: Any = {"Bucket": bucket, "Key": key}
        self._headers: Any = headers
        self._size = size
        self._waiting = bytearray()
        self._id = ""
        self._parts: list[Any] = []
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        self.bytes += len(data)
        while len(self._waiting) >= self._size:
            self._send(bytes(self._waiting[: self._size]))
            del self._waiting[: self._size]
        return len(data)

    def flush(self) -> None:
        """There is nothing to do before a part is full."""

    def finish(self) -> None:
        """Let the whole file be there at once."""
        if not self._parts:
            body = bytes(self._waiting)
            self._client.put_object(**self._where, **self._headers, Body=body)
            return
        if self._waiting:
            self._send(bytes(self._waiting))
        self._client.complete_multipart_upload(
            **self._where, UploadId=self._id, MultipartUpload={"Parts": self._parts}
        )

    def abort(self) -> None:
        """Leave nothing behind."""
        if self._id:
            self._client.abort_multipart_upload(**self._where, UploadId=self._id)

    def _send(self, part: bytes) -> None:
        if not self._id:
            made = self._client.create_multipart_upload(**self._where, **self._headers)
            self._id = made["UploadId"]
        number = len(self._parts) + 1
        sent = self._client.upload_part(
            **self._where, UploadId=self._id, PartNumber=number, Body=part
        )
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})
