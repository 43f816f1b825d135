"""Every failure that a caller of the API can meet.

AppError
├── BadJson                 400  the body is no JSON
├── InvalidInput            400  a field is missing, wrong or unknown; carries details
├── ContentBlocked          400  the content filter refused the prompt
├── NotFound                404
├── MethodNotAllowed        405
├── IdempotencyConflict     409  same key, other body
├── NotRetryable            409  only an attempt that failed or was cancelled can be retried
├── PayloadTooLarge         413
├── UnsupportedMediaType    415
├── RateLimited             429  carries scope and seconds to wait
├── Internal                500  nothing of the cause is told
├── UpstreamFailed          502
└── Unavailable             503  worth another try in a moment
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Detail:
    """One field of the request and what is wrong with it."""

    field: str
    problem: str


class AppError(Exception):
    """A failure with an HTTP status, a code and a sentence a person can act on."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL"

    def __init__(self, sentence: str, details: tuple[Detail, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class BadJson(AppError):
    status, code = 400, "BAD_JSON"


class InvalidInput(AppError):
    status, code = 400, "INVALID_INPUT"


class ContentBlocked(AppError):
    status, code = 400, "CONTENT_BLOCKED"


class NotFound(AppError):
    status, code = 404, "NOT_FOUND"


class MethodNotAllowed(AppError):
    status, code = 405, "METHOD_NOT_ALLOWED"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"This address answers {allowed} only.")
        self.allowed = allowed


class IdempotencyConflict(AppError):
    status, code = 409, "IDEMPOTENCY_CONFLICT"


class NotRetryable(AppError):
    status, code = 409, "NOT_RETRYABLE"


class PayloadTooLarge(AppError):
    status, code = 413, "PAYLOAD_TOO_LARGE"


class UnsupportedMediaType(AppError):
    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"


class RateLimited(AppError):
    """`scope` says which limit was met, `retry_after` in how many seconds it resets."""

    status, code = 429, "RATE_LIMITED"

    def __init__(self, sentence: str, scope: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.scope = scope
        self.retry_after = retry_after


class Internal(AppError):
    status, code = 500, "INTERNAL"


class UpstreamFailed(AppError):
    status, code = 502, "UPSTREAM_FAILED"


class Unavailable(AppError):
    status, code = 503, "UNAVAILABLE"
