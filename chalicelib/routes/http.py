"""The HTTP edge: requests in, contract-shaped answers out, and nothing else ever.

A view takes a `Request` and its path parameters and returns an `Answer` or raises an `AppError`.
"""

import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore import exceptions as aws
from chalice import Blueprint, Response
from pydantic import BaseModel, ValidationError

from chalicelib import logs
from chalicelib.errors import (
    AppError,
    BadJson,
    Detail,
    Internal,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    Unavailable,
    UnsupportedMediaType,
)
from chalicelib.jobs.store import UnknownJob
from chalicelib.wire import Wire
from chalicelib.wiring import services

MAX_BODY_BYTES = 64 * 1024
BUSY = frozenset(
    {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"}
)
"""What AWS says, under status 400, of load that passes."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
ORIGIN_SECRET_HEADER = "x-origin-secret"
VIEWER_HEADER = "cloudfront-viewer-address"
Model = TypeVar("Model", bound=BaseModel)


class DetailView(Wire):
    """One field and what is wrong with it."""

    field: str
    problem: str


class ErrorResponse(Wire):
    """Every error: a sentence a person can act on, a code, and the request's id."""

    error: str
    code: str
    request_id: str
    details: list[DetailView] | None = None
    scope: str | None = None


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are in lower case."""

    id: str
    address: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def json(self, model: type[Model]) -> Model:
        """The body as `model`; raises the error that says what is wrong with it."""
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
class Answer:
    """What a view returns; `body` None is an empty answer."""

    status: int
    body: Wire | str | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HeaderField:
    """A request header that an operation heeds; `pattern` is what its value must match."""

    description: str
    pattern: str = ""


@dataclass(frozen=True)
class Operation:
    """One route as the OpenAPI document describes it."""

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, type[Wire] | None]
    errors: tuple[type[AppError], ...] = ()
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    headers: Mapping[str, HeaderField] = field(default_factory=dict)


class Api:
    """A blueprint whose every answer is the contract's."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.operations: list[Operation] = []

    def operation(
        self, operation: Operation
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Registers a view for one method of one path."""

        def register(view: Callable[..., Answer]) -> Callable[..., Answer]:
            def respond(**parameters: str) -> Response:
                request = self.blueprint.current_request
                return _respond(request, operation.name, view, parameters)

            self._route(operation.path, operation.method, operation.name, respond)
            self.operations.append(operation)
            return view

        return register

    def refuse_other_methods(self) -> Blueprint:
        """Answers 405 wherever no view was registered, and gives the finished blueprint."""
        for path in {operation.path for operation in self.operations}:
            known = [o.method for o in self.operations if o.path == path]
            allowed = ", ".join(known)
            for method in set(METHODS) - set(known):

                def refuse(allowed: str = allowed, **_: str) -> Response:
                    def view(_: Request) -> Answer:
                        raise MethodNotAllowed(allowed)

                    return _respond(self.blueprint.current_request, "refused", view, {})

                self._route(path, method, f"refuse_{method}_{path}", refuse)
        return self.blueprint

    def _route(self, path: str, method: str, name: str, view: Callable[..., Response]) -> None:
        view.__name__ = "".join(c if c.isalnum() else "_" for c in name)
        self.blueprint.route(path, methods=[method], content_types=[])(view)


def checked(model: type[Model], fields: Mapping[str, Any]) -> Model:
    """The fields as `model`; raises InvalidInput naming every wrong one."""
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
    raw: Any, name: str, view: Callable[..., Answer], parameters: Mapping[str, str]
) -> Response:
    began = time.perf_counter()
    request_id = str(raw.context.get("requestId") or services().ports.new_id())
    logs.request_id.set(request_id)
    try:
        answer = view(_request(raw, request_id), **parameters)
    except AppError as error:
        answer = _error(error, request_id)
    except UnknownJob:
        answer = _error(NotFound("There is no such job, or it has expired."), request_id)
    except Exception as problem:
        logs.failure("request_failed", operation=name)
        answer = _error(_fault(problem), request_id)
    _log_answer(name, raw.method, answer, round((time.perf_counter() - began) * 1000, 1))
    body = answer.body.to_json() if isinstance(answer.body, Wire) else answer.body or ""
    return Response(body, {**HEADERS, **answer.headers}, answer.status)


def _log_answer(operation: str, method: str, answer: Answer, took: float) -> None:
    told = getattr(answer.body, "job_id", None)
    job = {"jobId": told} if told else {}
    logs.event(
        "request", operation=operation, method=method, status=answer.status, durationMs=took, **job
    )


def _fault(problem: Exception) -> AppError:
    """What a fault of ours is told as: AWS may answer the next time, a mistake will not go away."""
    if isinstance(problem, aws.ConnectionError | aws.HTTPClientError) or _is_busy(problem):
        return Unavailable("The service is busy. Try again in a moment.")
    return Internal("Something went wrong on our side. Try again.")


def _is_busy(problem: Exception) -> bool:
    if not isinstance(problem, aws.ClientError):
        return False
    status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or problem.response["Error"].get("Code") in BUSY


def _request(raw: Any, request_id: str) -> Request:
    body = raw.raw_body or b""
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {MAX_BODY_BYTES // 1024} KB.")
    headers = {name.lower(): value for name, value in raw.headers.items()}
    return Request(
        id=request_id,
        address=_address(raw.context, headers),
        headers=headers,
        query=dict(raw.query_params or {}),
        body=body,
    )


def _address(context: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Who connected, as the gateway saw it; the CDN's word counts only with the shared secret."""
    secret = services().settings.origin_secret
    viewer = headers.get(VIEWER_HEADER)
    # Bytes that are no UTF-8 arrive as lone surrogates.
    given = headers.get(ORIGIN_SECRET_HEADER, "").encode("utf-8", "surrogatepass")
    if secret and viewer and hmac.compare_digest(given, secret.reveal().encode()):
        return viewer.rpartition(":")[0].strip("[]")
    return str(context.get("identity", {}).get("sourceIp") or "")


def _error(error: AppError, request_id: str) -> Answer:
    optional: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if error.details:
        optional["details"] = [DetailView(field=d.field, problem=d.problem) for d in error.details]
    if isinstance(error, RateLimited):
        optional["scope"] = error.scope
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.allowed
    body = ErrorResponse(error=error.sentence, code=error.code, request_id=request_id, **optional)
    return Answer(error.status, body, headers)
