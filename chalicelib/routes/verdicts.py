"""What people think of pictures, over HTTP: verdicts and stars."""

from chalice import Blueprint

from chalicelib.errors import NotFound, WrongState
from chalicelib.jobs.model import Job
from chalicelib.jobs.view import JobView, job_view
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request
from chalicelib.routes.verdict_requests import VerdictRequest
from chalicelib.wiring import services

api = Api(Blueprint(__name__))


@api.operation(
    Operation(
        "PUT",
        "/jobs/{job_id}/verdict",
        "judge",
        "Say which picture of a job that has ended is the best; once more replaces it",
        answers={200: JobView},
        errors=(*BODY_ERRORS, NotFound, WrongState),
        body=VerdictRequest,
        scope="generate",
    )
)
def judge(request: Request, job_id: str) -> Answer:
    verdict = request.json(VerdictRequest).verdict()
    return _shown(services().jobs.judging.judge(job_id, verdict, request.caller))


@api.operation(
    Operation(
        "DELETE",
        "/jobs/{job_id}/verdict",
        "take_back",
        "Take a job's verdict back",
        answers={200: JobView},
        errors=(NotFound,),
        scope="generate",
    )
)
def take_back(request: Request, job_id: str) -> Answer:
    return _shown(services().jobs.judging.take_back(job_id, request.caller))


@api.operation(
    Operation(
        "PUT",
        "/jobs/{job_id}/results/{result_id}/star",
        "star",
        "Give a picture a star",
        answers={200: JobView},
        errors=(NotFound, WrongState),
        scope="generate",
    )
)
def star(request: Request, job_id: str, result_id: str) -> Answer:
    return _shown(services().jobs.judging.star(job_id, result_id, request.caller))


@api.operation(
    Operation(
        "DELETE",
        "/jobs/{job_id}/results/{result_id}/star",
        "unstar",
        "Take a picture's star away",
        answers={200: JobView},
        errors=(NotFound,),
        scope="generate",
    )
)
def unstar(request: Request, job_id: str, result_id: str) -> Answer:
    return _shown(services().jobs.judging.unstar(job_id, result_id, request.caller))


def _shown(job: Job) -> Answer:
    return Answer(200, job_view(job, services().ground.addresses.of))
