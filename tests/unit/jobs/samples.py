"""Jobs, claims and outcomes to test with."""

from uuid import UUID

from chalicelib.generation.model import StoredImage
from chalicelib.jobs.model import Failure, Job, JobSlot, Lease, Outcome
from chalicelib.providers.base import Cost, Parameters

NOW = 1_795_000_000_000
MINUTE = 60_000
JOB_ID = str(UUID(int=7))
TARGET = f"2026-11-18-12-26-40-{JOB_ID}"


def job(*indices: int, job_id: str = JOB_ID, now: int = NOW) -> Job:
    """A job that was just submitted, with a slot for each index (1 and 2 by default)."""
    return Job(
        id=job_id,
        target=TARGET,
        prompt="a lighthouse",
        parameters=Parameters(),
        slots=tuple(slot(index) for index in indices or (1, 2)),
        created_at=now,
        updated_at=now,
        seq=1,
        deadline=now + 7 * MINUTE,
        expires_at=now + 30 * 24 * 60 * MINUTE,
    )


def slot(index: int) -> JobSlot:
    return JobSlot(index, f"Model {index}", "openai", f"model-{index}", 120_000, simulated=True)


def lease(holder: str = "w1", ticket: str | None = None) -> Lease:
    return Lease(holder, NOW, NOW + 2 * MINUTE, ticket)


def picture(index: int = 1, attempt: int = 1) -> Outcome:
    name = f"group-images/{TARGET}/model-{index}-{index}-{attempt}"
    image = StoredImage(f"{name}.png", "image/png", 1, 1, 70, None, ())
    return Outcome(attempt, NOW, NOW + 9000, Cost(0.04, "estimated"), image=image)


def failure(attempt: int = 1, code: str = "REFUSED") -> Outcome:
    problem = Failure(code, "The provider refused this prompt.", retryable=False)
    return Outcome(attempt, NOW, NOW + 5000, Cost(0.0, "exact"), failure=problem)


def cancelled(attempt: int = 1) -> Outcome:
    return Outcome(attempt, None, NOW + 4000, Cost(0.0, "exact"))
