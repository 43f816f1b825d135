"""What the reaper finds and what it does about it."""

import json
from dataclasses import replace

import pytest

from chalicelib.callers import Caller
from chalicelib.jobs.model import (
    RESUME_WINDOW_MS,
    SETTLE_GRACE_MS,
    Job,
    Lease,
    LeaseRequest,
    SlotResult,
)
from chalicelib.jobs.reaper import Findings, examine
from chalicelib.providers.base import Cost, Picture
from chalicelib.providers.errors import Refused
from tests.pictures import png
from tests.unit.cloud import BUCKET, SDK_ATTEMPTS, Cloud
from tests.unit.jobs import samples
from tests.unit.jobs.samples import MINUTE, NOW
from tests.unit.jobs.studio import REAPER_TIME, Painter, Studio, codes, draws, raises

END = samples.lease().deadline
TICKET = samples.lease(ticket="t")


def waiting() -> Job:
    return samples.job(1)


def held(lease: Lease) -> Job:
    return replace(samples.job(1), leases={1: lease})


@pytest.mark.parametrize(
    ("job", "now", "dead", "needs_worker"),
    [
        (waiting(), NOW + MINUTE, False, True),
        (waiting(), waiting().deadline - 1, False, True),
        (waiting(), waiting().deadline, True, False),
        (held(samples.lease()), END, False, False),
        (held(samples.lease()), END + SETTLE_GRACE_MS - 1, False, False),
        (held(samples.lease()), END + SETTLE_GRACE_MS, True, False),
        (held(TICKET), END - 1, False, False),
        (held(TICKET), END, False, True),
        (held(TICKET), END + RESUME_WINDOW_MS - 1, False, True),
        (held(TICKET), END + RESUME_WINDOW_MS, True, False),
        (held(replace(TICKET, resumed=True)), END + SETTLE_GRACE_MS, True, False),
        (replace(held(TICKET), outcomes={1: samples.failure()}), END, False, False),
    ],
)
def test_findings(job: Job, now: int, dead: bool, needs_worker: bool) -> None:
    assert examine(job, now) == Findings((1,) if dead else (), needs_worker)


def claimed(at: Studio) -> Job:
    """A job whose worker died right after it had claimed everything."""
    job = at.submit()
    now = at.clock()
    lease = Lease("dead worker", now, now + 2 * MINUTE)
    return at.store.lease(job.id, [LeaseRequest(i, lease) for i in at.painters], now)


def test_an_undispatched_job_is_dispatched_until_its_time_is_over(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = at.submit()
    assert at.reap(minutes=0.5) == 0
    for _ in range(3):
        assert at.reap(minutes=1.1) == 1
        assert at.reap(minutes=0.1) == 0
    assert len(at.functions.invoked) == 4
    at.reap(minutes=7)
    ended = at.current(job)
    assert codes(ended) == ["INTERRUPTED"]
    assert ended.outcomes[1].cost == Cost(0.0, "exact")
    assert not ended.is_open


def test_a_dead_workers_slot_ends_as_interrupted_and_of_unknown_cost(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = claimed(at)
    at.reap(minutes=2.2)
    ended = at.current(job)
    assert codes(ended) == ["INTERRUPTED"]
    assert ended.outcomes[1].cost == Cost(None, "unknown")
    assert ended.outcomes[1].failure
    assert ended.outcomes[1].failure.retryable
    assert at.painters[1].calls == 0


def test_a_retry_beside_it_does_not_delay_the_end_of_a_dead_slot(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws), 2: Painter(draws)}, timeout=120)
    job = claimed(at)
    at.store.record(job.id, [SlotResult(1, "dead worker", samples.failure())], at.clock())
    at.ahead_ms += round(1.5 * MINUTE)
    at.service.retry(job.id, [1], Caller("203.0.113.9"))
    at.painters[1].draw = raises(Refused("No."))
    at.work(job)
    at.reap(minutes=0.7)
    assert codes(at.current(job)) == ["REFUSED", "INTERRUPTED"]


def test_a_stored_picture_is_adopted_and_its_cost_counted(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = claimed(at)
    outcome = replace(samples.picture(1), started_at=job.leases[1].started_at)
    assert outcome.image
    key = f"group-images/{job.target}/model-1-1-1"
    image = replace(outcome.image, key=f"{key}.png")
    at.pictures.put(png("kept"), replace(outcome, image=image))
    at.reap(minutes=2.2)
    ended = at.current(job)
    assert ended.outcomes == {1: replace(outcome, image=image)}
    assert at.pictures.get(image.key) == png("kept")
    assert not at.preview(job).is_open
    (reaped,) = [line for line in caplog.messages if '"event": "reaped"' in line]
    assert json.loads(reaped)["ProviderCost"] == outcome.cost.amount


def test_a_finished_job_that_was_not_closed_enters_the_gallery(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = at.submit()
    with cloud.failing("dynamodb.PutItem", times=1000):
        unclosed = at.work(job)
    assert unclosed.is_open
    assert at.gallery.page(10, None, at.clock()).entries == ()
    at.reap(minutes=3)
    assert not at.preview(job).is_open
    entries = at.gallery.page(10, None, at.clock()).entries
    assert [(e.job_id, e.images) for e in entries] == [(job.id, 1)]


def test_an_old_look_never_overwrites_what_the_gallery_shows(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws), 2: Painter(raises(Refused("No.")))})
    job = at.submit()
    with cloud.failing("dynamodb.PutItem", times=1000):
        at.work(job)
    at.painters[2].draw = draws

    def retry_and_draw() -> None:
        at.work(at.service.retry(job.id, [2], Caller("203.0.113.9")))

    with cloud.just_before("dynamodb.PutItem", retry_and_draw):
        at.reap(minutes=3)
    assert codes(at.current(job)) == ["completed", "completed"]
    assert [e.images for e in at.gallery.page(10, None, at.clock()).entries] == [2]


def test_one_broken_job_does_not_stop_the_others(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    first, second = claimed(at), claimed(at)
    with cloud.failing("s3.ListObjectsV2", times=1000, at=first.target):
        at.reap(minutes=2.2)
    assert codes(at.current(second)) == ["INTERRUPTED"]
    at.reap(minutes=1)
    assert codes(at.current(first)) == ["INTERRUPTED"]


@pytest.mark.parametrize("operation", ["s3.ListObjectsV2", "dynamodb.GetItem"])
def test_where_aws_refused_a_look_another_follows_in_the_same_pass(
    cloud: Cloud, operation: str
) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    first, second = claimed(at), claimed(at)
    with cloud.failing(operation, times=SDK_ATTEMPTS) as refused:
        assert at.reap(minutes=2.2) == 2
    assert len(refused) == SDK_ATTEMPTS
    assert [codes(at.current(job)) for job in (first, second)] == [["INTERRUPTED"]] * 2


def test_one_pass_ends_as_many_jobs_as_are_due(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    jobs = [claimed(at) for _ in range(120)]
    assert at.reap(minutes=2.2) == 120
    assert {*codes(at.current(jobs[0])), *codes(at.current(jobs[-1]))} == {"INTERRUPTED"}
    assert at.reap(minutes=1) == 0


def test_what_a_pass_has_no_time_for_is_due_for_the_next(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    jobs = [claimed(at) for _ in range(4)]

    def slowly() -> int:
        at.ahead_ms += 5_000
        return at.clock()

    at.ahead_ms += 3 * MINUTE
    assert 0 < replace(at.reaper, clock=slowly).run(REAPER_TIME) < 4
    at.reap(minutes=1)
    assert [codes(at.current(job)) for job in jobs] == [["INTERRUPTED"]] * 4


def test_a_job_that_cannot_be_understood_does_not_stop_the_others(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    first, second = claimed(at), claimed(at)
    _put_stranger(cloud, first, {"outcome": "not what a worker writes"})
    assert at.reap(minutes=2.2) == 2
    assert codes(at.current(second)) == ["INTERRUPTED"]


def test_a_stored_thing_that_tells_nothing_is_no_picture(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = claimed(at)
    _put_stranger(cloud, job, {})
    at.reap(minutes=2.2)
    assert codes(at.current(job)) == ["INTERRUPTED"]


def _put_stranger(cloud: Cloud, job: Job, metadata: dict[str, str]) -> None:
    key = f"group-images/{job.target}/model-1-1-1.png"
    cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=b"stranger", Metadata=metadata)


def test_a_result_that_arrives_while_the_reaper_looks_stands(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(lambda request, context: Picture(png("late")))})
    job = claimed(at)
    drawn = samples.picture(1)

    def arrive() -> None:
        at.store.record(job.id, [SlotResult(1, "dead worker", drawn)], at.clock())

    with cloud.just_before("dynamodb.UpdateItem", arrive):
        at.reap(minutes=2.2)
    assert at.current(job).outcomes == {1: drawn}


def test_a_second_look_changes_nothing(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    job = claimed(at)
    at.reap(minutes=2.2)
    ended = at.current(job)
    assert at.reap(minutes=1) == 0
    assert at.current(job) == ended
