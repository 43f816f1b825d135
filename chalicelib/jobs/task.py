"""What one worker does for one slot, and the ends of its slots that nobody has written yet."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.jobs.model import Job, Lease, LeaseRequest, Outcome


@dataclass(frozen=True)
class Task:
    """One slot's work.

    `stops` are set, by slot, once this worker learns of their ends, `arrived` once it has the
    picture in its hands, `pictured` once that is recorded and lacks its previews, `done` once
    nothing is left to do.
    """

    job: Job
    request: LeaseRequest
    stops: Mapping[int, threading.Event]
    ends: "Ends"
    arrived: threading.Event = field(default_factory=threading.Event)
    pictured: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def index(self) -> int:
        return self.request.index

    @property
    def lease(self) -> Lease:
        return self.request.lease

    def notice(self, job: Job) -> None:
        """Stop the slots of this worker that have ended in the job as it is now."""
        for index, stop in self.stops.items():
            if index not in job.unfinished:
                stop.set()


@dataclass(frozen=True)
class End:
    """The outcome that a task came to."""

    task: Task
    outcome: Outcome


class Ends:
    """Ends that wait while another is written: the next write takes all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[End] = []
        self._is_writing = False

    def add(self, end: End) -> bool:
        """Add an end, and return whether the caller has to write: nobody else does."""
        with self._lock:
            self._waiting.append(end)
            is_first, self._is_writing = not self._is_writing, True
            return is_first

    def take(self) -> list[End]:
        """Return what waits to whoever writes; with nothing left, nobody does any more."""
        with self._lock:
            taken, self._waiting = self._waiting, []
            self._is_writing = bool(taken)
            return taken
