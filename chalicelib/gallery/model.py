"""What the gallery shows of a finished job."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.jobs.model import Job


@dataclass(frozen=True)
class GalleryEntry:
    """One finished job; `thumb_key` and `model` are of its first picture, if it has any.

    `models` are all that drew a picture, by name, each once. `seq` is the job's: of two records
    the one with the higher is the newer.
    """

    job_id: str
    target: str
    prompt: str
    created_at: int
    expires_at: int
    images: int
    thumb_key: str | None
    model: str | None
    seq: int = 1
    models: tuple[str, ...] = ()

    @property
    def month(self) -> str:
        return month_of(self.created_at)


def entry_of(job: Job) -> GalleryEntry:
    """The gallery's record of a finished job."""
    shown = [
        (image, slot)
        for slot in job.slots
        if slot.index in job.outcomes and (image := job.outcomes[slot.index].image)
    ]
    image, slot = shown[0] if shown else (None, None)
    return GalleryEntry(
        job_id=job.id,
        target=job.target,
        prompt=job.prompt,
        created_at=job.created_at,
        expires_at=job.expires_at,
        images=len(shown),
        seq=job.seq,
        thumb_key=image.thumb_key if image else None,
        model=slot.name if slot else None,
        models=tuple(dict.fromkeys(slot.name for _, slot in shown)),
    )


def month_of(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m")


def month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
