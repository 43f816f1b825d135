"""What happens to a job while its model is called is known before the model is called again."""

import time

import pytest

from chalicelib.callers import Caller
from chalicelib.providers.base import CallContext, ImageRequest, Picture
from chalicelib.providers.errors import RateLimited
from chalicelib.providers.transport.attempts import with_retries
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Painter, Studio, codes, draws

HERE = Caller("203.0.113.9")
BUSY = RateLimited("busy", retry_after=5)


def test_after_a_confirmed_cancel_no_further_call_goes_out(cloud: Cloud) -> None:
    """The cancel comes by another process while the wait that a provider asked for lasts."""
    calls: list[str] = []

    def refuses(request: ImageRequest, context: CallContext) -> Picture:
        def call() -> Picture:
            calls.append(request.prompt)
            at.service.cancel(job.id, [1])
            raise BUSY

        return with_retries(call, context)

    at = Studio(cloud, {1: Painter(refuses), 2: Painter(draws)})
    job = at.submit()
    assert codes(at.work(job)) == ["cancelled", "completed"]
    assert len(calls) == 1


def test_a_job_that_is_as_it_was_is_asked_for_again(cloud: Cloud) -> None:
    calls: list[str] = []

    def recovers(request: ImageRequest, context: CallContext) -> Picture:
        def call() -> Picture:
            calls.append(request.prompt)
            if len(calls) < 3:
                raise BUSY
            return draws(request, context)

        return with_retries(call, context)

    at = Studio(cloud, {1: Painter(recovers)})
    assert codes(at.work(at.submit())) == ["completed"]
    assert len(calls) == 3


def test_storage_that_fails_does_not_say_that_a_picture_is_unwanted(cloud: Cloud) -> None:
    said: list[bool] = []

    def asks(request: ImageRequest, context: CallContext) -> Picture:
        with cloud.failing("dynamodb.GetItem", times=100):
            said.append(context.still_wanted())
        return draws(request, context)

    at = Studio(cloud, {1: Painter(asks)})
    assert codes(at.work(at.submit())) == ["completed"]
    assert said == [True]


def test_a_ticket_of_a_slot_that_was_cancelled_and_retried_is_one_line_without_a_traceback(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    def submits(request: ImageRequest, context: CallContext) -> Picture:
        if at.current(job).attempt(1) == 1:
            at.service.cancel(job.id, [1])
            at.service.retry(job.id, [1], HERE)
            context.save_ticket("a ticket")
        return draws(request, context)

    at = Studio(cloud, {1: Painter(submits)})
    job = at.submit()
    at.work(job)
    lines = [line for line in caplog.messages if "ticket_not_wanted" in line]
    assert len(lines) == 1
    assert "Traceback" not in caplog.text


def test_a_picture_that_came_while_the_machine_slept_past_the_deadline_is_taken(
    cloud: Cloud,
) -> None:
    def sleeps(request: ImageRequest, context: CallContext) -> Picture:
        at.ahead_ms += 600_000
        time.sleep(1.3)  # Until the deadline has woken who waits for it.
        return draws(request, context)

    at = Studio(cloud, {1: Painter(sleeps)}, timeout=1.0)
    assert codes(at.work(at.submit())) == ["completed"]


def test_a_picture_that_is_collected_after_the_deadline_is_waited_for(cloud: Cloud) -> None:
    """The provider has answered with its address in time, and says so."""

    def collects(request: ImageRequest, context: CallContext) -> Picture:
        context.answered()
        while context.deadline.remaining() > -1:
            time.sleep(0.02)
        return draws(request, context)

    at = Studio(cloud, {1: Painter(collects)}, timeout=1.0)
    assert codes(at.work(at.submit())) == ["completed"]


def test_a_picture_that_is_collected_after_the_machine_slept_is_waited_for(cloud: Cloud) -> None:
    def sleeps(request: ImageRequest, context: CallContext) -> Picture:
        at.ahead_ms += 600_000
        context.answered()
        time.sleep(1.3)  # Until the deadline has woken who waits for it.
        return draws(request, context)

    at = Studio(cloud, {1: Painter(sleeps)}, timeout=1.0)
    assert codes(at.work(at.submit())) == ["completed"]


def test_a_call_has_as_long_as_its_slot_has_left(cloud: Cloud) -> None:
    left: list[float] = []

    def looks(request: ImageRequest, context: CallContext) -> Picture:
        left.append(context.deadline.remaining())
        at.ahead_ms += 10_000
        left.append(context.deadline.remaining())
        return draws(request, context)

    at = Studio(cloud, {1: Painter(looks)}, timeout=60.0)
    at.work(at.submit())
    assert 0 < left[0] <= 60
    assert 10 <= left[0] - left[1] < 70
