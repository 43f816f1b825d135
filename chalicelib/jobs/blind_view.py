"""What may be told of a blind run's results before its verdict; nothing else of them is.

They are named by letters in the order of the letters. While any of them has no end they are all
alike, so that nobody learns which was quick. What went wrong with one is told with the verdict:
providers have their own ways to fail.
"""

from string import ascii_uppercase

from chalicelib.images.addresses import Address
from chalicelib.images.store import preview_key, thumbnail_key
from chalicelib.jobs.model import Job, PreviewState

NO_PICTURE = "This one has no picture. Your verdict tells why."
NO_PREVIEW = "The picture cannot be decoded, so it has no preview."


def blind_results(job: Job, address: Address) -> list[dict[str, object]]:
    """Return the fields of each result."""
    return [
        {
            "result_id": letter,
            "attempt": 1,
            **({"status": job.status} if job.secretive else _ended(job, slot.index, address)),
        }
        for letter, slot in zip(ascii_uppercase, job.shown_slots, strict=False)
    ]


def _ended(job: Job, index: int, address: Address) -> dict[str, object]:
    outcome = job.outcomes[index]
    told: dict[str, object] = {"status": outcome.status}
    if outcome.failure:
        told["error"] = NO_PICTURE
    if image := outcome.image:
        told |= {
            "image_key": image.key,
            "image_url": address(image.key),
            "content_type": image.content_type,
            "width": image.width,
            "height": image.height,
            "starred": job.result_id(index) in job.stars,
            **preview_fields(job.shown_preview(index), image.key, address),
        }
    return told


def preview_fields(state: PreviewState | None, key: str, address: Address) -> dict[str, object]:
    """Return what there is of a picture's previews: nothing until they are drawn."""
    if state is None:
        return {}
    if state == "broken":
        return {"preview_error": NO_PREVIEW}
    return {"preview_url": address(preview_key(key)), "thumb_url": address(thumbnail_key(key))}
