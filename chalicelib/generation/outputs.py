"""Where endpoints leave what they have drawn, until it is stored as a picture."""

import json
import struct
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.images.store import ImageStore
from chalicelib.images.structure import png
from chalicelib.images.structure.base import BadImage
from chalicelib.providers.adapters.sagemaker.notices import (
    failure_key,
    output_folder,
    output_key,
)

LARGEST_SEED = 2**53 - 1
"""The largest whole number that every reader of JSON understands."""
REASON_LIMIT = 10_000


@dataclass(frozen=True)
class Outputs:
    """The drawn pictures that nobody has taken over yet, by the name of their call."""

    objects: ImageStore

    def get(self, name: str) -> bytes | None:
        """Return a call's picture; None while there is none."""
        key = output_key(name)
        return self.objects.get(key) if self.objects.holds(key) else None

    def failure(self, address: str) -> str | None:
        """Return what the endpoint says at the address of a failure; None for nothing."""
        key = failure_key(address, self.objects.bucket)
        if key is None or not self.objects.holds(key):
            return None
        return self.objects.get(key)[:REASON_LIMIT].decode(errors="replace")

    def remove(self, name: str, failure: str = "") -> None:
        """Delete a call's picture and what was told of its failure; what is gone stays gone."""
        self.objects.remove(output_key(name))
        if key := failure_key(failure, self.objects.bucket):
            self.objects.remove(key)

    def remove_all(self, owner: str) -> None:
        """Delete everything that was drawn for one owner of calls."""
        self.objects.remove_under(output_folder(owner))


def told_seed(data: bytes) -> int | None:
    """Return the seed that a picture says it was drawn with, None where it says none."""
    with suppress(BadImage, struct.error, IndexError, ValueError, RecursionError):
        told = json.loads(png.text(data, "parameters"))
        seed = told.get("seed") if isinstance(told, dict) else None
        if type(seed) is int and 0 <= seed <= LARGEST_SEED:
            return seed
    return None
