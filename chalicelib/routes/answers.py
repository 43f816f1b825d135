"""Answers in the contract's shape, errors above all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore import exceptions as aws

from chalicelib.errors import (
    AppError,
    Detail,
    Internal,
    MethodNotAllowed,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from chalicelib.wire import Wire

BUSY = frozenset(
    {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"}
)
"""What AWS says, under status 400, of load that passes."""


class DetailView(Wire):
    """One field and what is wrong with it; line and column where it stands in a text."""

    field: str
    problem: str
    line: int | None = None
    column: int | None = None


class ErrorResponse(Wire):
    """Every error: a sentence a person can act on, a code, and the request's id."""

    error: str
    code: str
    request_id: str
    details: list[DetailView] | None = None
    scope: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a view returns; `body` None is an empty answer."""

    status: int
    body: Wire | str | None
    headers: Mapping[str, str] = field(default_factory=dict)


def error_answer(problem: Exception, request_id: str) -> Answer:
    """Return the answer to a request that raised `problem`."""
    error = problem if isinstance(problem, AppError) else _fault(problem)
    optional: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if error.details:
        optional["details"] = [_detail(detail) for detail in error.details]
    if isinstance(error, RateLimited):
        optional["scope"] = error.scope
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.allowed
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    body = ErrorResponse(error=error.sentence, code=error.code, request_id=request_id, **optional)
    return Answer(error.status, body, headers)


def _detail(detail: Detail) -> DetailView:
    place = {"line": detail.line, "column": detail.column} if detail.line else {}
    return DetailView(field=detail.field, problem=detail.problem, **place)


def _fault(problem: Exception) -> AppError:
    """Return the error for a fault of ours: AWS may answer next time, a bug will not go away."""
    if isinstance(problem, aws.ConnectionError | aws.HTTPClientError) or _is_busy(problem):
        return Unavailable("The service is busy. Try again in a moment.")
    return Internal("Something went wrong on our side. Try again.")


def _is_busy(problem: Exception) -> bool:
    if not isinstance(problem, aws.ClientError):
        return False
    status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or problem.response["Error"].get("Code") in BUSY
