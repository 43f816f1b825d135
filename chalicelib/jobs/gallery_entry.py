"""What the gallery keeps of a finished job."""

from chalicelib.gallery.model import GalleryEntry
from chalicelib.images.store import thumbnail_key
from chalicelib.jobs.model import Job, JobSlot


def entry_of(job: Job) -> GalleryEntry:
    """Return the gallery's record of a finished job; a hidden one names no model."""
    shown = [
        (image, job.drawn_by(slot))
        for slot in job.shown_slots
        if slot.index in job.outcomes and (image := job.outcomes[slot.index].image)
    ]
    image, slot = shown[0] if shown else (None, None)
    return GalleryEntry(
        job_id=job.id,
        owner=job.owner,
        target=job.target,
        prompt=job.prompt,
        created_at_ms=job.created_at,
        expires_at_ms=job.expires_at,
        images=len(shown),
        seq=job.seq,
        thumb_key=thumbnail_key(image.key) if image and slot and _is_drawn(job, slot) else None,
        model=slot.name if slot and not job.hidden else None,
        models=() if job.hidden else tuple(dict.fromkeys(slot.name for _, slot in shown)),
        status=job.status,
        starred=bool(job.stars),
        verdict=job.verdict,
    )


def _is_drawn(job: Job, slot: JobSlot) -> bool:
    return job.shown_preview(slot.index) == "drawn"
