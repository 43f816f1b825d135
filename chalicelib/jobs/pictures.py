"""A job's pictures in the object store, each with the outcome that describes it.

A picture that was stored and never recorded is adopted from there.
"""

import json
from dataclasses import asdict, dataclass

from chalicelib.images.store import METADATA_LIMIT, ImageStore, picture_stem
from chalicelib.jobs.items import to_outcome
from chalicelib.jobs.model import Job, Outcome

_OUTCOME = "outcome"


@dataclass(frozen=True)
class JobPictures:
    """The pictures of jobs in one bucket."""

    images: ImageStore

    def put(self, data: bytes, outcome: Outcome) -> None:
        """Store an original with its outcome; raise ValueError where there is no picture."""
        image = outcome.image
        if image is None:
            raise ValueError("an outcome without a picture cannot be stored")
        self.images.put(image.key, data, image.content_type, {_OUTCOME: _metadata(outcome)})

    def put_thumbnail(self, key: str, data: bytes) -> None:
        """Store a thumbnail."""
        self.images.put(key, data, "image/webp")

    def find(self, job: Job, index: int) -> Outcome | None:
        """Return the outcome of the picture that the slot's present attempt left, if any."""
        key = self.images.find(stem_of(job, index))
        told = self.images.metadata(key).get(_OUTCOME) if key else None
        return to_outcome(told) if told else None

    def get(self, key: str) -> bytes:
        """Return a stored picture."""
        return self.images.get(key)


def stem_of(job: Job, index: int) -> str:
    """Return the key, without extension, of the picture of a slot's present attempt."""
    slot = job.slot(index)
    return picture_stem(job.target, slot.name if slot else "", index, job.attempt(index))


def _metadata(outcome: Outcome) -> str:
    """Return the outcome in ASCII, without the revised prompt where that would be too long."""
    fields = asdict(outcome)
    whole = json.dumps(fields, separators=(",", ":"))
    if len(whole) > METADATA_LIMIT:
        fields["image"]["revised_prompt"] = None
        whole = json.dumps(fields, separators=(",", ":"))
    return whole
