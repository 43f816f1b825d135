"""What a job's owner says of its pictures: a verdict on all of them, and stars."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chalicelib.callers import Caller
from chalicelib.errors import Detail, InvalidInput, NotFound, Unavailable, WrongState
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import CONTENDERS, JobService
from chalicelib.jobs.store import JobStore, Superseded
from chalicelib.verdicts.model import Verdict


@dataclass(frozen=True)
class Judging:
    """Verdicts and stars; saying a thing twice changes nothing. `clock` in epoch milliseconds."""

    service: JobService
    store: JobStore
    lifecycle: Lifecycle
    clock: Callable[[], int]

    def judge(self, job_id: str, verdict: Verdict, caller: Caller) -> Job:
        """Give a job its verdict, in the place of an earlier one.

        Raise UnknownJob, WrongState for a job that has not ended, InvalidInput for a result that
        has no picture.
        """

        def given(job: Job) -> Job:
            _check_ended(job)
            _check_verdict(job, verdict)
            return replace(job, verdict=verdict)

        return self._change(job_id, caller, given)

    def take_back(self, job_id: str, caller: Caller) -> Job:
        """Leave a job without a verdict; raise UnknownJob."""
        return self._change(job_id, caller, lambda job: replace(job, verdict=None))

    def star(self, job_id: str, result_id: str, caller: Caller) -> Job:
        """Give a picture a star; raise NotFound, or WrongState where there is no picture."""

        def starred(job: Job) -> Job:
            _check_result(job, result_id)
            if result_id not in job.pictured:
                raise WrongState("Only a picture can have a star, and this result has none.")
            return replace(job, stars=job.stars | {result_id})

        return self._change(job_id, caller, starred)

    def unstar(self, job_id: str, result_id: str, caller: Caller) -> Job:
        """Take a picture's star away; raise NotFound."""

        def unstarred(job: Job) -> Job:
            _check_result(job, result_id)
            return replace(job, stars=job.stars - {result_id})

        return self._change(job_id, caller, unstarred)

    def _change(self, job_id: str, caller: Caller, change: Callable[[Job], Job]) -> Job:
        """Make a change of what the job is at the moment of writing, and tell of it."""
        job = self.service.get(job_id, caller)
        for _ in range(CONTENDERS):
            wanted = change(job)
            if wanted == job:
                return job
            try:
                job = self.store.judge(job, wanted.verdict, wanted.stars, self.clock())
            except Superseded as conflict:
                job = conflict.job
                continue
            self.lifecycle.after_judgement(job)
            return job
        raise Unavailable("The job is changing too fast to note this. Try again.")


def _check_ended(job: Job) -> None:
    if not job.finished:
        raise WrongState("This run has not ended yet. Judge it when all of its pictures are there.")


def _check_result(job: Job, result_id: str) -> None:
    if result_id not in job.result_ids:
        raise NotFound("There is no such result in this run.")


def _check_verdict(job: Job, verdict: Verdict) -> None:
    """Raise InvalidInput naming every result that cannot be judged."""
    wrong = tuple(
        Detail(field, f"{result_id} {_problem(job, result_id)}")
        for field, result_id in _named(verdict)
        if result_id not in job.pictured
    )
    if wrong:
        raise InvalidInput("Only pictures of this run can be judged.", wrong)


def _problem(job: Job, result_id: str) -> str:
    return "has no picture" if result_id in job.result_ids else "is not a result of this run"


def _named(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Return every result that is named, each with its field."""
    if verdict.winner is not None:
        yield "winner", verdict.winner
    for number, place in enumerate(verdict.ranking):
        yield from ((f"ranking.{number}", result_id) for result_id in place)
