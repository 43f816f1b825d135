"""The worker's Lambda entry: draws one job."""

from typing import Any

from chalice import Blueprint

from chalicelib import logs
from chalicelib.wiring import services

worker_functions = Blueprint(__name__)


@worker_functions.lambda_function(name="worker")
def worker(event: dict[str, Any], context: Any) -> None:
    """`event` is `{"jobId": …}`; ends when every slot that it could claim has ended."""
    logs.request_id.set(context.aws_request_id)
    services().jobs.executor.run(str(event["jobId"]), context.get_remaining_time_in_millis())
