"""What somebody thinks of the pictures of one run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Which picture is the best, and perhaps which come next; pictures by their results' ids.

    No `winner` is that none of them is. `ranking` has the places from the best on, those who
    share one together; it may leave pictures out.
    """

    winner: str | None
    ranking: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
