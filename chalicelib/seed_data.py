"""The entry of the check that seals uploaded seed data."""

from typing import Any

from chalice import Blueprint

from chalicelib import logs
from chalicelib.wiring import services

seed_data_functions = Blueprint(__name__)


@seed_data_functions.lambda_function(name="seed_data")
def seed_data(event: dict[str, Any], context: Any) -> None:
    """`event` is `{"owner": …, "seedDataId": …}`."""
    logs.request_id.set(context.aws_request_id)
    services().batches.checking.run(str(event["owner"]), str(event["seedDataId"]))
