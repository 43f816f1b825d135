"""Lease a job's slots: which ones a worker may draw, and until when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.jobs.model import RESUME_MS, Job, JobSlot, Lease, LeaseRequest
from chalicelib.jobs.slots import drawn_by
from chalicelib.jobs.store import JobStore, Superseded
from chalicelib.providers.base import TIMES_THE_PIXELS
from chalicelib.providers.registry import Slot

CLOSING_MS = 8_000
"""What a worker keeps of its own time to record the ends of slots that hang."""
AT_ONCE = 20
"""So many pictures of 1K one worker has memory for, each several times: told, decoded, stored.
Of larger ones it takes fewer, and the rest are another worker's."""
MARGIN_MS = 5_000
"""Longer than a lease takes to write: a ticket is not taken over after its window has closed."""


@dataclass(frozen=True)
class Leasing:
    """Leases slots to workers. `clock` in epoch milliseconds."""

    store: JobStore
    slots: Mapping[int, Slot]
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def take(self, job_id: str, time_left_ms: int) -> tuple[list[LeaseRequest], Job]:
        """Lease free slots, as many as there is memory for, and return the leases won.

        Raise UnknownJob.

        A repeated delivery of the same event wins none.
        """
        holder = self.new_id()
        job = self.store.get(job_id, self.clock())
        while requests := self._requests(job, holder, time_left_ms):
            now = self.clock()
            try:
                job = self.store.lease(job_id, requests, now, _next_look(job, requests, now))
                return [request for request in requests if request.index in job.unfinished], job
            except Superseded as conflict:
                job = conflict.job
        return [], job

    def _requests(self, job: Job, holder: str, time_left_ms: int) -> list[LeaseRequest]:
        """Return the slots that nobody has begun, and the tickets whose worker is dead."""
        now = self.clock()
        last = now + max(1000, time_left_ms - CLOSING_MS)
        requests = []
        for index in job.unfinished:
            lease, slot = job.leases.get(index), job.slot(index)
            if lease is None and slot and now < job.deadline:
                requests.append(LeaseRequest(index, self._first(slot, holder, now, last)))
            elif lease and lease.is_resumable(now) and lease.is_resumable(now + MARGIN_MS):
                ends = min(now + RESUME_MS, last)
                taken = replace(lease, holder=holder, deadline=ends, resumed=True)
                requests.append(LeaseRequest(index, taken, takes_over=lease.holder))
        most = AT_ONCE // TIMES_THE_PIXELS[job.parameters.resolution]
        return requests[: max(1, most)]

    def _first(self, slot: JobSlot, holder: str, now: int, last: int) -> Lease:
        """Return the lease of a slot that begins; a deferred one outlives its worker."""
        configured, ends = self.slots.get(slot.model_index), now + slot.timeout_ms
        label = drawn_by(slot, configured)
        if (label or slot).deferred:
            return Lease(holder, now, ends, drawn_by=label, deferred=True)
        return Lease(holder, now, min(ends, last), drawn_by=label)


def _next_look(job: Job, requests: Sequence[LeaseRequest], now: int) -> int | None:
    """Return when the reaper has to look because of the slots that are not asked for."""
    wanted = {request.index for request in requests}
    others = replace(job, slots=tuple(s for s in job.slots if s.index not in wanted))
    return others.next_look(now) if others.unfinished else None
