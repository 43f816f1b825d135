"""Have an upload checked by the function that does it, asynchronously."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.seed_data.model import SeedDataSet

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class CheckDispatcher:
    """Invokes the function by name. Never raises: whoever looks at the file next asks again."""

    client: "LambdaClient"
    function: str

    def dispatch(self, wanted: SeedDataSet) -> None:
        event = {"owner": wanted.owner, "seedDataId": wanted.seed_data_id}
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
                seedDataId=wanted.seed_data_id,
                function=self.function,
                error=type(problem).__name__,
            )
