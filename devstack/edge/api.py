"""`/api/*`: from HTTP to the gateway's event and back."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from devstack import log
from devstack.lambdas.model import FunctionFailed, Invocation, Json, TimedOut
from devstack.lambdas.runtime import Runtime
from devstack.template import GatewayResponse

PREFIX = "/api"
MAX_BODY = 10 * 1024 * 1024
HEALTH = f"{PREFIX}/health"


class Api:
    """Sends a request to the app and answers what it answers, or what the gateway says instead."""

    def __init__(
        self,
        runtime: Runtime,
        gateway_response: Callable[[str], GatewayResponse],
        new_id: Callable[[], str],
        ailment: Callable[[], Awaitable[str | None]],
    ) -> None:
        """`ailment` says in a sentence why the product cannot work here, None where it can."""
        self._runtime = runtime
        self._gateway_response = gateway_response
        self._new_id = new_id
        self._ailment = ailment

    async def serve(self, request: web.Request) -> web.Response:
        request_id = self._new_id()
        if request.path.rstrip("/") == HEALTH and (why := await self._ailment()):
            return _unwell(request_id, why)
        answer = await self._answer(request, request_id)
        if kind := answer.get("gatewayResponse"):
            said = self._gateway_response(kind)
            answer = {"statusCode": said.status, "body": said.body(request_id)}
        return _response(request_id, answer)

    async def _answer(self, request: web.Request, request_id: str) -> Json:
        try:
            event = _event(request, await request.read())
            answer: Json = await self._runtime.call(Invocation("http", event, request_id))
        except web.HTTPRequestEntityTooLarge:
            return {"gatewayResponse": "REQUEST_TOO_LARGE"}
        except TimedOut:
            return {"gatewayResponse": "INTEGRATION_TIMEOUT"}
        except FunctionFailed as failure:
            log.event("request failed", logging.ERROR, id=request_id, kind=failure.kind)
            return {"gatewayResponse": "INTEGRATION_FAILURE"}
        return answer


def _unwell(request_id: str, why: str) -> web.Response:
    """In the words of the app's own errors, which may not be able to answer."""
    body = json.dumps({"error": why, "code": "UNAVAILABLE", "requestId": request_id})
    return _response(request_id, {"statusCode": 503, "body": body})


def _event(request: web.Request, body: bytes) -> Json:
    return {
        "method": request.method,
        "path": request.raw_path.removeprefix(PREFIX) or "/",
        "headers": [[name, value] for name, value in request.headers.items()],
        "body": base64.b64encode(body).decode(),
        "sourceIp": request.remote,
    }


def _response(request_id: str, answer: Json) -> web.Response:
    body = answer.get("body") or ""
    if not isinstance(body, str):
        body = json.dumps(body)
    data = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    response = web.Response(status=answer["statusCode"], body=data)
    response.headers["Content-Type"] = "application/json"
    for name, value in (answer.get("headers") or {}).items():
        response.headers[name] = value
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        for value in values:
            response.headers.add(name, value)
    response.headers["x-amzn-RequestId"] = request_id
    return response
