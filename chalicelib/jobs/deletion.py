"""Deleting a job for good: nobody reads it from that moment on, and its bytes go with it.

A worker or the previews may still hold one of its pictures. So a grave stands in the job's place
until nobody can: it refuses every write, and the reaper clears away what came late.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib import logs
from chalicelib.callers import Caller
from chalicelib.errors import Unavailable
from chalicelib.gallery.store import GalleryStore
from chalicelib.generation.outputs import Outputs
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Grave, Job
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.service import CONTENDERS, JobService
from chalicelib.jobs.store import JobStore, Superseded
from chalicelib.verdicts.store import BallotStore

AGAIN_MS = 60_000
"""How often the reaper clears a grave."""
LATE_MS = 150_000
"""How long after the last deadline of its workers something of a job may still be stored."""


@dataclass(frozen=True)
class Deletion:
    """Buries jobs. `clock` in epoch milliseconds."""

    service: JobService
    burial: "Burial"

    def delete(self, job_id: str, caller: Caller) -> None:
        """Delete a job, cancelling it first; raise UnknownJob."""
        for _ in range(CONTENDERS):
            job = self.service.cancel(job_id, None, caller)
            try:
                self.burial.bury(job)
            except Superseded:
                continue
            return
        raise Unavailable("The job is changing too fast to delete it. Try again.")


@dataclass(frozen=True)
class Burial:
    """What deleting does to a job that has ended. `clock` in epoch milliseconds."""

    store: JobStore
    gallery: GalleryStore
    ballots: BallotStore
    pictures: JobPictures
    outputs: Outputs
    lifecycle: Lifecycle
    clock: Callable[[], int]

    def bury(self, job: Job) -> None:
        """Put a grave in the job's place and clear it; raise Superseded if the job has changed."""
        self.lifecycle.money.settle(job)
        now = self.clock()
        last = max([now, *(lease.deadline for lease in job.leases.values())])
        grave = Grave(job.id, job.target, job.owner, job.created_at, last + LATE_MS)
        self.store.bury(job, grave, now + AGAIN_MS)
        logs.event("job_deleted", jobId=job.id)
        self._clear(grave)
        self.lifecycle.events.tell_deleted(job)

    def tend(self, grave: Grave) -> None:
        """Clear away what came late, and remove the grave once nothing can come any more."""
        self._clear(grave)
        now = self.clock()
        if now < grave.until_ms:
            self.store.keep_grave(grave, now + AGAIN_MS)
            return
        self.gallery.remove(grave.owner, grave.created_at, grave.job_id)
        self.ballots.remove(grave.owner, grave.created_at, grave.job_id)
        self.store.remove_grave(grave)

    def _clear(self, grave: Grave) -> None:
        self.gallery.hide(grave.owner, grave.created_at, grave.job_id)
        self.ballots.hide(grave.owner, grave.created_at, grave.job_id)
        self.pictures.remove_all(grave.target)
        self.outputs.remove_all(grave.job_id)
