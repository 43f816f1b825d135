"""What people think of pictures, over HTTP: verdicts, stars, and the leaderboard of models."""

from chalice import Blueprint

from chalicelib.errors import InvalidInput, NotFound, WrongState
from chalicelib.jobs.model import Job
from chalicelib.jobs.view import JobView, job_view
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request, checked
from chalicelib.routes.verdict_requests import LeaderboardQuery, VerdictRequest
from chalicelib.verdicts.board import Row, board
from chalicelib.verdicts.model import Ballot
from chalicelib.wire import Wire
from chalicelib.wiring import services

api = Api(Blueprint(__name__))


class LeaderboardRow(Wire):
    """One model; what no verdict knows is null.

    `votes` are comparisons with another model, of which it won `winRate`; with under ten of them
    it has no `rank`. 400 points of `rating` more are ten to one; `interval` holds the true rating
    with 95 %. The rest is of the runs that have a verdict: times are seconds.
    """

    rank: int | None = None
    model: str
    provider: str
    model_id: str
    simulated: bool
    rating: float | None
    interval: tuple[float, float] | None
    votes: int
    win_rate: float | None
    pictures: int
    seconds_p50: float | None
    seconds_p95: float | None
    usd_per_picture: float | None
    refused_share: float | None
    failed_share: float | None


class Leaderboard(Wire):
    """The models of the caller's verdicts, the best first, those without a rank last."""

    models: list[LeaderboardRow]
    votes: int


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


@api.operation(
    Operation(
        "GET",
        "/leaderboard",
        "leaderboard",
        "How the models do in the caller's own verdicts; without accounts, in everybody's",
        answers={200: Leaderboard},
        errors=(InvalidInput,),
        query=LeaderboardQuery,
        scope="read",
    )
)
def leaderboard(request: Request) -> Answer:
    wanted = checked(LeaderboardQuery, request.query)
    given = services().ground.ballots.given(
        request.caller.owners, wanted.first_ms, wanted.after_ms, services().ports.clock()
    )
    found = board([ballot for ballot in given if _counts(ballot, wanted)])
    return Answer(200, Leaderboard(models=[_row(row) for row in found.rows], votes=found.votes))


def _counts(ballot: Ballot, wanted: LeaderboardQuery) -> bool:
    """Return whether a ballot is asked for."""
    verdict = ballot.verdict
    if verdict is None:
        return False
    tagged = wanted.tag is None or wanted.tag in verdict.tags
    return tagged and wanted.blind in (None, "true" if verdict.blind else "false")


def _row(row: Row) -> LeaderboardRow:
    ranked = {} if row.rank is None else {"rank": row.rank}
    return LeaderboardRow(
        model=row.name,
        provider=row.contender.provider,
        model_id=row.contender.model_id,
        simulated=row.contender.simulated,
        rating=row.rating,
        interval=row.interval,
        votes=row.votes,
        win_rate=row.win_rate,
        pictures=row.pictures,
        seconds_p50=row.seconds_p50,
        seconds_p95=row.seconds_p95,
        usd_per_picture=row.usd_per_picture,
        refused_share=row.refused_share,
        failed_share=row.failed_share,
        **ranked,
    )


def _shown(job: Job) -> Answer:
    return Answer(200, job_view(job, services().ground.addresses.of))
