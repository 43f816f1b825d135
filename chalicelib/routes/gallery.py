"""The gallery over HTTP."""

from typing import Any, get_args

from chalice import Blueprint

from chalicelib.errors import InvalidInput, NotFound, wrong_cursor
from chalicelib.gallery.model import GalleryEntry
from chalicelib.gallery.search import search
from chalicelib.gallery.store import BadCursor
from chalicelib.images.store import preview_beside
from chalicelib.jobs.model import JobStatus
from chalicelib.jobs.service import job_id_of
from chalicelib.jobs.view import (
    ParametersView,
    ResultView,
    VerdictView,
    parameters_view,
    result_views,
    verdict_view,
)
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import Api, Operation, Request, checked
from chalicelib.routes.verdict_requests import GallerySearch
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

api = Api(Blueprint(__name__))
STATUSES = get_args(JobStatus)


class GalleryPreview(Wire):
    """The first picture of a job; all are null when it has none."""

    thumb_url: str | None
    preview_url: str | None
    model: str | None


class GalleryEntryView(Wire):
    """One finished job in the list; `models` are the names of those that drew a picture.

    `starred` says whether any picture has a star. `status` is not there in very old entries.
    """

    target: str
    job_id: str
    prompt: str
    created_at: str
    images: int
    models: list[str]
    preview: GalleryPreview
    status: JobStatus | None = None
    starred: bool
    verdict: VerdictView | None = None


class GalleryPage(Wire):
    """Finished jobs, newest first; `next` is the cursor of the following page.

    Where runs are looked for, a page may be shorter than asked, or empty, and have a next one:
    so many entries are read for one page and no more.
    """

    galleries: list[GalleryEntryView]
    next: str | None


class GalleryDetail(Wire):
    """One job that has finished, perhaps with a retry in progress, and the pictures it has."""

    target: str
    job_id: str
    prompt: str
    parameters: ParametersView
    created_at: str
    images: list[ResultView]


@api.operation(
    Operation(
        "GET",
        "/gallery",
        "gallery",
        "Finished jobs, newest first, all of them or those that are looked for",
        answers={200: GalleryPage},
        errors=(InvalidInput,),
        query=GallerySearch,
        scope="read",
    )
)
def gallery(request: Request) -> Answer:
    wanted = checked(GallerySearch, request.query)
    now, owners = services().ports.clock(), request.caller.owners
    try:
        page = search(
            services().ground.gallery, wanted.wanted(), wanted.limit, wanted.cursor, now, owners
        )
    except BadCursor:
        raise wrong_cursor() from None
    entries = [_entry(entry) for entry in page.entries]
    return Answer(200, GalleryPage(galleries=entries, next=page.cursor))


@api.operation(
    Operation(
        "GET",
        "/gallery/{target}",
        "gallery_detail",
        "One finished job with its pictures, also while some are retried",
        answers={200: GalleryDetail},
        errors=(NotFound,),
        scope="read",
    )
)
def detail(request: Request, target: str) -> Answer:
    job = services().jobs.service.look(job_id_of(target), request.caller)
    if job.target != target or not job.listed:
        raise NotFound("There is no such gallery, or its job has not finished.")
    shown = result_views(job, services().ground.addresses.of)
    body = GalleryDetail(
        target=job.target,
        job_id=job.id,
        prompt=job.prompt,
        parameters=parameters_view(job),
        created_at=iso(job.created_at),
        images=[each for each in shown if each.status == "completed"],
    )
    return Answer(200, body)


def _entry(entry: GalleryEntry) -> GalleryEntryView:
    thumb, address = entry.thumb_key, services().ground.addresses.of
    optional: dict[str, Any] = {"status": entry.status} if entry.status in STATUSES else {}
    if entry.verdict:
        optional["verdict"] = verdict_view(entry.verdict)
    return GalleryEntryView(
        target=entry.target,
        job_id=entry.job_id,
        prompt=entry.prompt,
        created_at=iso(entry.created_at_ms),
        images=entry.images,
        models=list(entry.models),
        preview=GalleryPreview(
            thumb_url=address(thumb) if thumb else None,
            preview_url=address(preview_beside(thumb)) if thumb else None,
            model=entry.model,
        ),
        starred=entry.starred,
        **optional,
    )
