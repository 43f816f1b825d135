"""The fan-out: nothing that one slot does touches another, and every end is recorded once."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.jobs.model import Job
from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.errors import ProviderDown, Refused
from tests.figures import RecordFigure
from tests.pictures import png
from tests.unit.cloud import BUCKET, Cloud
from tests.unit.jobs.studio import (
    LAMBDA_TIME,
    Draw,
    Painter,
    Studio,
    codes,
    draws,
    raises,
)
from tests.unit.jobs.waiting import slot_threads, until


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Lets calls that hang come back; no test ends before they have."""
    event = threading.Event()
    yield event
    event.set()
    until(lambda: not slot_threads())


@pytest.fixture
def hang(release: threading.Event) -> Draw:
    def draw(wanted: ImageRequest, context: CallContext) -> Picture:
        release.wait(30)
        return draws(wanted, context)

    return draw


def studio(cloud: Cloud, *manners: Draw, timeout: float = 30.0) -> Studio:
    painters = {i: Painter(manner) for i, manner in enumerate(manners, 1)}
    return Studio(cloud, painters, timeout)


def void(_: object) -> None:
    """For acts whose answer nobody needs."""


def stored(cloud: Cloud, key: str) -> bytes:
    body: bytes = cloud.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


def test_every_slot_is_drawn_and_its_bytes_are_the_providers_own(cloud: Cloud) -> None:
    at = studio(cloud, draws, draws)
    job = at.work(at.submit())
    assert job.status == "completed"
    for outcome in job.outcomes.values():
        assert outcome.image
        assert stored(cloud, outcome.image.key) == png("a lighthouse")
        assert outcome.image.content_type == "image/png"
        assert outcome.cost == Cost(0.04, "estimated")


def test_a_failing_slot_touches_no_other(cloud: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    nonsense: Draw = lambda request, context: Picture(data=b"<svg/>")  # noqa: E731
    at = studio(cloud, draws, raises(Refused("No.")), raises(ZeroDivisionError("oops")), nonsense)
    job = at.work(at.submit())
    assert codes(job) == ["completed", "REFUSED", "INTERRUPTED", "BAD_RESPONSE"]
    assert job.status == "partial"
    assert "a lighthouse" not in caplog.text


def test_a_provider_that_fails_as_our_storage_does_ends_at_once(cloud: Cloud) -> None:
    at = studio(cloud, raises(ReadTimeoutError(endpoint_url="x")))
    assert codes(at.work(at.submit())) == ["INTERRUPTED"]


def test_a_hanging_slot_ends_at_its_deadline_and_holds_up_no_other(
    cloud: Cloud, hang: Draw, release: threading.Event
) -> None:
    at = studio(cloud, hang, draws, timeout=0.6)
    job = at.work(at.submit())
    assert codes(job) == ["TIMEOUT", "completed"]
    assert job.outcomes[1].cost == Cost(None, "unknown")
    assert job.outcomes[2].completed_at < job.leases[1].deadline


def test_the_late_answer_of_a_thawed_thread_is_refused(
    cloud: Cloud, hang: Draw, release: threading.Event
) -> None:
    at = studio(cloud, hang, timeout=0.2)
    ended = at.work(at.submit())
    release.set()
    until(lambda: not slot_threads())
    assert at.current(ended) == ended
    assert codes(ended) == ["TIMEOUT"]


def test_twenty_hanging_providers_end_by_their_deadline(
    cloud: Cloud, hang: Draw, record_figure: RecordFigure
) -> None:
    at = studio(cloud, *[hang] * 20, timeout=1.0)
    job = at.work(at.submit())
    last = max(outcome.completed_at for outcome in job.outcomes.values())
    late = (last - job.leases[1].deadline) / 1000
    record_figure("R10", hanging=20, ended=len(job.outcomes), seconds_past_deadline=round(late, 2))
    assert codes(job) == ["TIMEOUT"] * 20
    assert late <= max(2, 3 * seconds_for_writes(at, job, 20))


def seconds_for_writes(at: Studio, job: Job, count: int) -> float:
    """How long so many writes of a job take here and now, while others use the machine too."""
    began = time.monotonic()
    for number in range(count):
        at.store.subscribe(job.id, f"c{number}", at.clock())
    return time.monotonic() - began


def test_a_push_that_hangs_delays_no_deadline(
    cloud: Cloud, hang: Draw, release: threading.Event
) -> None:
    at = studio(cloud, *[hang] * 3, timeout=0.3)
    assert codes(ended_while_pushes_hang(at, release)) == ["TIMEOUT"] * 3


def test_a_push_that_hangs_delays_no_later_deadline(
    cloud: Cloud, hang: Draw, release: threading.Event
) -> None:
    at = studio(cloud, hang, hang)
    first, second = at.models.slots
    at.models.slots = (replace(first, timeout=0.3), replace(second, timeout=0.6))
    assert codes(ended_while_pushes_hang(at, release)) == ["TIMEOUT"] * 2


def ended_while_pushes_hang(at: Studio, release: threading.Event) -> Job:
    job = at.submit()
    at.store.subscribe(job.id, "c1", at.clock())
    at.sockets.answer = lambda: void(release.wait(30))
    worker = threading.Thread(target=at.executor.run, args=(job.id, LAMBDA_TIME), name="slot-all")
    worker.start()
    until(lambda: at.current(job).finished)
    return at.current(job)


def test_a_slot_never_outlives_its_worker(cloud: Cloud, hang: Draw) -> None:
    at = studio(cloud, hang, timeout=300)
    job = at.work(at.submit(), time_left_ms=9_000)
    assert codes(job) == ["TIMEOUT"]
    assert job.leases[1].deadline - job.leases[1].started_at == 1000


def test_a_picture_is_stored_then_recorded_then_announced(cloud: Cloud) -> None:
    def draw(request: ImageRequest, context: CallContext) -> Picture:
        until(lambda: bool(at.sockets.posts))
        at.journal.clear()
        return draws(request, context)

    at = studio(cloud, draw)
    job = at.submit()
    at.store.subscribe(job.id, "c1", at.clock())
    with cloud.noting(at.journal):
        at.executor.run(job.id, LAMBDA_TIME)
    assert at.journal == [
        "PutObject model-1-1-1.png",
        "UpdateItem",
        "push",
        "PutItem",
        "push",
    ]


def test_a_picture_that_cannot_be_stored_is_told_and_counted(cloud: Cloud) -> None:
    at = studio(cloud, draws, draws)
    job = at.submit()
    with cloud.failing("s3.PutObject", times=1000, at="model-1"):
        ended = at.work(job)
    failure = ended.outcomes[1].failure
    assert codes(ended) == ["INTERRUPTED", "completed"]
    assert failure
    assert "could not be stored" in failure.sentence
    assert ended.outcomes[1].cost.amount == ended.outcomes[2].cost.amount


def test_a_picture_that_came_in_time_is_stored_however_slowly(cloud: Cloud) -> None:
    at = studio(cloud, draws, timeout=0.3)
    job = at.submit()
    deadline = time.monotonic() + 0.6
    with cloud.just_before("s3.PutObject", lambda: until(lambda: time.monotonic() > deadline)):
        ended = at.work(job)
    assert ended.outcomes[1].image
    assert codes(ended) == ["completed"]


def test_a_ticket_that_cannot_be_kept_does_not_stop_the_drawing(cloud: Cloud) -> None:
    def draw(request: ImageRequest, context: CallContext) -> Picture:
        with cloud.failing("dynamodb.UpdateItem", times=1000):
            context.save_ticket("ticket-9")
        return draws(request, context)

    at = studio(cloud, draw)
    assert codes(at.work(at.submit())) == ["completed"]


def test_what_was_cancelled_while_it_was_claimed_is_not_drawn(cloud: Cloud) -> None:
    at = studio(cloud, draws, draws)
    job = at.submit()
    with cloud.losing_answers("dynamodb.UpdateItem", then=lambda: at.service.cancel(job.id)):
        ended = at.work(job)
    assert codes(ended) == ["cancelled", "cancelled"]
    assert [painter.calls for painter in at.painters.values()] == [0, 0]


def test_a_hundred_deliveries_of_one_event_call_each_provider_once(
    cloud: Cloud, record_figure: RecordFigure
) -> None:
    at = studio(cloud, *[draws] * 9)
    job = at.submit()
    reading = after_all_have_read(at.clock, deliveries=100)
    executor = replace(at.executor, leasing=replace(at.executor.leasing, clock=reading))
    with ThreadPoolExecutor(100, thread_name_prefix="delivery") as pool:
        list(pool.map(lambda _: executor.run(job.id, LAMBDA_TIME), range(100)))
    calls = sum(painter.calls for painter in at.painters.values())
    record_figure("R4", deliveries=100, models=9, provider_calls=calls)
    assert calls == 9
    assert at.current(job).status == "completed"


def after_all_have_read(clock: Callable[[], int], deliveries: int) -> Callable[[], int]:
    """A clock that, looked at for the requests, waits until every delivery has read the job."""
    together, looks = threading.Barrier(deliveries), threading.local()

    def look() -> int:
        looks.count = getattr(looks, "count", 0) + 1
        if looks.count == 2 and threading.current_thread().name.startswith("delivery"):
            together.wait(30)
        return clock()

    return look


def ticketed(request: ImageRequest, context: CallContext) -> Picture:
    """A provider that was asked before, or dies with its ticket saved."""
    if context.ticket is None:
        context.save_ticket("ticket-9")
        raise WorkerDied
    return Picture(data=png(context.ticket))


class WorkerDied(BaseException):
    """Ends a thread as a killed process does: nothing else of it runs."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_ticket_is_stored_before_polling_and_resumed_by_another_worker(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(ticketed, Recovery.RESUMABLE)}, timeout=1.0)
    died = at.work(at.submit())
    assert (codes(died), died.leases[1].ticket) == (["in_progress"], "ticket-9")
    at.reap(minutes=0.2)
    assert len(at.functions.invoked) == 2
    job = at.work(died)
    assert codes(job) == ["completed"]
    assert job.outcomes[1].image
    assert stored(cloud, job.outcomes[1].image.key) == png("ticket-9")
    assert job.leases[1].resumed


@pytest.mark.parametrize("operation", ["s3.PutObject", "dynamodb.UpdateItem"])
@pytest.mark.parametrize("attempts", [3, 9])
def test_a_passing_fault_loses_no_picture(cloud: Cloud, operation: str, attempts: int) -> None:
    def draw(request: ImageRequest, context: CallContext) -> Picture:
        failures.append(faults.enter_context(cloud.failing(operation, attempts)))
        return draws(request, context)

    failures: list[list[str]] = []
    at = studio(cloud, draw)
    with ExitStack() as faults:
        ended = at.work(at.submit())
    assert (len(failures[0]), codes(ended)) == (attempts, ["completed"])


def test_a_cancelled_job_tells_its_own_threads(cloud: Cloud) -> None:
    seen = threading.Event()

    def slow(request: ImageRequest, context: CallContext) -> Picture:
        until(context.cancelled)
        seen.set()
        raise Refused("stopped")

    def quick(request: ImageRequest, context: CallContext) -> Picture:
        at.service.cancel(job.id)
        return draws(request, context)

    at = studio(cloud, quick, slow)
    job = at.submit()
    assert codes(at.work(job)) == ["cancelled", "cancelled"]
    assert seen.is_set()


def test_a_cancelled_model_stops_its_own_thread_only(cloud: Cloud) -> None:
    asked_to_stop: dict[str, bool] = {}

    def stopped(request: ImageRequest, context: CallContext) -> Picture:
        until(context.cancelled)
        raise Refused("stopped")

    def kept(request: ImageRequest, context: CallContext) -> Picture:
        until(lambda: len(at.current(job).outcomes) == 2)
        asked_to_stop["kept"] = context.cancelled()
        return draws(request, context)

    def quick(request: ImageRequest, context: CallContext) -> Picture:
        at.service.cancel(job.id, [2])
        return draws(request, context)

    at = studio(cloud, quick, stopped, kept)
    job = at.submit()
    assert codes(at.work(job)) == ["completed", "cancelled", "completed"]
    assert asked_to_stop == {"kept": False}


def test_slots_whose_settings_changed_are_not_drawn(cloud: Cloud) -> None:
    at = studio(cloud, draws)
    job = at.submit()
    at.models.slots = Studio(cloud, {7: Painter(draws)}).models.slots
    assert codes(at.work(job)) == ["INTERRUPTED"]
    assert at.painters[1].calls == 0


def test_an_unknown_job_ends_quietly(cloud: Cloud) -> None:
    at = studio(cloud, draws)
    at.executor.run("00000000-0000-0000-0000-000000000000", LAMBDA_TIME)
    assert at.painters[1].calls == 0


def test_a_provider_that_failed_is_not_asked_again(cloud: Cloud) -> None:
    at = studio(cloud, raises(ProviderDown("No answer.", billed="unknown")))
    assert codes(at.work(at.submit())) == ["UNAVAILABLE"]
    assert at.painters[1].calls == 1


def test_a_stored_picture_is_never_replaced(cloud: Cloud) -> None:
    at = studio(cloud, draws)
    job = at.work(at.submit())
    image = job.outcomes[1].image
    assert image
    at.pictures.put(png("another"), job.outcomes[1])
    assert stored(cloud, image.key) == png("a lighthouse")
