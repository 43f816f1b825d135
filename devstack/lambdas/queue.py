"""What Lambda does for a queue: takes its messages, and calls a function for each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from devstack import log
from devstack.lambdas.model import FunctionFailed, Json
from devstack.lambdas.service import LambdaService

A_RECEIVE, WAIT_SECONDS, RETRY_SECONDS = 10, 5, 1.0
AT_ONCE = 64
"""Functions that work for the queue at the same time: each is a thread of one process."""


class QueuePoller:
    """Takes messages of one queue for one function for as long as `run` runs.

    A message goes once its function has ended well; otherwise it is there again when the queue
    shows it again. `client` is boto3's for SQS.
    """

    def __init__(self, client: Any, url: str, function: str, service: LambdaService) -> None:
        self._client = client
        self._url = url
        self._function = function
        self._service = service
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        while True:
            async with self._room:
                pass
            try:
                messages = await asyncio.to_thread(self._receive)
            except (BotoCoreError, ClientError):
                # The emulator is being replaced.
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for message in messages:
                await self._room.acquire()
                task = asyncio.create_task(self._deliver(message))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _receive(self) -> list[Mapping[str, Any]]:
        answer = self._client.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=A_RECEIVE, WaitTimeSeconds=WAIT_SECONDS
        )
        return list(answer.get("Messages", ()))

    async def _deliver(self, message: Mapping[str, Any]) -> None:
        try:
            spec = self._service.find(self._function)
            if spec is None:
                return
            await self._service.invoke(spec, _event(message))
            await asyncio.to_thread(
                self._client.delete_message,
                QueueUrl=self._url,
                ReceiptHandle=message["ReceiptHandle"],
            )
        except (FunctionFailed, BotoCoreError, ClientError) as problem:
            kind = type(problem).__name__
            log.event("message comes again", logging.ERROR, function=self._function, kind=kind)
        finally:
            self._room.release()


def _event(message: Mapping[str, Any]) -> Json:
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "awsRegion": "us-east-1",
    }
    return {"Records": [record]}
