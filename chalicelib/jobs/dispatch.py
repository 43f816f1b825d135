"""Handing a job to the worker function, asynchronously and by its id alone."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class Dispatcher:
    """Invokes the worker; an invocation that is lost is repeated by the reaper."""

    client: "LambdaClient"
    function: str

    def dispatch(self, job_id: str) -> None:
        try:
            self.client.invoke(
                FunctionName=self.function,
                InvocationType="Event",
                Payload=json.dumps({"jobId": job_id}).encode(),
            )
        except (ClientError, BotoCoreError) as problem:
            why = type(problem).__name__
            logs.measure("dispatch_failed", {"DispatchFailures": 1}, {}, jobId=job_id, error=why)
