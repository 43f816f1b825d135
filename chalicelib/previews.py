"""The previews' Lambda entry: draws what a job's pictures lack."""

from typing import Any

from chalice import Blueprint

from chalicelib import logs
from chalicelib.wiring import services

preview_functions = Blueprint(__name__)


@preview_functions.lambda_function(name="previews")
def previews(event: dict[str, Any], context: Any) -> None:
    """`event` is `{"jobId": …, "slots": […]}`."""
    handler(event, context)


def handler(event: dict[str, Any], context: Any) -> None:
    """The same without Chalice's app, whose import would take longer than the drawing."""
    logs.request_id.set(context.aws_request_id)
    services().jobs.previewing.run(str(event["jobId"]), [int(index) for index in event["slots"]])
