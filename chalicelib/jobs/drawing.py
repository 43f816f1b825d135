"""From a provider's answer to the outcome of an attempt: money, picture and failure told truly."""

from collections.abc import Sequence

from chalicelib.images.sniff import BadImage, sniff
from chalicelib.images.store import image_key, slug, thumb_key
from chalicelib.jobs.model import Claim, Failure, Job, Outcome, Parameters, StoredImage
from chalicelib.providers.base import UNKNOWN_COST, Cost, Picture
from chalicelib.providers.catalog import Price
from chalicelib.providers.errors import BadResponse, Billed, Interrupted, ProviderError
from chalicelib.providers.narrow import Asked
from chalicelib.providers.prices import credible

REVISED_PROMPT_LIMIT = 500
"""Twenty of them must fit into one push message."""
FREE = Cost(0.0, "exact")


def asked(prompt: str, parameters: Parameters, permanent_negative: str) -> Asked:
    """What the providers are asked for, the installation's own negative prompt included."""
    negatives = [n for n in (parameters.negative_prompt, permanent_negative) if n]
    return Asked(
        prompt=prompt,
        aspect_ratio=parameters.aspect_ratio,
        steps=parameters.steps,
        guidance=parameters.guidance,
        control=parameters.control,
        seed=parameters.seed,
        negative_prompt=", ".join(negatives),
        explicit=frozenset(parameters.explicit),
    )


def estimate(price: Price) -> Cost:
    """The price table's word for one picture."""
    return UNKNOWN_COST if price.amount is None else Cost(price.amount, "estimated")


def drawn(
    job: Job,
    index: int,
    claim: Claim,
    picture: Picture,
    ignored: Sequence[str],
    price: Price,
    now: int,
) -> Outcome:
    """The outcome of a picture that came; raises BadResponse when it is none."""
    try:
        facts = sniff(picture.data)
    except BadImage as problem:
        raise BadResponse(
            f"The provider answered with something that is no picture ({problem}).", billed="yes"
        ) from None
    name = picture_name(job, index)
    return Outcome(
        attempt=job.attempt(index),
        started_at=claim.started_at,
        completed_at=now,
        cost=credible(picture.cost) or estimate(price),
        image=StoredImage(
            key=image_key(job.target, name, facts.extension),
            thumb_key=thumb_key(job.target, name),
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
    """A provider may send half of a surrogate pair, which neither DynamoDB nor JSON can hold."""
    whole = (text or "").encode("utf-8", "replace").decode()
    return whole[:REVISED_PROMPT_LIMIT] or None


def picture_name(job: Job, index: int) -> str:
    """What the picture of the slot's present attempt is called in the object store."""
    slot = job.slot(index)
    return slug(slot.name if slot else "", index, job.attempt(index))


def failed(
    job: Job, index: int, claim: Claim | None, error: ProviderError, price: Price | None, now: int
) -> Outcome:
    """The outcome of an attempt that gave no picture."""
    return Outcome(
        attempt=job.attempt(index),
        started_at=claim.started_at if claim else None,
        completed_at=now,
        cost=_cost(error.billed, price),
        failure=Failure(error.code, error.sentence, error.retryable),
    )


def cancelled(job: Job, index: int, now: int) -> Outcome:
    """Costs nothing if nobody had begun; what a call already under way costs, nobody knows."""
    claim = job.claims.get(index)
    return Outcome(
        attempt=job.attempt(index),
        started_at=claim.started_at if claim else None,
        completed_at=now,
        cost=UNKNOWN_COST if claim else FREE,
    )


def interrupted(job: Job, index: int, now: int) -> Outcome:
    """The end of a slot whose worker died, or that no worker ever began."""
    claim = job.claims.get(index)
    if claim:
        error = Interrupted(
            "The work was interrupted while the model was drawing; it may have been billed."
            " Retry to ask again."
        )
    else:
        error = Interrupted("No worker took this model up in time. Retry it.", billed="no")
    return failed(job, index, claim, error, None, now)


def _cost(billed: Billed, price: Price | None) -> Cost:
    if billed == "no":
        return FREE
    return estimate(price) if billed == "yes" and price else UNKNOWN_COST
