"""The list of somebody's jobs: all of them, newest first, each once, whatever the pages."""

import random

import pytest

from chalicelib.callers import Caller
from chalicelib.gallery.store import BadCursor
from chalicelib.jobs.model import Job, JobStatus
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import WISH, Painter, Studio, draws

ANN, BEN = Caller(user_id="ann"), Caller(user_id="ben")


@pytest.fixture
def at(cloud: Cloud) -> Studio:
    return Studio(cloud, {1: Painter(draws)})


def made(at: Studio, caller: Caller, *, ended: bool) -> Job:
    at.ahead_ms += 1
    job = at.service.submit(WISH, caller, None)
    return at.service.cancel(job.id, None, caller) if ended else job


def listed(
    at: Studio, caller: Caller, limit: int = 10, status: JobStatus | None = None
) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = at.jobs.listing.page(caller.owners, limit, cursor, status)
        assert len(page.jobs) <= limit
        found += [job.id for job in page.jobs]
        cursor = page.cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_open_and_ended_jobs_are_listed_newest_first(at: Studio, limit: int) -> None:
    dice = random.Random(limit)
    own = [made(at, ANN, ended=dice.random() < 0.6).id for _ in range(9)]
    for _ in range(3):
        made(at, BEN, ended=True)
        made(at, BEN, ended=False)
    assert listed(at, ANN, limit) == own[::-1]


def test_a_list_of_one_status_has_no_other(at: Studio) -> None:
    waiting = made(at, ANN, ended=False)
    ended = [made(at, ANN, ended=True).id for _ in range(3)]
    assert listed(at, ANN, 2, "cancelled") == ended[::-1]
    assert listed(at, ANN, 2, "pending") == [waiting.id]
    assert listed(at, ANN, 2, "completed") == []


def test_a_job_without_previews_is_listed_once(at: Studio) -> None:
    job = at.work(at.service.submit(WISH, ANN, None))
    assert job.is_open
    assert listed(at, ANN) == [job.id]


def test_a_cursor_of_somebody_elses_making_is_refused(at: Studio) -> None:
    for wrong in ("x", "bm90", "WzEsMl0"):
        with pytest.raises(BadCursor):
            at.jobs.listing.page(ANN.owners, 5, wrong, None)
