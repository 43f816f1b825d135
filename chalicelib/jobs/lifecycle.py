"""What follows every change of a job: listeners are told, and a finished job is closed."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.events.announcer import Announcer
from chalicelib.gallery.model import entry_of
from chalicelib.gallery.store import GalleryStore
from chalicelib.jobs.model import Job
from chalicelib.jobs.store import JobStore
from chalicelib.spend.service import Spending


@dataclass(frozen=True)
class Lifecycle:
    """Nothing here fails its caller: what is missed, the reaper makes good."""

    store: JobStore
    gallery: GalleryStore
    announcer: Announcer
    spending: Spending

    def changed(self, job: Job) -> None:
        """Announces the job as it is now and closes it if that was its last change."""
        self.announcer.announce(job)
        if job.finished:
            self.conclude(job)

    def conclude(self, job: Job) -> None:
        """Puts a finished job into the gallery, settles it, takes it off the reaper's list."""
        try:
            self.gallery.put(entry_of(job))
            self.spending.settle(job)
            self.store.close(job)
        except (ClientError, BotoCoreError):
            logs.failure("conclude_failed", jobId=job.id)
