"""What the gallery shows of a finished job."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.verdicts.model import Verdict


@dataclass(frozen=True)
class GalleryEntry:
    """One finished job; `thumb_key` and `model` are of its first picture, if it has any.

    `models` are all that drew a picture, by name, each once. `seq` is the job's: of two entries
    the one with the higher is the newer.
    """

    job_id: str
    target: str
    prompt: str
    created_at_ms: int
    expires_at_ms: int
    images: int
    thumb_key: str | None
    model: str | None
    seq: int = 1
    models: tuple[str, ...] = ()
    owner: str = ""
    status: str = ""
    """The job's; empty in entries that were made before there was one."""
    starred: bool = False
    """Whether any of its pictures has a star."""
    verdict: Verdict | None = None

    @property
    def month(self) -> str:
        return month_of(self.created_at_ms)


def month_of(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m")


def month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
