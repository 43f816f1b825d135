"""What the leaderboard keeps of a judged job."""

from typing import Any

from chalicelib.jobs.model import Job, JobSlot, Outcome
from chalicelib.verdicts.model import Ballot, Contender, End, Entry


def ballot_of(job: Job) -> Ballot:
    """Return the ballot of a finished job; an empty one where its verdict was taken back."""
    return Ballot(
        job_id=job.id,
        owner=job.owner,
        created_at_ms=job.created_at,
        expires_at_ms=job.expires_at,
        seq=job.seq,
        verdict=job.verdict,
        entries=tuple(_entry(job, slot, job.outcomes[slot.index]) for slot in job.slots),
    )


def _entry(job: Job, slot: JobSlot, outcome: Outcome) -> Entry:
    shown = job.drawn_by(slot)
    drawn: dict[str, Any] = {}
    if outcome.image and outcome.started_at is not None:
        drawn["took_ms"] = outcome.completed_at - outcome.started_at
    if outcome.image:
        drawn["usd"] = outcome.cost.amount
    return Entry(
        result_id=job.result_id(slot.index),
        contender=Contender(shown.provider, slot.model_id, shown.simulated),
        name=shown.name,
        end=_end(outcome),
        **drawn,
    )


def _end(outcome: Outcome) -> End:
    if outcome.image:
        return "picture"
    if outcome.failure is None:
        return "cancelled"
    return "refused" if outcome.failure.code == "REFUSED" else "failed"
