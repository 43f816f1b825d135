"""A caller's own jobs over HTTP: the list of all of them, and deleting one for good."""

from chalice import Blueprint

from chalicelib.errors import Forbidden, InvalidInput, NotFound, wrong_cursor
from chalicelib.gallery.store import BadCursor
from chalicelib.images.store import preview_key, thumbnail_key
from chalicelib.jobs.model import Job, JobStatus
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import Api, Operation, Request, checked
from chalicelib.routes.requests import JobsQuery
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

api = Api(Blueprint(__name__))


class JobPreview(Wire):
    """The first picture of a job whose previews are drawn; all are null when it has none."""

    thumb_url: str | None
    preview_url: str | None
    model: str | None


class JobSummary(Wire):
    """One job in the list."""

    job_id: str
    target: str
    status: JobStatus
    created_at: str
    updated_at: str
    prompt: str
    total_models: int
    completed_models: int
    failed_models: int
    simulated: bool
    preview: JobPreview


class JobsPage(Wire):
    """Jobs, newest first, open ones included; `next` is the cursor of the following page."""

    jobs: list[JobSummary]
    next: str | None


@api.operation(
    Operation(
        "GET",
        "/jobs",
        "jobs",
        "The caller's own jobs, newest first; without accounts, everybody's",
        answers={200: JobsPage},
        errors=(InvalidInput,),
        query=JobsQuery,
        scope="read",
    )
)
def jobs(request: Request) -> Answer:
    wanted = checked(JobsQuery, request.query)
    owners = request.caller.owners
    try:
        page = services().jobs.listing.page(owners, wanted.limit, wanted.cursor, wanted.status)
    except BadCursor:
        raise wrong_cursor() from None
    shown = [_summary(job) for job in page.jobs]
    return Answer(200, JobsPage(jobs=shown, next=page.cursor))


@api.operation(
    Operation(
        "DELETE",
        "/jobs/{job_id}",
        "delete",
        "Delete a job, its gallery entry and its pictures; an open one is cancelled first",
        answers={204: None},
        errors=(NotFound, Forbidden),
        scope="generate",
    )
)
def delete(request: Request, job_id: str) -> Answer:
    if not services().settings.accounts.can_delete:
        raise Forbidden("This installation is everybody's: nobody may delete what others see.")
    services().jobs.deletion.delete(job_id, request.caller)
    return Answer(204, None)


def _summary(job: Job) -> JobSummary:
    return JobSummary(
        job_id=job.id,
        target=job.target,
        status=job.status,
        created_at=iso(job.created_at),
        updated_at=iso(job.shown_updated_at),
        prompt=job.prompt,
        total_models=len(job.slots),
        completed_models=job.count("completed"),
        failed_models=job.count("error"),
        simulated=job.simulated,
        preview=_preview(job),
    )


def _preview(job: Job) -> JobPreview:
    address = services().ground.addresses.of
    for slot in job.shown_slots:
        outcome = job.outcomes.get(slot.index)
        if outcome and outcome.image and job.shown_preview(slot.index) == "drawn":
            key = outcome.image.key
            return JobPreview(
                thumb_url=address(thumbnail_key(key)),
                preview_url=address(preview_key(key)),
                model=None if job.hidden else job.drawn_by(slot).name,
            )
    return JobPreview(thumb_url=None, preview_url=None, model=None)
