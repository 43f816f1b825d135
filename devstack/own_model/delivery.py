"""Where the double's pictures and notices go on the local engine: its bucket, and its function.

What the topic and the queue do on AWS is one event here: the engine hands it to the function in the
queue's form, with the notice as it was published, and tries again when the function fails.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession

VARIABLE = "OWN_MODEL_DELIVERY"
"""Holds the addresses as JSON; not an argument, which other users of the machine see."""


@dataclass(frozen=True)
class LocalDelivery:
    """`emulator` and `control` are addresses, `bucket` the product's, `function` takes notices."""

    emulator: str
    control: str
    bucket: str
    function: str = "own_models"

    @classmethod
    def from_environment(cls) -> LocalDelivery | None:
        """Return what the engine asked for, None where no model of one's own is simulated."""
        told = os.environ.get(VARIABLE)
        return cls(**json.loads(told)) if told else None

    @property
    def output(self) -> str:
        return f"s3://{self.bucket}/own-models"

    async def put(self, location: str, data: bytes) -> None:
        """Write an object; raise aiohttp's ClientError when the bucket does not take it."""
        path = location.removeprefix("s3://")
        async with ClientSession(raise_for_status=True) as session:
            await session.put(f"{self.emulator}/{path}", data=data)

    async def publish(self, subject: str, message: str, attributes: Mapping[str, str]) -> None:
        """Hand the notice to the function, as raw delivery through the queue does."""
        url = f"{self.control}/2015-03-31/functions/{self.function}/invocations"
        headers = {"X-Amz-Invocation-Type": "Event"}
        event = {"Records": [_record(message)]}
        async with ClientSession(raise_for_status=True) as session:
            await session.post(url, json=event, headers=headers)


def _record(message: str) -> dict[str, Any]:
    return {
        "messageId": str(uuid4()),
        "receiptHandle": str(uuid4()),
        "body": message,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(message.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:own-models",
        "awsRegion": "us-east-1",
    }
