"""Have an export made by the function that does it, asynchronously."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.exports.model import Export

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class ExportDispatcher:
    """Invokes the function by name. Never raises: whoever looks at the export asks again."""

    client: "LambdaClient"
    function: str

    def dispatch(self, wanted: Export) -> None:
        event = {"batchId": wanted.batch_id, "exportId": wanted.export_id}
        try:
            self.client.invoke(
                FunctionName=self.function,
                InvocationType="Event",
                Payload=json.dumps(event).encode(),
            )
        except (ClientError, BotoCoreError) as problem:
            logs.measure(
                "dispatch_failed",
                {"DispatchFailures": 1},
                {},
                exportId=wanted.export_id,
                function=self.function,
                error=type(problem).__name__,
            )
