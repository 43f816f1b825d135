"""API Gateway's REST half: Chalice's own local gateway, made truer."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ForbiddenError, LambdaContext, LocalGateway

from devstack.lambdas.model import Json

UNKNOWN_ROUTE: Json = {"gatewayResponse": "MISSING_AUTHENTICATION_TOKEN"}


class HttpGateway(LocalGateway):
    """Answers one request: with the true address, a request id and whole bodies.

    The request is `{method, path, headers: [[name, value]…], body: base64, sourceIp}`.
    """

    def __init__(self, app: Chalice, config: Config, request: Json, context: LambdaContext) -> None:
        super().__init__(app, config)
        self._request = request
        self._context = context

    def answer(self) -> Json:
        """`{statusCode, headers, multiValueHeaders, body, isBase64Encoded?}` from the app, or the
        `gatewayResponse` to give instead.
        """
        request = self._request
        body = base64.b64decode(request["body"])
        # Chalice looks for "content-type" in just these letters when it decides what is binary.
        headers = {name.lower(): value for name, value in request["headers"]}
        try:
            answer: Json = self.handle_request(request["method"], request["path"], headers, body)
        except ForbiddenError:
            return UNKNOWN_ROUTE
        except _WrongMethod as problem:
            return self._refusal(problem.allowed)
        return answer

    def _generate_lambda_context(self) -> LambdaContext:
        return self._context

    def _generate_lambda_event(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> Json:
        event: Json = super()._generate_lambda_event(method, path, headers, body)
        route = event["requestContext"]["resourcePath"]
        methods = self._app_object.routes[route]
        if method not in methods and method != "OPTIONS":
            raise _WrongMethod(", ".join(sorted(methods)))
        if not event.get("isBase64Encoded"):
            event["body"] = (body or b"").decode("utf-8", "replace") or None
            event["isBase64Encoded"] = False
        event.update(self._envelope(event))
        return json.loads(json.dumps(event))  # type: ignore[no-any-return]

    def _envelope(self, event: Json) -> Json:
        """The fields of a proxy event that Chalice's local gateway leaves out."""
        context = event["requestContext"]
        multi = event["multiValueQueryStringParameters"]
        return {
            "resource": context["resourcePath"],
            "path": context["path"],
            "httpMethod": context["httpMethod"],
            "multiValueHeaders": _grouped(self._request["headers"]),
            "queryStringParameters": {k: v[-1] for k, v in multi.items()} if multi else None,
            "requestContext": {**context, **self._request_context()},
        }

    def _request_context(self) -> Json:
        headers = {name.lower(): value for name, value in self._request["headers"]}
        return {
            "requestId": self._context.aws_request_id,
            "stage": "api",
            "apiId": "local",
            "accountId": "000000000000",
            "protocol": "HTTP/1.1",
            "domainName": headers.get("host", ""),
            "requestTimeEpoch": int(time.time() * 1000),
            "identity": {
                "sourceIp": self._request["sourceIp"],
                "userAgent": headers.get("user-agent", ""),
            },
        }

    def _refusal(self, allowed: str) -> Json:
        body = {
            "error": f"This address answers {allowed} only.",
            "code": "METHOD_NOT_ALLOWED",
            "requestId": self._context.aws_request_id,
        }
        return {"statusCode": 405, "headers": {"Allow": allowed}, "body": json.dumps(body)}


class _WrongMethod(Exception):
    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


def _grouped(headers: list[list[str]]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for name, value in headers:
        grouped.setdefault(name.lower(), []).append(value)
    return grouped
