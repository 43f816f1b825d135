"""A small app that shows what the local engine hands to its handlers."""

import ctypes
import json
import os
import time
from typing import Any

import boto3
from chalice import Chalice, Rate, Response
from chalice.app import Request

app = Chalice(app_name="probe")
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.api.binary_types.append("application/octet-stream")


def request() -> Request:
    assert app.current_request is not None, "within a route"
    return app.current_request


def table() -> Any:
    return boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def post(connection: str, message: object) -> None:
    management = boto3.client(
        "apigatewaymanagementapi", endpoint_url=os.environ["WS_PUSH_ENDPOINT"]
    )
    management.post_to_connection(ConnectionId=connection, Data=json.dumps(message).encode())


@app.route("/echo/{name}", methods=["GET", "POST"], content_types=["*/*"])
def echo(name: str) -> Any:
    return {"event": request().to_original_event(), "name": name, "pid": os.getpid()}


@app.route("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.route("/bytes", methods=["POST"], content_types=["application/octet-stream"])
def octets() -> Response:
    return Response(request().raw_body, headers={"Content-Type": "application/octet-stream"})


@app.route("/items/{key}", methods=["GET", "PUT"])
def item(key: str) -> Any:
    if request().method == "PUT":
        table().put_item(Item={"pk": key, "sk": "item", "value": "kept"})
    return {"value": table().get_item(Key={"pk": key, "sk": "item"}).get("Item", {}).get("value")}


@app.lambda_function(name="worker")
def worker(event: dict[str, Any], context: Any) -> Any:
    if "attempts" in event:
        with open(event["attempts"], "a") as file:
            file.write(f"{os.getpid()}\n")
    if event.get("hang"):
        # Through PyDLL, which keeps the interpreter's lock: nothing else runs in the process.
        ctypes.PyDLL(None).sleep(3600)
    if event.get("fail"):
        raise RuntimeError("broken on purpose")
    time.sleep(event.get("sleep", 0))
    return {
        "event": event,
        "pid": os.getpid(),
        "requestId": context.aws_request_id,
        "function": context.function_name,
        "remaining": context.get_remaining_time_in_millis(),
    }


@app.lambda_function(name="short")
def short(event: dict[str, Any], context: Any) -> Any:
    time.sleep(event["sleep"])


@app.lambda_function(name="alone")
def alone(event: dict[str, Any], context: Any) -> Any:
    while not os.path.exists(event["until"]):
        time.sleep(0.01)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="tick")
def tick(event: Any) -> None:
    table().put_item(Item={"pk": "tick", "sk": "last", "value": event.to_dict()["detail-type"]})


@app.on_ws_connect()
def connect(event: Any) -> Response:
    refused = (event.to_dict().get("queryStringParameters") or {}).get("refuse")
    return Response("", status_code=401 if refused else 200)


@app.on_ws_message()
def message(event: Any) -> None:
    if event.body == "fail":
        raise RuntimeError("broken on purpose")
    post(event.connection_id, event.to_dict())


@app.on_ws_disconnect()
def disconnect(event: Any) -> None:
    table().put_item(Item={"pk": event.connection_id, "sk": "item", "value": "gone"})
