"""Build a slot's outcome from what its provider returned."""

from chalicelib.generation.call import Generated, estimate
from chalicelib.jobs.model import Failure, Job, Lease, Outcome
from chalicelib.providers.base import UNKNOWN_COST, Cost
from chalicelib.providers.errors import Billed, Interrupted, ProviderError, TimedOut
from chalicelib.providers.models.prices import Price

FREE = Cost(0.0, "exact")


def completed_outcome(job: Job, index: int, lease: Lease, drawn: Generated, now: int) -> Outcome:
    """Return the outcome of a picture that came."""
    return Outcome(
        attempt=job.attempt(index),
        started_at=lease.started_at,
        completed_at=now,
        cost=drawn.cost,
        image=drawn.image,
        drawn_by=lease.drawn_by,
    )


def failed_outcome(
    job: Job, index: int, lease: Lease | None, error: ProviderError, price: Price | None, now: int
) -> Outcome:
    """Return the outcome of an attempt that gave no picture."""
    return Outcome(
        attempt=job.attempt(index),
        started_at=lease.started_at if lease else None,
        completed_at=now,
        cost=_cost(error.billed, price, now),
        failure=Failure(error.code, error.sentence, error.retryable),
        drawn_by=lease.drawn_by if lease else None,
    )


def cancelled_outcome(job: Job, index: int, now: int) -> Outcome:
    """Return a cancelled outcome: free, or of unknown cost if a call was under way."""
    lease = job.leases.get(index)
    return Outcome(
        attempt=job.attempt(index),
        started_at=lease.started_at if lease else None,
        completed_at=now,
        cost=UNKNOWN_COST if lease else FREE,
        drawn_by=lease.drawn_by if lease else None,
    )


def interrupted_outcome(job: Job, index: int, now: int) -> Outcome:
    """Return the outcome of a slot whose worker died, or that no worker ever began."""
    lease = job.leases.get(index)
    if lease:
        error = Interrupted(
            "The work was interrupted while the model was drawing; it may have been billed."
            " Retry to ask again."
        )
    else:
        error = Interrupted("No worker took this model up in time. Retry it.", billed="no")
    return failed_outcome(job, index, lease, error, None, now)


def too_late(lease: Lease) -> TimedOut:
    """Return what a slot ends as whose deadline has passed."""
    seconds = round((lease.deadline - lease.started_at) / 1000)
    return TimedOut(f"No answer within {seconds} s; the picture may have been billed.")


def _cost(billed: Billed, price: Price | None, now: int) -> Cost:
    if billed == "no":
        return FREE
    return estimate(price, now) if billed == "yes" and price else UNKNOWN_COST
