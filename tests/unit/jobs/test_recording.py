"""Ends that come while another is written are written together, and each counts for itself."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

from chalicelib.jobs.model import Job, SlotResult
from chalicelib.jobs.outcomes import cancelled_outcome
from chalicelib.providers.base import CallContext, ImageRequest, Picture
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Painter, Studio, codes, draws
from tests.unit.jobs.waiting import slot_threads, until

SLOTS = 5


def test_ends_that_come_during_a_write_share_the_next(cloud: Cloud) -> None:
    ended, calls = work_while_the_first_is_written(cloud, lambda at, job: None)
    assert codes(ended) == ["completed"] * SLOTS
    assert calls.count("UpdateItem") == 2


def test_an_end_that_came_too_late_takes_no_other_with_it(cloud: Cloud) -> None:
    ended, _ = work_while_the_first_is_written(cloud, cancel_the_last)
    assert codes(ended) == ["completed"] * (SLOTS - 1) + ["cancelled"]
    assert ended.outcomes[2].image


def cancel_the_last(at: Studio, job: Job) -> None:
    holder, cancelled = job.leases[SLOTS].holder, cancelled_outcome(job, SLOTS, at.clock())
    at.store.record(job.id, [SlotResult(SLOTS, holder, cancelled)], at.clock())


def work_while_the_first_is_written(
    cloud: Cloud, act: Callable[[Studio, Job], None]
) -> tuple[Job, list[str]]:
    """Draw a job whose other slots end while the first's end is being written, and `act` then.

    Return the job, and the calls from that write on.
    """
    writing, calls = threading.Event(), list[str]()

    def first(request: ImageRequest, context: CallContext) -> Picture:
        stack.enter_context(cloud.just_before("dynamodb.UpdateItem", end_the_others))
        return draws(request, context)

    def other(request: ImageRequest, context: CallContext) -> Picture:
        writing.wait(10)
        return draws(request, context)

    def end_the_others() -> None:
        writing.set()
        until(lambda: slot_threads() == ["slot-1"])
        act(at, at.current(job))
        calls[:] = ["UpdateItem"]

    manners = {1: first} | dict.fromkeys(range(2, SLOTS + 1), other)
    at = Studio(cloud, {index: Painter(manner) for index, manner in manners.items()})
    job = at.submit()
    with ExitStack() as stack, cloud.noting(calls):
        return at.work(job), calls
