"""A deleted job is gone at once for readers, and soon from storage, whatever was under way."""

from collections.abc import Callable

import pytest

from chalicelib.callers import NOBODY, Caller
from chalicelib.jobs.model import Job
from chalicelib.jobs.store import UnknownJob
from chalicelib.providers.base import CallContext, ImageRequest, Picture
from tests.unit.cloud import BUCKET, TABLE, Cloud
from tests.unit.jobs.studio import WISH, Painter, Studio, draws, raises

HERE = Caller("203.0.113.9")


@pytest.fixture
def at(cloud: Cloud) -> Studio:
    return Studio(cloud, {1: Painter(draws), 2: Painter(draws)})


def stored(at: Studio) -> list[str]:
    found = at.cloud.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [entry["Key"] for entry in found]


def items_about(at: Studio, job: Job) -> list[str]:
    found = at.cloud.dynamodb.scan(TableName=TABLE)["Items"]
    return [item["pk"]["S"] for item in found if job.id in str(item)]


def delete(at: Studio, job: Job) -> None:
    at.jobs.deletion.delete(job.id, NOBODY)


def refuses(at: Studio, act: Callable[[], object]) -> bool:
    with pytest.raises(UnknownJob):
        act()
    return True


def test_a_deleted_job_is_gone_for_every_reader(at: Studio) -> None:
    job = at.preview(at.work(at.submit()))
    assert stored(at)
    assert at.gallery.page(10, None, at.clock()).entries
    delete(at, job)
    service = at.service
    for act in (
        lambda: service.get(job.id),
        lambda: service.cancel(job.id),
        lambda: service.retry(job.id, [1], HERE),
        lambda: at.store.subscribe(job.id, "c1", at.clock()),
        lambda: delete(at, job),
    ):
        assert refuses(at, act)
    assert at.gallery.page(10, None, at.clock()).entries == ()
    assert at.jobs.listing.page(("",), 10, None, None).jobs == ()
    assert stored(at) == []


def test_nothing_of_it_is_left_in_the_end(at: Studio) -> None:
    job = at.work(at.submit())
    delete(at, job)
    assert items_about(at, job)
    for _ in range(5):
        at.reap(1)
    assert items_about(at, job) == []
    assert at.reap(1) == 0


def test_an_open_job_is_cancelled_first_and_its_picture_does_not_come_back(
    cloud: Cloud,
) -> None:
    def deletes_meanwhile(request: ImageRequest, context: CallContext) -> Picture:
        at.jobs.deletion.delete(job.id, NOBODY)
        return draws(request, context)

    at = Studio(cloud, {1: Painter(deletes_meanwhile)})
    job = at.submit()
    at.executor.run(job.id, 900_000)
    assert refuses(at, lambda: at.service.get(job.id))
    for _ in range(5):
        at.reap(1)
    assert (stored(at), items_about(at, job)) == ([], [])
    assert at.gallery.page(10, None, at.clock()).entries == ()


def test_its_subscribers_are_told_that_it_is_gone(at: Studio) -> None:
    job = at.work(at.submit())
    at.store.subscribe(job.id, "c1", at.clock())
    delete(at, job)
    _, last = at.sockets.posts[-1]
    assert b"NOT_FOUND" in last
    assert job.id.encode() in last


def test_its_money_is_settled_first(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(raises(ValueError()))}, spend_limit=1_000_000)
    job = at.submit()
    delete(at, job)
    day = at.services.ground.spending.today()
    assert day
    assert day.left == day.limit == 1
    assert at.services.ground.spending.open(0) == []


def test_its_idempotency_key_makes_a_new_job(at: Studio) -> None:
    job = at.submit("key")
    delete(at, job)
    assert at.submit("key").id != job.id


def test_a_delete_whose_answer_was_lost_has_happened(at: Studio, cloud: Cloud) -> None:
    job = at.work(at.submit())
    with cloud.losing_answers("dynamodb.PutItem") as lost:
        delete(at, job)
    assert lost
    assert refuses(at, lambda: at.service.get(job.id))


def test_a_retry_in_between_does_not_save_a_job(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(raises(ValueError()))})
    job = at.work(at.submit())

    def retry() -> None:
        at.service.retry(job.id, [1], HERE)

    with cloud.just_before("dynamodb.PutItem", retry):
        delete(at, job)
    assert refuses(at, lambda: at.service.get(job.id))


def test_only_its_owner_can_delete_a_job(at: Studio) -> None:
    ann, ben = Caller(user_id="ann"), Caller(user_id="ben")
    job = at.service.submit(WISH, ann, None)
    for other in (ben, NOBODY):
        assert refuses(at, lambda other=other: at.jobs.deletion.delete(job.id, other))  # type: ignore[misc]
    at.jobs.deletion.delete(job.id, ann)
