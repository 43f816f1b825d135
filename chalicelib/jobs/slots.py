"""A job's slots beside the models that are configured now."""

from chalicelib.jobs.model import JobSlot
from chalicelib.providers.registry import Slot


def job_slot(slot: Slot) -> JobSlot:
    """Return what a job remembers of a configured model."""
    return JobSlot(
        index=slot.index,
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
    current = job_slot(configured)
    return None if current.label == made_with.label else current
