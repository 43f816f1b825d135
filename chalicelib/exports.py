"""The entry of the function that makes exports of batches."""

from typing import Any

from chalice import Blueprint

from chalicelib import logs
from chalicelib.wiring import services

export_functions = Blueprint(__name__)


@export_functions.lambda_function(name="exports")
def exports(event: dict[str, Any], context: Any) -> None:
    """`event` is `{"batchId": …, "exportId": …}`."""
    logs.request_id.set(context.aws_request_id)
    left_ms = context.get_remaining_time_in_millis()
    services().batches.exporting.run(str(event["batchId"]), str(event["exportId"]), left_ms)
