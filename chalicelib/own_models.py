"""The entry of notices: an endpoint of one's own has ended a call."""

from typing import Any, cast

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import logs
from chalicelib.wiring import services

QUEUE = "own-models"
"""A placeholder: the template names the queue."""

own_model_functions = Blueprint(__name__)


@own_model_functions.on_sqs_message(queue=QUEUE, batch_size=1, name="own_models")
def own_models(event: SQSEvent) -> None:
    """Each record is one notice; what raises comes again, and then lies in the dead letters."""
    logs.request_id.set(cast(Any, event.context).aws_request_id)
    for record in event:
        services().jobs.callbacks.receive(record.body)
