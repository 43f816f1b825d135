"""Pictures that are submitted, polled until they are due, and collected from the image host."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from devstack.simulators import faults as fault
from devstack.simulators.backend import Backend, Order
from devstack.simulators.drawing import PictureSpec
from devstack.simulators.faults import Faults
from devstack.simulators.wire import Answer, ConnectionDropped

SUBMIT_SHARE = 0.1


@dataclass
class Job:
    """A submitted picture; it is drawn when the first poll finds it due."""

    id: str
    spec: PictureSpec
    faults: Faults
    submitted_at: float
    seconds: float
    polls: int = 0
    url: str | None = None

    @property
    def is_refused(self) -> bool:
        """Whether moderation ends the job."""
        return "refuse" in self.faults

    @property
    def progress(self) -> float:
        """The share of the work that is done, 1 and more when it is due."""
        if fault.HANG in self.faults:
            return 0.0
        return (_now() - self.submitted_at) / self.seconds if self.seconds else 1.0


class Queue:
    """The submitted jobs of one provider, by id."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._jobs: dict[str, Job] = {}

    async def submit(self, order: Order, spec: PictureSpec, answers: Mapping[str, Answer]) -> Job:
        """Accept the order; raise the provider's answer to the faults it asks for."""
        faults = self._backend.accept(order, answers)
        await asyncio.sleep(SUBMIT_SHARE * self._backend.seconds(order, Faults()))
        seconds = self._backend.seconds(order, faults)
        job = Job(self._backend.new_id(), spec, faults, _now(), seconds)
        self._jobs[job.id] = job
        return job

    def poll(self, job_id: str) -> Job | None:
        """Return the job, None if unknown; drop the first poll where a mark asks for it."""
        job = self._jobs.get(job_id)
        if job is None:
            return None
        job.polls += 1
        if fault.DROP in job.faults and job.polls == 1:
            raise ConnectionDropped
        return job

    async def picture_url(self, job: Job) -> str:
        """Return where the finished picture is collected; it is drawn once."""
        if job.url is None:
            job.url = await self._backend.picture_url(job.spec, job.faults)
        return job.url


def _now() -> float:
    return asyncio.get_running_loop().time()
