"""A job's pictures in the object store, each with the outcome that describes it.

A picture that was stored and never recorded is adopted from there.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from chalicelib.generation.model import StoredImage
from chalicelib.images.previews import Previews
from chalicelib.images.store import (
    METADATA_LIMIT,
    PREFIX,
    ImageStore,
    KeyTaken,
    picture_stem,
    preview_key,
    thumbnail_key,
)
from chalicelib.jobs.items import to_outcome
from chalicelib.jobs.model import Job, Outcome

_OUTCOME = "outcome"
_WEBP = "image/webp"


@dataclass(frozen=True)
class JobPictures:
    """The pictures of jobs in one bucket."""

    images: ImageStore

    def put(self, data: bytes, outcome: Outcome) -> Outcome:
        """Store an original with its outcome, and return the outcome to record.

        Where the key holds other bytes and they are this attempt's, what was stored first stands.
        If they are of an attempt that a restored table has forgotten, a key beside them is taken.
        """
        image = outcome.image
        if image is None:
            raise ValueError("an outcome without a picture cannot be stored")
        try:
            self._put(data, outcome, image)
        except KeyTaken:
            stored = self._outcome(image.key)
            if stored and _same_attempt(stored, outcome.started_at):
                return stored
            key = _aside(image.key, outcome.started_at)
            aside = replace(image, key=key)
            outcome = replace(outcome, image=aside)
            self._put(data, outcome, aside)
        return outcome

    def _put(self, data: bytes, outcome: Outcome, image: StoredImage) -> None:
        self.images.put(image.key, data, image.content_type, {_OUTCOME: _metadata(outcome)})

    def put_previews(self, key: str, previews: Previews) -> None:
        """Store what was drawn of the original under `key`, beside it; what is there stands."""
        drawn = {preview_key(key): previews.preview, thumbnail_key(key): previews.thumbnail}
        for name, data in drawn.items():
            with suppress(KeyTaken):
                self.images.put(name, data, _WEBP)

    def find(self, job: Job, index: int) -> Outcome | None:
        """Return the outcome of the picture that the slot's present attempt left, if any."""
        lease, stem = job.leases.get(index), stem_of(job, index)
        if lease is None:
            return None
        for candidate in (f"{stem}-{lease.started_at}", stem):
            key = self.images.find(candidate)
            stored = self._outcome(key) if key else None
            if stored and _same_attempt(stored, lease.started_at):
                return stored
        return None

    def _outcome(self, key: str) -> Outcome | None:
        raw = self.images.metadata(key).get(_OUTCOME)
        return to_outcome(raw) if raw else None

    def remove_all(self, target: str) -> None:
        """Delete every stored byte of a job."""
        self.images.remove_under(f"{PREFIX}/{target}/")

    def get(self, key: str) -> bytes:
        """Return a stored picture."""
        return self.images.get(key)


def stem_of(job: Job, index: int) -> str:
    """Return the key, without extension, of the picture of a slot's present attempt."""
    slot = job.slot(index)
    if job.blind:
        name = job.blind.picture_name(job.result_id(index), job.attempt(index))
        return f"{PREFIX}/{job.target}/{name}"
    return picture_stem(job.target, slot.name if slot else "", index, job.attempt(index))


def _same_attempt(stored: Outcome, started_at: int | None) -> bool:
    """Attempts of one slot never start at the same time, not even beside a forgotten one."""
    return stored.started_at == started_at


def _aside(key: str, started_at: int | None) -> str:
    stem, _, extension = key.rpartition(".")
    return f"{stem}-{started_at}.{extension}"


def _metadata(outcome: Outcome) -> str:
    """Return the outcome in ASCII, without the revised prompt where that would be too long."""
    fields = asdict(outcome)
    whole = json.dumps(fields, separators=(",", ":"))
    if len(whole) > METADATA_LIMIT:
        fields["image"]["revised_prompt"] = None
        whole = json.dumps(fields, separators=(",", ":"))
    return whole
