"""MiniStack with a meter and checks of AWS's own, in the emulator's own virtual environment.

    .venv-engine/bin/python deploy/emulator/process.py

GET /_meter lists the calls of the packaged functions, DELETE /_meter forgets them. The project is
not in PYTHONPATH, which functions would inherit: what is not in their zips must be missing.
"""

import contextvars
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from devstack import lifeline
from devstack.state import cognito_rules

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]
Json = dict[str, Any]

SIGNED_FOR = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
FUNCTION = re.compile(r"\bapp/([A-Za-z0-9]+)")
OBJECT_CALLS = {
    "DELETE": "DeleteObject",
    "PUT": "PutObject",
    "GET": "GetObject",
    "HEAD": "HeadObject",
    "POST": "DeleteObjects",
}

_current: contextvars.ContextVar[Json | None] = contextvars.ContextVar("call", default=None)


class Meter:
    """Wraps the emulator's application and counts the calls that functions make."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._calls: list[Json] = []

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/_meter":
            await self._answer(scope, send)
            return
        call = _call(scope) if scope["type"] == "http" else None
        _current.set(call)
        if call is None:
            await self._app(scope, receive, send)
            return
        self._calls.append(call)
        call["began"] = time.time()
        await self._app(scope, receive, send)
        call["ended"] = time.time()

    async def _answer(self, scope: Scope, send: Any) -> None:
        body = json.dumps(self._calls).encode()
        if scope["method"] == "DELETE":
            self._calls.clear()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def weigh_table_calls() -> None:
    """Adds the capacity that a call used; asked for here, after the signature was checked."""
    from ministack.services import dynamodb

    handle = dynamodb.handle_request

    async def weighed(method: str, path: str, headers: Json, body: bytes, query: Json) -> Any:
        call = _current.get()
        if call is None:
            return await handle(method, path, headers, body, query)
        asked = json.dumps({**json.loads(body), "ReturnConsumedCapacity": "TOTAL"}).encode()
        status, answered, content = await handle(method, path, headers, asked, query)
        used = json.loads(content).get("ConsumedCapacity", {})
        # A transaction tells it for each table.
        tables = used if isinstance(used, list) else [used]
        call["units"] = sum(each.get("CapacityUnits", 1.0) for each in tables)
        return status, answered, content

    dynamodb.handle_request = weighed


def authorise_batches_as_aws() -> None:
    """Asks for the permission of one message where a function sends several, as AWS does.

    `sqs:SendMessageBatch` is no action that a policy could allow.
    """
    from ministack.core import iam_actions

    named = iam_actions.extract_iam_action

    def authorised(*request: Any) -> str | None:
        action: str | None = named(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = authorised


def _call(scope: Scope) -> Json | None:
    """The function, the service and the operation; None for a call of anybody else."""
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    function = FUNCTION.search(headers.get("user-agent", ""))
    signed = SIGNED_FOR.search(headers.get("authorization", ""))
    if not function or not signed:
        return None
    key, service = signed.groups()
    return {
        "function": function.group(1),
        "key": key,
        "service": service,
        "operation": _operation(service, scope, headers.get("x-amz-target", "")),
        "bytes": int(headers.get("content-length", 0)),
    }


def _operation(service: str, scope: Scope, target: str) -> str:
    if target:
        return target.rpartition(".")[2]
    if service == "s3":
        listing = b"list-type" in scope["query_string"]
        return "ListObjectsV2" if listing else OBJECT_CALLS[scope["method"]]
    return "Invoke" if service == "lambda" else "PostToConnection"


def main() -> None:
    lifeline.hold()
    from ministack import app as ministack

    ministack.app = Meter(ministack.app)
    weigh_table_calls()
    authorise_batches_as_aws()
    cognito_rules.put_back()
    ministack.main()


if __name__ == "__main__":
    main()
