"""Build a slot's outcome from what its provider returned."""

from collections.abc import Sequence

from chalicelib.images.sniff import BadImage, sniff
from chalicelib.images.store import thumbnail_key
from chalicelib.jobs.model import Claim, Failure, Job, Outcome, StoredImage
from chalicelib.jobs.pictures import stem_of
from chalicelib.providers.base import UNKNOWN_COST, Cost, Picture
from chalicelib.providers.catalog import Price
from chalicelib.providers.errors import BadResponse, Billed, Interrupted, ProviderError
from chalicelib.providers.prices import credible

REVISED_PROMPT_LIMIT = 500
"""Twenty of them must fit into one push message."""
FREE = Cost(0.0, "exact")


def estimate(price: Price) -> Cost:
    """Return what the price table says of one picture."""
    return UNKNOWN_COST if price.amount is None else Cost(price.amount, "estimated")


def completed_outcome(
    job: Job,
    index: int,
    claim: Claim,
    picture: Picture,
    ignored: Sequence[str],
    price: Price,
    now: int,
) -> Outcome:
    """Return the outcome of a picture that came; raise BadResponse when it is not one."""
    try:
        facts = sniff(picture.data)
    except BadImage as problem:
        raise BadResponse(
            f"The provider answered with something that is not an image ({problem}).", billed="yes"
        ) from None
    key = f"{stem_of(job, index)}.{facts.extension}"
    return Outcome(
        attempt=job.attempt(index),
        started_at=claim.started_at,
        completed_at=now,
        cost=credible(picture.cost) or estimate(price),
        image=StoredImage(
            key=key,
            thumb_key=thumbnail_key(key),
            content_type=facts.content_type,
            width=facts.width,
            height=facts.height,
            size=len(picture.data),
            seed=picture.seed,
            ignored=tuple(ignored),
            revised_prompt=_storable(picture.revised_prompt),
        ),
    )


def _storable(text: str | None) -> str | None:
    """Cut a text, and replace half surrogate pairs, which neither DynamoDB nor JSON can hold."""
    whole = (text or "").encode("utf-8", "replace").decode()
    return whole[:REVISED_PROMPT_LIMIT] or None


def failed_outcome(
    job: Job, index: int, claim: Claim | None, error: ProviderError, price: Price | None, now: int
) -> Outcome:
    """Return the outcome of an attempt that gave no picture."""
    return Outcome(
        attempt=job.attempt(index),
        started_at=claim.started_at if claim else None,
        completed_at=now,
        cost=_cost(error.billed, price),
        failure=Failure(error.code, error.sentence, error.retryable),
    )


def cancelled_outcome(job: Job, index: int, now: int) -> Outcome:
    """Return a cancelled outcome: free, or of unknown cost if a call was under way."""
    claim = job.claims.get(index)
    return Outcome(
        attempt=job.attempt(index),
        started_at=claim.started_at if claim else None,
        completed_at=now,
        cost=UNKNOWN_COST if claim else FREE,
    )


def interrupted_outcome(job: Job, index: int, now: int) -> Outcome:
    """Return the outcome of a slot whose worker died, or that no worker ever began."""
    claim = job.claims.get(index)
    if claim:
        error = Interrupted(
            "The work was interrupted while the model was drawing; it may have been billed."
            " Retry to ask again."
        )
    else:
        error = Interrupted("No worker took this model up in time. Retry it.", billed="no")
    return failed_outcome(job, index, claim, error, None, now)


def _cost(billed: Billed, price: Price | None) -> Cost:
    if billed == "no":
        return FREE
    return estimate(price) if billed == "yes" and price else UNKNOWN_COST
