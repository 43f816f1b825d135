"""A picture as it lies in the object store."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredImage:
    """One picture in the object store: the provider's own bytes."""

    key: str
    content_type: str
    width: int
    height: int
    size: int
    seed: int | None
    ignored: tuple[str, ...]
    revised_prompt: str | None = None
