"""Which row of the seed data a row of the batch is made of."""

import random
from functools import lru_cache

from chalicelib.batches.runs.model import Selection


def source_row(selection: Selection, row: int) -> int:
    """Return the seed data's row for a row of the batch; both count from 1."""
    position = (row - 1) // selection.repeat
    if selection.sample is None:
        return selection.first + position
    return _sampled(selection.first, selection.last, selection.sample, selection.seed)[position]


@lru_cache(maxsize=4)
def _sampled(first: int, last: int, count: int, seed: int) -> tuple[int, ...]:
    """The same rows for the same seed, always, in their order."""
    chosen = random.Random(seed).sample(range(first, last + 1), count)  # noqa: S311
    return tuple(sorted(chosen))
