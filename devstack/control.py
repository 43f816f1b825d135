"""The AWS-shaped services of the engine, for boto3: `@connections` and Lambda's Invoke.

WebSocket API:  POST, GET, DELETE /@connections/{id}
Lambda API:     POST /2015-03-31/functions/{name}/invocations
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from uuid import uuid4

from aiohttp import web

from devstack.edge.server import is_loopback
from devstack.lambdas.model import FunctionFailed, FunctionSpec, Json
from devstack.lambdas.service import LambdaService, TooManyRequests
from devstack.sockets.gateway import BufferFull, Gone, SocketGateway, TooLarge

MAX_SYNC, MAX_ASYNC = 6 * 1024 * 1024, 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AwsError(Exception):
    """An error in the form that boto3 turns into an exception class."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind

    def response(self) -> web.Response:
        return web.json_response(
            {"message": str(self), "Type": "User"},
            status=self.status,
            headers={"x-amzn-ErrorType": self.kind},
        )


class Control:
    """Built before the app runs, since the app's environment names its port."""

    def __init__(self, sockets: SocketGateway, functions: LambdaService, prefix: str) -> None:
        """`prefix` is the start of every path, random per start of the engine."""
        self._sockets = sockets
        self._functions = functions
        self._prefix = prefix

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_aws_answers], client_max_size=MAX_SYNC + 1024)
        connection = f"{self._prefix}/@connections/{{id}}"
        app.router.add_post(connection, self._post)
        app.router.add_get(connection, self._show)
        app.router.add_delete(connection, self._disconnect)
        invocations = f"{self._prefix}/2015-03-31/functions/{{name}}/invocations"
        app.router.add_post(invocations, self._invoke)
        return app

    async def _post(self, request: web.Request) -> web.Response:
        await self._sockets.post(request.match_info["id"], await request.read())
        return web.Response()

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(self._sockets.show(request.match_info["id"]))

    async def _disconnect(self, request: web.Request) -> web.Response:
        await self._sockets.disconnect(request.match_info["id"])
        return web.Response(status=204)

    async def _invoke(self, request: web.Request) -> web.Response:
        spec = self._functions.find(request.match_info["name"])
        if spec is None:
            name = request.match_info["name"]
            raise AwsError(404, "ResourceNotFoundException", f"Function not found: {name}")
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        payload = await request.read()
        event = _event(payload, MAX_ASYNC if kind == "Event" else MAX_SYNC)
        if kind == "DryRun":
            return web.Response(status=204)
        if kind == "Event":
            self._functions.send(spec, event)
            return web.Response(status=202)
        return await self._wait(spec, event)

    async def _wait(self, spec: FunctionSpec, event: Json) -> web.Response:
        try:
            return web.json_response(
                await self._functions.invoke(spec, event),
                headers={"X-Amz-Executed-Version": "$LATEST"},
            )
        except FunctionFailed as failure:
            return web.json_response(
                failure.payload(), headers={"X-Amz-Function-Error": "Unhandled"}
            )


def _event(payload: bytes, limit: int) -> Json:
    if len(payload) > limit:
        raise AwsError(413, "RequestTooLargeException", f"The payload exceeds {limit} bytes.")
    try:
        event: Json = json.loads(payload or b"{}")
    except ValueError:
        raise AwsError(
            400, "InvalidRequestContentException", "Could not parse request body into json."
        ) from None
    return event


@web.middleware
async def _aws_answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await _answered(request, handler)
    response.headers["x-amzn-RequestId"] = str(uuid4())
    return response


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler's answer, or its failure in AWS's words. No page has business here."""
    try:
        if "Origin" in request.headers or not is_loopback(request):
            raise AwsError(403, "AccessDeniedException", "Pages are not served here.")
        return await handler(request)
    except AwsError as error:
        return error.response()
    except Gone:
        return AwsError(410, "GoneException", "The connection is gone.").response()
    except TooLarge:
        return AwsError(413, "PayloadTooLargeException", "The message is too large.").response()
    except BufferFull:
        return AwsError(429, "LimitExceededException", "The client reads too slowly.").response()
    except TooManyRequests:
        return AwsError(429, "TooManyRequestsException", "Rate exceeded.").response()
    except web.HTTPRequestEntityTooLarge:
        return AwsError(413, "RequestTooLargeException", "The payload is too large.").response()
    except web.HTTPException as problem:
        return AwsError(problem.status, "UnknownOperationException", problem.reason).response()
