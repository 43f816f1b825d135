"""The entry of batches' workers: somebody offers rows of a batch."""

from typing import Any, cast

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import logs
from chalicelib.batches.runs.queue import batch_in
from chalicelib.wiring import services

QUEUE = "batch-rows"
"""A placeholder: the template names the queue."""

batch_functions = Blueprint(__name__)


@batch_functions.on_sqs_message(queue=QUEUE, batch_size=1, name="rows")
def rows(event: SQSEvent) -> None:
    """Each record is a place for one worker; one that fails comes again, or the sweep makes one."""
    context = cast(Any, event.context)
    logs.request_id.set(context.aws_request_id)
    for record in event:
        left_ms = context.get_remaining_time_in_millis()
        services().batches.worker.work(batch_in(record.body), left_ms)
