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

        The first verdict of a blind one is of letters, and reveals whose they are. Raise
        UnknownJob, WrongState for a job that has not ended, InvalidInput for a result that has no
        picture.
        """

        def given(job: Job) -> Job:
            _check_ended(job)
            meant = _meant(job, verdict)
            stands = job.verdict and replace(job.verdict, blind=False) == meant
            return job if stands else replace(job, verdict=replace(meant, blind=job.hidden))

        return self._change(job_id, caller, given)

    def take_back(self, job_id: str, caller: Caller) -> Job:
        """Leave a job without a verdict; raise UnknownJob."""
        return self._change(job_id, caller, lambda job: replace(job, verdict=None))

    def star(self, job_id: str, result_id: str, caller: Caller) -> Job:
        """Give a picture a star; raise NotFound, or WrongState where there is no picture."""

        def starred(job: Job) -> Job:
            meant = _result(job, result_id)
            if job.secretive:
                _check_ended(job)
            if meant not in job.pictured:
                raise WrongState("Only a picture can have a star, and this result has none.")
            return replace(job, stars=job.stars | {meant})

        return self._change(job_id, caller, starred)

    def unstar(self, job_id: str, result_id: str, caller: Caller) -> Job:
        """Take a picture's star away; raise NotFound."""

        def unstarred(job: Job) -> Job:
            return replace(job, stars=job.stars - {_result(job, result_id)})

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


def _result(job: Job, name: str) -> str:
    meant = job.meant(name)
    if meant is None:
        raise NotFound("There is no such result in this run.")
    return meant


def _meant(job: Job, verdict: Verdict) -> Verdict:
    """Return the verdict in the results' own ids; raise InvalidInput naming every wrong one."""
    ids = {name: job.meant(name) for _, name in _named(verdict)}
    wrong = tuple(
        Detail(field, f"{name} {_problem(ids[name])}")
        for field, name in _named(verdict)
        if ids[name] not in job.pictured
    )
    if wrong:
        raise InvalidInput("Only pictures of this run can be judged.", wrong)
    known = {name: found for name, found in ids.items() if found}
    if len(set(known.values())) < len(known):
        detail = Detail("ranking", "names a result by its letter and by its id")
        raise InvalidInput("A result is named twice.", (detail,))
    winner = None if verdict.winner is None else known[verdict.winner]
    ranking = tuple(tuple(known[name] for name in place) for place in verdict.ranking)
    return replace(verdict, winner=winner, ranking=ranking)


def _problem(meant: str | None) -> str:
    return "has no picture" if meant else "is not a result of this run"


def _named(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Return every result that is named, each with its field."""
    if verdict.winner is not None:
        yield "winner", verdict.winner
    for number, place in enumerate(verdict.ranking):
        yield from ((f"ranking.{number}", result_id) for result_id in place)
