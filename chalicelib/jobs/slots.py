"""A job's slots beside the models that are configured now, and by the names that people use."""

from collections.abc import Iterable

from chalicelib.errors import Detail, InvalidInput, WrongState
from chalicelib.jobs.model import Job, JobSlot, slot_index
from chalicelib.providers.registry import Slot


def job_slot(slot: Slot, variant: int = 1) -> JobSlot:
    """Return what a job remembers of a configured model that is to draw one of its variants."""
    return JobSlot(
        index=slot_index(slot.index, variant),
        name=slot.name,
        provider=slot.model.provider,
        model_id=slot.model.model_id,
        timeout_ms=round(slot.timeout * 1000),
        simulated=slot.simulated,
        deferred=slot.deferred,
        price_usd=slot.model.price.amount if slot.deferred else None,
    )


def drawn_by(made_with: JobSlot, configured: Slot | None) -> JobSlot | None:
    """Return the label of an attempt that begins now, where it differs from the job's own.

    A slot that means another model by now draws nothing, and keeps the job's label.
    """
    if configured is None or configured.model.model_id != made_with.model_id:
        return None
    current = job_slot(configured, made_with.variant)
    return None if current.label == made_with.label else current


def slots_named(job: Job, models: Iterable[int], results: Iterable[str]) -> list[int]:
    """Return the slots of some models and of some results; raise InvalidInput for a stranger."""
    check_nameable(job)
    by_result = {job.result_id(slot.index): slot.index for slot in job.slots}
    found, unknown = list[int](), list[Detail]()
    for model in models:
        own = [slot.index for slot in job.slots if slot.model_index == model]
        found += own
        unknown += [] if own else [Detail("models", f"{model} is not a model of this job")]
    for name in results:
        if name in by_result:
            found.append(by_result[name])
        else:
            unknown.append(Detail("results", f"{name} is not a result of this job"))
    if unknown:
        raise InvalidInput("A model or a result is unknown.", tuple(unknown))
    return sorted(set(found))


def check_nameable(job: Job) -> None:
    """Raise WrongState for a blind job: what became of one result would tell whose it is."""
    if job.hidden:
        raise WrongState("Judge this blind run first. Until then it can be cancelled as a whole.")


def slots_to_retry(job: Job, models: Iterable[int], results: Iterable[str]) -> list[int]:
    """Return the named slots, of a model only those whose picture is not there.

    A model that has all of its pictures keeps its slots, so that the retry is refused.
    """
    named = slots_named(job, (), results)
    for model in models:
        own = slots_named(job, (model,), ())
        named += [index for index in own if job.slot_status(index) != "completed"] or own
    return sorted(set(named))
