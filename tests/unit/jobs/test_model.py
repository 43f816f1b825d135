"""Every state of a job follows from its leases, results and cancellation."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.jobs.model import (
    DISPATCH_GRACE_MS,
    RESUME_WINDOW_MS,
    SETTLE_GRACE_MS,
    Job,
    JobStatus,
    Lease,
    Outcome,
)
from tests.unit.jobs import samples
from tests.unit.jobs.samples import MINUTE, NOW

PICTURE, FAILURE, CANCELLED = samples.picture(), samples.failure(), samples.cancelled()
ENDS = st.sampled_from([None, PICTURE, FAILURE, CANCELLED])


def job(*ends: Outcome | None, leases: int = 0, cancelled_at: int | None = None) -> Job:
    """A job whose slots ended as given; the first `leases` slots are leased."""
    indices = range(1, len(ends) + 1)
    return replace(
        samples.job(*indices),
        outcomes={i: end for i, end in zip(indices, ends, strict=True) if end},
        leases=dict.fromkeys(range(1, leases + 1), samples.lease()),
        cancelled_at=cancelled_at,
    )


@pytest.mark.parametrize(
    ("ends", "leases", "cancelled_at", "status"),
    [
        ((None, None), 0, None, "pending"),
        ((None, None), 1, None, "in_progress"),
        ((PICTURE, None), 0, None, "in_progress"),
        ((CANCELLED, None), 0, NOW, "in_progress"),
        ((PICTURE, PICTURE), 2, None, "completed"),
        ((PICTURE, FAILURE), 2, None, "partial"),
        ((PICTURE, CANCELLED), 2, NOW, "partial"),
        ((FAILURE, FAILURE), 2, None, "failed"),
        ((FAILURE, CANCELLED), 2, NOW, "cancelled"),
        ((CANCELLED, CANCELLED), 0, NOW, "cancelled"),
        ((CANCELLED, CANCELLED), 0, None, "cancelled"),
        ((FAILURE, CANCELLED), 2, None, "failed"),
    ],
)
def test_status(
    ends: tuple[Outcome | None, ...], leases: int, cancelled_at: int | None, status: JobStatus
) -> None:
    assert job(*ends, leases=leases, cancelled_at=cancelled_at).status == status


@given(st.lists(ENDS, min_size=1, max_size=20), st.booleans())
def test_a_job_is_over_exactly_when_every_slot_has_ended(
    ends: list[Outcome | None], was_cancelled: bool
) -> None:
    judged = job(*ends, cancelled_at=NOW if was_cancelled else None)
    over = judged.status not in ("pending", "in_progress")
    assert over is judged.finished is (None not in ends)
    assert (judged.completed_at is None) is not over


@pytest.mark.parametrize(
    ("ends", "attempts", "listed"),
    [
        ((PICTURE, FAILURE), {}, True),
        ((PICTURE, None), {}, False),
        ((PICTURE, None), {2: 2}, True),
        ((None, None), {1: 2, 2: 2}, True),
    ],
)
def test_a_job_is_in_the_gallery_from_its_first_end_on(
    ends: tuple[Outcome | None, ...], attempts: dict[int, int], listed: bool
) -> None:
    assert replace(job(*ends), attempts=attempts).listed is listed


@given(st.lists(ENDS, min_size=1, max_size=20), st.booleans())
def test_every_slot_is_counted_once(ends: list[Outcome | None], was_cancelled: bool) -> None:
    judged = job(*ends, cancelled_at=NOW if was_cancelled else None)
    counted = sum(judged.count(end) for end in ("completed", "error", "cancelled"))
    assert counted + len(judged.unfinished) == len(ends)
    if judged.status == "completed":
        assert judged.count("completed") == len(ends)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(-10 * MINUTE, 10 * MINUTE))
def test_an_unfinished_job_is_looked_at_again_within_a_deadline(
    claimed: int, waiting: int, late: int
) -> None:
    now, judged = NOW + late, job(*[None] * (claimed + waiting + 1), leases=claimed)
    look = judged.next_look(now)
    assert now < look <= now + max(DISPATCH_GRACE_MS, samples.lease().deadline - now + 5000)


def test_waiting_slots_are_looked_at_after_the_dispatch_grace() -> None:
    assert job(None, None).next_look(NOW) == NOW + DISPATCH_GRACE_MS


def test_claimed_slots_are_looked_at_after_the_first_deadline() -> None:
    first = replace(samples.lease(), deadline=NOW + MINUTE)
    judged = replace(job(None, None, leases=2), leases={1: samples.lease(), 2: first})
    assert judged.next_look(NOW) == NOW + MINUTE + SETTLE_GRACE_MS


@pytest.mark.parametrize(
    ("lease", "late", "resumable"),
    [
        (samples.lease(ticket="t"), -1, False),
        (samples.lease(ticket="t"), 0, True),
        (samples.lease(ticket="t"), RESUME_WINDOW_MS - 1, True),
        (samples.lease(ticket="t"), RESUME_WINDOW_MS, False),
        (samples.lease(), 1000, False),
        (replace(samples.lease(ticket="t"), resumed=True), 1000, False),
    ],
)
def test_only_a_dead_workers_fresh_ticket_is_resumed(
    lease: Lease, late: int, resumable: bool
) -> None:
    assert lease.is_resumable(lease.deadline + late) is resumable


def test_a_job_is_simulated_if_any_slot_is() -> None:
    real = replace(samples.slot(2), simulated=False)
    mixed = replace(samples.job(), slots=(samples.slot(1), real))
    assert mixed.simulated
    assert not replace(mixed, slots=(real,)).simulated
