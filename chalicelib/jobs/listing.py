"""Somebody's jobs, newest first: the open ones, and those that the gallery has listed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.gallery.store import Cursor, GalleryStore
from chalicelib.jobs.model import Job, JobStatus
from chalicelib.jobs.store import JobStore

PAGES = 10
"""So many pages of the gallery are searched for one of ours; then it may be shorter than asked."""


@dataclass(frozen=True)
class JobPage:
    """Some jobs, newest first, and the cursor of the page after them."""

    jobs: tuple[Job, ...]
    cursor: str | None


@dataclass(frozen=True)
class Listing:
    """Reads the open jobs and the gallery; a job is always in one of them. `clock` in epoch ms."""

    store: JobStore
    gallery: GalleryStore
    clock: Callable[[], int]

    def page(
        self, owners: Sequence[str], limit: int, cursor: str | None, status: JobStatus | None
    ) -> JobPage:
        """Return up to `limit` jobs of these owners, of one status if it is given.

        Raise BadCursor.
        """
        began = Cursor.parse(cursor) if cursor else None
        # First the open ones: what ends in between has an entry when the gallery is read.
        opened = self._several(self.store.open_ids(), owners)
        waiting = {job.id: job for job in opened if began is None or _is_before(job, began)}
        found: list[Job] = []
        for _ in range(PAGES):
            page = self.gallery.page(limit, cursor, self.clock(), owners)
            listed = self._several([entry.job_id for entry in page.entries], owners)
            waiting |= {job.id: job for job in listed}
            cursor = page.cursor
            reached = Cursor.parse(cursor) if cursor else None
            ready = [j for j in waiting.values() if reached is None or not _is_before(j, reached)]
            ready.sort(key=_order, reverse=True)
            for job in ready:
                del waiting[job.id]
            found += [job for job in ready if status in (None, job.status)]
            if len(found) > limit:
                return JobPage(tuple(found[:limit]), str(_cursor(found[limit - 1])))
            if cursor is None:
                return JobPage(tuple(found), None)
        return JobPage(tuple(found), cursor)

    def _several(self, job_ids: Iterable[str], owners: Sequence[str]) -> list[Job]:
        found = self.store.several(list(job_ids), self.clock())
        return [job for job in found if job.owner in owners]


def _cursor(job: Job) -> Cursor:
    return Cursor.of(job.created_at, job.id)


def _order(job: Job) -> str:
    return _cursor(job).sort_key


def _is_before(job: Job, cursor: Cursor) -> bool:
    """Return whether the job comes after the cursor in the list, being older."""
    return _order(job) < cursor.sort_key
