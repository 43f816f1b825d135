"""The HTTP edge: parse requests, call views, and answer in the contract's shape.

A view takes a `Request` and its path parameters and returns an `Answer` or raises an `AppError`.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chalice import Blueprint, Response
from pydantic import BaseModel, ValidationError

from chalicelib import logs
from chalicelib.callers import Caller, Scope
from chalicelib.errors import (
    AppError,
    BadJson,
    Detail,
    InvalidInput,
    MethodNotAllowed,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from chalicelib.routes.access import Access, admit
from chalicelib.routes.address import caller_address
from chalicelib.routes.answers import Answer, error_answer
from chalicelib.wire import Wire
from chalicelib.wiring import services

MAX_BODY_BYTES = 64 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
BODY_ERRORS = (BadJson, InvalidInput, PayloadTooLarge, UnsupportedMediaType)
"""What a body can be refused for before its view looks at it."""
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are in lower case."""

    id: str
    caller: Caller
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def json(self, model: type[Model]) -> Model:
        """Return the body as `model`; raise the AppError that says what is wrong with it."""
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if media_type != "application/json":
            raise UnsupportedMediaType("Send the body as application/json.")
        try:
            fields = json.loads(self.body.decode())
        except (ValueError, RecursionError):
            raise BadJson("The body is not valid JSON.") from None
        if not isinstance(fields, dict):
            raise InvalidInput("The body must be a JSON object.")
        return checked(model, fields)


@dataclass(frozen=True)
class HeaderField:
    """A request header that an operation reads; `pattern` is what its value must match."""

    description: str
    pattern: str = ""


@dataclass(frozen=True)
class Operation:
    """One route as the OpenAPI document describes it.

    With accounts it is closed to all but the signed in, unless `access` says otherwise, and to
    API keys unless `scope` names what a key needs for it. `max_body` is in bytes.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, type[Wire] | None]
    errors: tuple[type[AppError], ...] = ()
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    headers: Mapping[str, HeaderField] = field(default_factory=dict)
    access: Access = "user"
    scope: Scope | None = None
    max_body: int = MAX_BODY_BYTES


REFUSED = Operation(
    "", "", "refused", "A method that the address does not have", {}, access="public"
)


class Api:
    """A blueprint whose every answer is the contract's."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.operations: list[Operation] = []

    def operation(
        self, operation: Operation
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Register a view for one method of one path."""

        def register(view: Callable[..., Answer]) -> Callable[..., Answer]:
            def respond(**parameters: str) -> Response:
                request = self.blueprint.current_request
                return _respond(request, operation, view, parameters)

            self._route(operation.path, operation.method, operation.name, respond)
            self.operations.append(operation)
            return view

        return register

    def refuse_other_methods(self) -> Blueprint:
        """Answer 405 where no view was registered, and return the finished blueprint."""
        for path in {operation.path for operation in self.operations}:
            known = [o.method for o in self.operations if o.path == path]
            allowed = ", ".join(known)
            for method in set(METHODS) - set(known):

                def refuse(allowed: str = allowed, **_: str) -> Response:
                    def view(_: Request) -> Answer:
                        raise MethodNotAllowed(allowed)

                    return _respond(self.blueprint.current_request, REFUSED, view, {})

                self._route(path, method, f"refuse_{method}_{path}", refuse)
        return self.blueprint

    def _route(self, path: str, method: str, name: str, view: Callable[..., Response]) -> None:
        view.__name__ = "".join(c if c.isalnum() else "_" for c in name)
        self.blueprint.route(path, methods=[method], content_types=[])(view)


def checked(model: type[Model], fields: Mapping[str, Any]) -> Model:
    """Return the fields as `model`; raise InvalidInput naming every wrong one."""
    try:
        return model.model_validate(fields)
    except ValidationError as problem:
        details = tuple(
            Detail(".".join(str(part) for part in e["loc"]) or "body", e["msg"])
            for e in problem.errors(include_url=False, include_input=False, include_context=False)
        )
        named = ", ".join(dict.fromkeys(d.field for d in details))
        raise InvalidInput(f"These fields are wrong: {named}.", details) from None


def _respond(
    raw: Any, operation: Operation, view: Callable[..., Answer], parameters: Mapping[str, str]
) -> Response:
    began_s = time.perf_counter()
    request_id = str(raw.context.get("requestId") or services().ports.new_id())
    logs.request_id.set(request_id)
    try:
        answer = view(_request(raw, request_id, operation), **parameters)
    except Exception as problem:
        if not isinstance(problem, AppError):
            logs.failure("request_failed", operation=operation.name)
        answer = error_answer(problem, request_id)
    _log_answer(
        operation.name, raw.method, answer, round((time.perf_counter() - began_s) * 1000, 1)
    )
    body = answer.body.to_json() if isinstance(answer.body, Wire) else answer.body or ""
    return Response(body, {**HEADERS, **answer.headers}, answer.status)


def _log_answer(operation: str, method: str, answer: Answer, took_ms: float) -> None:
    job_id = getattr(answer.body, "job_id", None)
    job = {"jobId": job_id} if job_id else {}
    logs.event(
        "request",
        operation=operation,
        method=method,
        status=answer.status,
        durationMs=took_ms,
        **job,
    )


def _request(raw: Any, request_id: str, operation: Operation) -> Request:
    headers = {name.lower(): value for name, value in raw.headers.items()}
    address = caller_address(raw.context, headers, services().settings.network.origin_secret)
    caller = admit(operation.access, operation.scope, headers, address)
    body = raw.raw_body or b""
    if len(body) > operation.max_body:
        raise PayloadTooLarge(f"The body is larger than {operation.max_body // 1024} KB.")
    return Request(
        id=request_id,
        caller=caller,
        headers=headers,
        query=dict(raw.query_params or {}),
        body=body,
    )
