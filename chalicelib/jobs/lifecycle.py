"""What follows every change of a job: listeners are told, and a finished job is closed."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.gallery.store import GalleryStore
from chalicelib.jobs.ballot import ballot_of
from chalicelib.jobs.events import JobEvents
from chalicelib.jobs.gallery_entry import entry_of
from chalicelib.jobs.model import Job
from chalicelib.jobs.reservations import JobReservations
from chalicelib.jobs.store import JobStore
from chalicelib.spend.ledger import Contended
from chalicelib.verdicts.store import BallotStore


@dataclass(frozen=True)
class Lifecycle:
    """Side effects of a change. They never raise; the reaper repeats what failed."""

    store: JobStore
    gallery: GalleryStore
    ballots: BallotStore
    events: JobEvents
    money: JobReservations

    def after_change(self, job: Job) -> None:
        """Broadcast the job as it is now, and finish it if that was its last change.

        The end is told once more when the job is finished: no later change of the job is sure to
        heal a lost message, and whoever misses both waits for a poll.
        """
        self.events.broadcast(job)
        if job.finished:
            self.finish(job)
            self.events.broadcast(job)

    def after_judgement(self, job: Job) -> None:
        """Broadcast what the owner says of the job's pictures, and list it so if it has ended."""
        self.events.broadcast(job)
        if job.finished:
            self.finish(job)

    def finish(self, job: Job) -> None:
        """List a finished job, settle its money, take it off the reaper's list.

        It stays there while its pictures have no previews: the reaper has them drawn.
        """
        try:
            self.list_and_settle(job)
            if not job.unpreviewed:
                self.store.close(job)
        except (ClientError, BotoCoreError, Contended):
            logs.failure("finish_failed", jobId=job.id)

    def list_and_settle(self, job: Job) -> None:
        """Put a finished job into the gallery, its verdict among the ballots, and settle its money.

        Once more changes nothing.
        """
        self.gallery.put(entry_of(job))
        if job.judged:
            self.ballots.put(ballot_of(job))
        self.money.settle(job)
