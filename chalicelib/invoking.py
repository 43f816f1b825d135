"""Hand work to one of the functions, asynchronously."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def invoke(client: "LambdaClient", function: str, event: Mapping[str, object], **ids: str) -> None:
    """Have a function get the event. Never raises: who can lose nothing by it asks again later.

    `ids` tell the log what it was for.
    """
    try:
        client.invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode()
        )
    except (ClientError, BotoCoreError) as problem:
        logs.measure(
            "dispatch_failed",
            {"DispatchFailures": 1},
            {},
            function=function,
            error=type(problem).__name__,
            **ids,
        )
