"""What somebody thinks of the pictures of one run, and what of it counts for the leaderboard."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Verdict:
    """Which picture is the best, and perhaps which come next; pictures by their results' ids.

    No `winner` is that none of them is. `ranking` has the places from the best on, those who
    share one together; it may leave pictures out. `blind` is whether the models were hidden when
    it was given.
    """

    winner: str | None
    ranking: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    blind: bool = False


End = Literal["picture", "refused", "failed", "cancelled"]


@dataclass(frozen=True, order=True)
class Contender:
    """A model that was compared: who draws, and whether for real."""

    provider: str
    model_id: str
    simulated: bool


@dataclass(frozen=True)
class Entry:
    """What became of one result of a judged run; `name` is what people call its model.

    `took_ms` and `usd` are of a picture, None where nobody knows.
    """

    result_id: str
    contender: Contender
    name: str
    end: End
    took_ms: int | None = None
    usd: float | None = None


@dataclass(frozen=True)
class Ballot:
    """A verdict, and all that the leaderboard needs of its run; without one it was taken back.

    `seq` is the run's: of two ballots the one with the higher is the newer.
    """

    job_id: str
    owner: str
    created_at_ms: int
    expires_at_ms: int
    seq: int
    verdict: Verdict | None
    entries: tuple[Entry, ...]
