"""What a container answers to SageMaker, and what SageMaker makes of it."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_MAGIC = b"\x89PNG\r\n\x1a\n"
_AFTER_HEADER = len(_MAGIC) + 25


@dataclass(frozen=True)
class Answered:
    """An HTTP status with its body: a picture, or an error as JSON."""

    status: int
    body: bytes

    @property
    def is_picture(self) -> bool:
        return self.status == 200

    @property
    def reason(self) -> str:
        """The notice's `failureReason`."""
        kind = "Client" if self.status < 500 else "Server"
        return (
            f"{kind}Error: Received {kind.lower()} error ({self.status}) from model container "
            f'with message "{self.body.decode(errors="replace")}".'
        )


REFUSED = Answered(400, b'{"error": "The prompt is empty.", "code": "INVALID_INPUT"}')


def telling(picture: bytes, parameters: Mapping[str, object]) -> bytes:
    """Return a PNG with the text chunk that the container writes; other bytes as they are."""
    if not picture.startswith(_MAGIC):
        return picture
    text = b"iTXtparameters\0\0\0\0\0" + json.dumps(parameters, ensure_ascii=False).encode()
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return picture[:_AFTER_HEADER] + chunk + picture[_AFTER_HEADER:]
