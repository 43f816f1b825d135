"""Jobs over HTTP: submit, look, cancel, retry."""

import re

from chalice import Blueprint

from chalicelib.errors import (
    ContentBlocked,
    Detail,
    IdempotencyConflict,
    InvalidInput,
    ModelOff,
    NotFound,
    NotRetryable,
    RateLimited,
    WrongState,
)
from chalicelib.jobs.model import Job
from chalicelib.jobs.slots import slots_named, slots_to_retry
from chalicelib.jobs.view import JobView, job_view
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, HeaderField, Operation, Request
from chalicelib.routes.requests import CancelRequest, GenerateRequest, RetryRequest
from chalicelib.wiring import services

api = Api(Blueprint(__name__))
KEY_MAX = 255
KEY_PATTERN = rf"^[!-~]([ -~]{{0,{KEY_MAX - 2}}}[!-~])?$"


@api.operation(
    Operation(
        "POST",
        "/generate",
        "generate",
        "Draw one prompt with several models at once",
        answers={202: JobView},
        errors=(*BODY_ERRORS, ContentBlocked, IdempotencyConflict, ModelOff, RateLimited),
        body=GenerateRequest,
        scope="generate",
        headers={
            "Idempotency-Key": HeaderField("The same key and body give the same job.", KEY_PATTERN)
        },
    )
)
def generate(request: Request) -> Answer:
    wanted = request.json(GenerateRequest).submission()
    key = idempotency_key(request)
    return _shown(202, services().jobs.service.submit(wanted, request.caller, key))


@api.operation(
    Operation(
        "GET",
        "/status/{job_id}",
        "status",
        "The job as it is now",
        answers={200: JobView, 304: None},
        errors=(NotFound,),
        scope="read",
        headers={"If-None-Match": HeaderField("The ETag of an earlier answer.")},
    )
)
def status(request: Request, job_id: str) -> Answer:
    job = services().jobs.service.look(job_id, request.caller)
    tag = _tag(job)
    known = {
        t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")
    }
    if tag in known or "*" in known:
        return Answer(304, None, {"ETag": tag})
    return _shown(200, job, {"ETag": tag})


@api.operation(
    Operation(
        "POST",
        "/jobs/{job_id}/cancel",
        "cancel",
        "End what has no result yet",
        answers={200: JobView},
        errors=(*BODY_ERRORS, NotFound, WrongState),
        body=CancelRequest,
        scope="generate",
    )
)
def cancel(request: Request, job_id: str) -> Answer:
    service, caller = services().jobs.service, request.caller
    named = request.json(CancelRequest) if request.body else CancelRequest()
    if named.models is None and named.results is None:
        return _shown(200, service.cancel(job_id, None, caller))
    job = service.get(job_id, caller)
    ending = slots_named(job, named.models or (), named.results or ())
    return _shown(200, service.cancel(job_id, ending, caller))


@api.operation(
    Operation(
        "POST",
        "/jobs/{job_id}/retry",
        "retry",
        "A new attempt for models that failed or were cancelled",
        answers={202: JobView},
        errors=(*BODY_ERRORS, NotFound, NotRetryable, WrongState, ModelOff, RateLimited),
        body=RetryRequest,
        scope="generate",
    )
)
def retry(request: Request, job_id: str) -> Answer:
    service, caller = services().jobs.service, request.caller
    named = request.json(RetryRequest)
    job = service.get(job_id, caller)
    again = slots_to_retry(job, named.models, named.results)
    return _shown(202, service.retry(job_id, again, caller))


def _tag(job: Job) -> str:
    """Return the ETag of an answer, which differs once the addresses of its pictures do."""
    end_s = services().ground.addresses.end_s
    return f'"{job.id}.{job.shown_seq}.{end_s}"' if end_s else f'"{job.id}.{job.shown_seq}"'


def _shown(status_code: int, job: Job, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status_code, job_view(job, services().ground.addresses.of), headers or {})


def idempotency_key(request: Request) -> str | None:
    """Return the key that a request was sent with; raise InvalidInput."""
    key = request.headers.get("idempotency-key")
    if key is not None and not re.fullmatch(KEY_PATTERN, key):
        problem = f"must be 1 to {KEY_MAX} printable ASCII characters"
        raise InvalidInput("The Idempotency-Key is wrong.", (Detail("Idempotency-Key", problem),))
    return key
