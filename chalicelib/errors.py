"""Every failure that a caller of the API can meet, each with its HTTP status and code."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Detail:
    """One field of the request and what is wrong with it.

    `line` and `column`, from 1, are where it stands in a text that was sent; 0 without one.
    """

    field: str
    problem: str
    line: int = 0
    column: int = 0


class AppError(Exception):
    """A failure with an HTTP status, a code and a sentence a person can act on."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL"

    def __init__(self, sentence: str, details: tuple[Detail, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class BadJson(AppError):
    """The body is not JSON."""

    status, code = 400, "BAD_JSON"


class InvalidInput(AppError):
    """A field is missing, wrong or unknown; `details` name it."""

    status, code = 400, "INVALID_INPUT"


def wrong_cursor() -> InvalidInput:
    """Return what a list says of a cursor that is none of its own."""
    detail = Detail("cursor", "is not a cursor that this list gave out")
    return InvalidInput("The cursor is wrong.", (detail,))


class ContentBlocked(AppError):
    """The content filter refused the prompt."""

    status, code = 400, "CONTENT_BLOCKED"


class Unauthenticated(AppError):
    """Nobody has signed in, or what was shown for it is not believed."""

    status, code = 401, "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("Sign in first: what was sent for it is missing, wrong or has expired.")


class Forbidden(AppError):
    """Signed in, and not allowed to do this."""

    status, code = 403, "FORBIDDEN"


class NotFound(AppError):
    """There is nothing under this address."""

    status, code = 404, "NOT_FOUND"


class MethodNotAllowed(AppError):
    """The address takes other methods only; `allowed` names them."""

    status, code = 405, "METHOD_NOT_ALLOWED"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"This address answers {allowed} only.")
        self.allowed = allowed


class IdempotencyConflict(AppError):
    """The Idempotency-Key was used with another body."""

    status, code = 409, "IDEMPOTENCY_CONFLICT"


class ModelOff(AppError):
    """The model is switched off and takes no new work."""

    status, code = 409, "MODEL_OFF"


class NotRetryable(AppError):
    """Only an attempt that failed or was cancelled can be retried."""

    status, code = 409, "NOT_RETRYABLE"


class WrongState(AppError):
    """The thing stands where this cannot be done."""

    status, code = 409, "WRONG_STATE"


class PreconditionFailed(AppError):
    """What `If-Match` names is not what stands now."""

    status, code = 412, "PRECONDITION_FAILED"


class PayloadTooLarge(AppError):
    """The body is larger than the API takes."""

    status, code = 413, "PAYLOAD_TOO_LARGE"


class UnsupportedMediaType(AppError):
    """The body is not sent as JSON."""

    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"


class RateLimited(AppError):
    """A limit is used up: `scope` says which, `retry_after` in how many seconds it resets."""

    status, code = 429, "RATE_LIMITED"

    def __init__(self, sentence: str, scope: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.scope = scope
        self.retry_after = retry_after


class Internal(AppError):
    """A fault of ours; nothing of its cause is told."""

    status, code = 500, "INTERNAL"


class Unavailable(AppError):
    """A fault of ours that passes: worth another try in a moment."""

    status, code = 503, "UNAVAILABLE"


class TooManySubscribers(AppError):
    """The job has as many subscribers as one item can hold."""

    status, code = 409, "TOO_MANY_SUBSCRIBERS"

    def __init__(self, most: int, what: str = "job") -> None:
        super().__init__(f"This {what} has {most} listeners already. Poll its status instead.")
