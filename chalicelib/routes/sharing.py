"""Links to a run over HTTP: made and revoked by its owner, looked at by anybody."""

from dataclasses import replace

from chalice import Blueprint

from chalicelib.errors import Detail, InvalidInput, NotFound
from chalicelib.jobs.view import JobView, job_view
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request
from chalicelib.routes.requests import ShareRequest
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

api = Api(Blueprint(__name__))


class ShareView(Wire):
    """A link; it is shown this once."""

    url: str
    token: str
    expires_at: str


@api.operation(
    Operation(
        "POST",
        "/jobs/{job_id}/share",
        "share",
        "Make a link by which anybody may look at a job; an earlier one ends",
        answers={201: ShareView},
        errors=(*BODY_ERRORS, NotFound),
        body=ShareRequest,
        scope="generate",
    )
)
def share(request: Request, job_id: str) -> Answer:
    ends_ms = request.json(ShareRequest).expires_at if request.body else None
    if ends_ms is not None and ends_ms <= services().ports.clock():
        raise InvalidInput("The end is over.", (Detail("expiresAt", "is not in the future"),))
    made = services().jobs.shares.share(job_id, request.caller, ends_ms)
    domain = services().settings.network.cloudfront_domain
    origin = f"https://{domain}" if domain else ""
    url = f"{origin}/shared/{made.token}"
    return Answer(201, ShareView(url=url, token=made.token, expires_at=iso(made.ends_ms)))


@api.operation(
    Operation(
        "DELETE",
        "/jobs/{job_id}/share",
        "unshare",
        "End a job's link",
        answers={204: None},
        errors=(NotFound,),
        scope="generate",
    )
)
def unshare(request: Request, job_id: str) -> Answer:
    services().jobs.shares.revoke(job_id, request.caller)
    return Answer(204, None)


@api.operation(
    Operation(
        "GET",
        "/shared/{token}",
        "shared",
        "The job behind a link",
        answers={200: JobView},
        errors=(NotFound,),
        access="public",
    )
)
def shared(_: Request, token: str) -> Answer:
    job, ends_ms = services().jobs.shares.look(token)
    # What its owner thinks of the pictures is nobody else's.
    bare = replace(job, verdict=None, stars=frozenset())
    return Answer(200, job_view(bare, services().ground.addresses.until(ends_ms)))
