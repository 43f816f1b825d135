"""Slots whose calls are handed over: the worker, a notice, the reaper, and what is shown."""

import json
from dataclasses import replace

import pytest

from chalicelib.callers import Caller
from chalicelib.errors import AppError
from chalicelib.jobs.callbacks import NotThereYet
from chalicelib.jobs.items import from_job
from chalicelib.jobs.model import CallName, Job
from chalicelib.jobs.store import UnknownJob
from chalicelib.jobs.view import job_view
from chalicelib.providers.adapters.sagemaker.notices import output_key
from chalicelib.providers.base import CallContext, Cost, Deferred, ImageRequest, Picture
from chalicelib.providers.models.catalog import resolve
from chalicelib.providers.registry import Slot
from tests.pictures import png
from tests.simulation.handed_over import notice
from tests.unit.cloud import BUCKET, Cloud
from tests.unit.jobs.studio import PRICE, Models, Painter, Studio, codes, draws

OWN, TIMEOUT_S = 2, 900.0
FAILURE = "own-models/failures/1f0d-error.out"


def hands_over(request: ImageRequest, context: CallContext) -> Picture:
    raise Deferred(f"s3://{BUCKET}/{FAILURE}")


class OneSleeps(Studio):
    """A model that answers and one that sleeps."""

    warm: bool | None = False

    @property
    def models(self) -> Models:
        studio = self

        class Sleeping(Models):
            def is_warm(self, model_id: str) -> bool | None:
                return studio.warm

        first, second = super().models.slots
        model = replace(resolve("own", "sagemaker", "own-endpoint"), price=PRICE)
        own = Slot(second.index, second.name, model, TIMEOUT_S, simulated=True)
        return Sleeping(self.painters, (first, own))


@pytest.fixture
def at(cloud: Cloud) -> OneSleeps:
    return OneSleeps(cloud, {1: Painter(draws), OWN: Painter(hands_over)})


def waiting(at: OneSleeps) -> Job:
    return at.work(at.submit())


def draw(at: Studio, job: Job, data: bytes) -> str:
    """The endpoint writes its picture; return the name of the call."""
    name = str(CallName(job.id, OWN, job.attempt(OWN)))
    at.cloud.s3.put_object(Bucket=BUCKET, Key=output_key(name), Body=data)
    return name


def refuse(at: Studio, code: str) -> None:
    """The endpoint writes what its container answered instead of a picture."""
    body = json.dumps({"error": "Canary.", "code": code}).encode()
    at.cloud.s3.put_object(Bucket=BUCKET, Key=FAILURE, Body=body)


def outputs(at: Studio) -> list[str]:
    listed = at.cloud.s3.list_objects_v2(Bucket=BUCKET, Prefix="own-models/")
    return [entry["Key"] for entry in listed.get("Contents", [])]


def test_the_worker_ends_and_the_job_stays_open(at: OneSleeps) -> None:
    began = at.clock()
    job = waiting(at)

    assert codes(job) == ["completed", "in_progress"]
    assert (job.is_open, job.status) == (True, "in_progress")
    assert at.clock() - began < 5_000
    lease = job.leases[OWN]
    assert lease.deadline - lease.started_at == TIMEOUT_S * 1000
    assert lease.ticket == f"s3://{BUCKET}/{FAILURE}"
    shown = job_view(job, lambda key: key).results
    assert (shown[0].deferred, shown[0].phase) == (None, None)
    assert (shown[1].deferred, shown[1].phase) == (True, "waking")


def test_a_second_delivery_hands_nothing_over_again(at: OneSleeps) -> None:
    job = waiting(at)

    at.work(job)

    assert at.painters[OWN].calls == 1


def test_a_notice_stores_the_picture_as_every_other_and_takes_the_object_away(
    at: OneSleeps,
) -> None:
    job, data = waiting(at), png("own")

    at.jobs.callbacks.receive(notice(draw(at, job, data)))

    ended = at.current(job)
    image = ended.outcomes[OWN].image
    assert (codes(ended), ended.status) == (["completed", "completed"], "completed")
    assert image is not None
    assert at.pictures.get(image.key) == data
    assert ended.outcomes[OWN].cost == Cost(PRICE.amount, "estimated")
    assert outputs(at) == []
    assert at.preview(ended).preview(OWN) == "drawn"
    assert not at.current(job).is_open


@pytest.mark.parametrize("copies", [2, 3])
def test_a_repeated_notice_changes_nothing(at: OneSleeps, copies: int) -> None:
    job = waiting(at)
    name = draw(at, job, png("own"))
    at.jobs.callbacks.receive(notice(name))
    ended = at.current(job)

    for _ in range(copies - 1):
        at.jobs.callbacks.receive(notice(name))
        at.jobs.callbacks.receive(notice(name, failed=True))

    assert at.current(job) == ended


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("ServerError: Received server error (500) from model container", "UNAVAILABLE"),
        ("ClientError: Received client error (400) from model container", "BAD_REQUEST"),
        (
            'container said {\\"error\\": \\"too big\\", \\"code\\": \\"PAYLOAD_TOO_LARGE\\"}',
            "BAD_REQUEST",
        ),
        ("The request expired in the queue", "TIMEOUT"),
        ("Invocation timed out", "TIMEOUT"),
        (
            'client error (422): {\\"error\\": \\"Withheld\\", \\"code\\": \\"CONTENT_FILTERED\\"}',
            "REFUSED",
        ),
        ("", "UNAVAILABLE"),
    ],
)
def test_a_failure_is_told_in_our_words(at: OneSleeps, reason: str, code: str) -> None:
    job = waiting(at)
    body = notice(f"{job.id}.{OWN}.1", failed=True)
    told = body.replace("ServerError: Received server error (500) from model container", reason)

    at.jobs.callbacks.receive(told)

    failure = at.current(job).outcomes[OWN].failure
    assert failure is not None
    assert failure.code == code
    assert not reason or reason not in failure.sentence


def test_what_is_no_picture_ends_as_a_bad_response(at: OneSleeps) -> None:
    job = waiting(at)

    at.jobs.callbacks.receive(notice(draw(at, job, b"no picture at all")))

    assert codes(at.current(job)) == ["completed", "BAD_RESPONSE"]
    assert outputs(at) == []


def test_a_notice_without_its_picture_comes_again(at: OneSleeps) -> None:
    job = waiting(at)

    with pytest.raises(NotThereYet):
        at.jobs.callbacks.receive(notice(f"{job.id}.{OWN}.1"))

    assert codes(at.current(job)) == ["completed", "in_progress"]


def test_what_comes_for_a_cancelled_slot_is_dropped_with_its_object(at: OneSleeps) -> None:
    job = waiting(at)
    cancelled = at.service.cancel(job.id)

    at.jobs.callbacks.receive(notice(draw(at, job, png("own"))))

    assert at.current(job).outcomes == cancelled.outcomes
    assert cancelled.outcomes[OWN].cost.basis == "unknown"
    assert outputs(at) == []


def test_a_notice_of_an_earlier_attempt_says_nothing_of_the_next(at: OneSleeps) -> None:
    job = waiting(at)
    first = draw(at, job, png("first"))
    at.service.cancel(job.id, [OWN])
    again = at.work(at.service.retry(job.id, [OWN], _caller()))

    at.jobs.callbacks.receive(notice(first))

    assert codes(at.current(job)) == ["completed", "in_progress"]
    at.jobs.callbacks.receive(notice(draw(at, again, png("second"))))
    image = at.current(job).outcomes[OWN].image
    assert image is not None
    assert at.pictures.get(image.key) == png("second")


def test_what_comes_for_a_deleted_job_leaves_nothing_behind(at: OneSleeps) -> None:
    job = waiting(at)
    at.jobs.deletion.delete(job.id, _caller())

    at.jobs.callbacks.receive(notice(draw(at, job, png("own"))))

    with pytest.raises(UnknownJob):
        at.current(job)
    listed = at.cloud.s3.list_objects_v2(Bucket=BUCKET)
    assert listed.get("Contents", []) == []


def test_a_call_that_expired_in_the_queue_is_a_timeout(at: OneSleeps) -> None:
    job = waiting(at)
    told = json.loads(notice(f"{job.id}.{OWN}.1", failed=True))
    del told["failureReason"]

    at.jobs.callbacks.receive(json.dumps({**told, "invocationStatus": "Expired"}))

    assert codes(at.current(job)) == ["completed", "TIMEOUT"]


@pytest.mark.parametrize("body", ["", "null", "[]", '{"inferenceId": 3}', "{" * 5000, notice("x")])
def test_a_message_about_nothing_is_taken_and_forgotten(at: OneSleeps, body: str) -> None:
    job = waiting(at)

    at.jobs.callbacks.receive(body)

    assert at.current(job) == job
    assert outputs(at) == []


def test_a_lost_notice_is_found_in_the_bucket_within_two_minutes(at: OneSleeps) -> None:
    job = waiting(at)
    draw(at, job, png("own"))

    at.reap(minutes=1.1)

    ended = at.current(job)
    assert codes(ended) == ["completed", "completed"]
    assert ended.outcomes[OWN].cost == Cost(PRICE.amount, "estimated")
    assert outputs(at) == []


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("INVALID_INPUT", "BAD_REQUEST"),
        ("STEPS_REFUSED", "BAD_REQUEST"),
        ("CONTENT_FILTERED", "REFUSED"),
        ("OUT_OF_MEMORY", "UNAVAILABLE"),
    ],
)
def test_a_failure_whose_notice_was_lost_is_found_within_two_minutes(
    at: OneSleeps, told: str, code: str
) -> None:
    job = waiting(at)
    refuse(at, told)

    at.reap(minutes=1.1)

    ended = at.current(job)
    assert codes(ended) == ["completed", code]
    failure = ended.outcomes[OWN].failure
    assert failure is not None
    assert "Canary" not in failure.sentence
    assert outputs(at) == []


def test_a_picture_counts_more_than_a_failure_beside_it(at: OneSleeps) -> None:
    job = waiting(at)
    refuse(at, "BUSY")
    draw(at, job, png("own"))

    at.reap(minutes=1.1)

    assert codes(at.current(job)) == ["completed", "completed"]
    assert outputs(at) == []


@pytest.mark.parametrize("place", ["", "s3://another/own-models/failures/x", "own-models/x"])
def test_a_failure_is_read_from_the_endpoints_own_place_only(at: OneSleeps, place: str) -> None:
    outputs_of = at.jobs.callbacks.outputs

    assert outputs_of.failure(place) is None
    assert outputs_of.failure(f"s3://{BUCKET}/group-images/failures/x.out") is None


@pytest.mark.parametrize(("told", "shown"), [(b'{"seed": 41}', 41), (b'{"seed": "41"}', None)])
def test_a_seed_that_the_endpoint_chose_is_shown(
    at: OneSleeps, told: bytes, shown: int | None
) -> None:
    job = waiting(at)
    at.jobs.callbacks.receive(notice(draw(at, job, png("own", parameters=told))))

    image = at.current(job).outcomes[OWN].image
    assert image is not None
    assert image.seed == shown


def test_what_never_comes_ends_by_its_deadline_with_its_cost_unknown(at: OneSleeps) -> None:
    job = waiting(at)
    for _ in range(14):
        at.reap(minutes=1.01)
    assert codes(at.current(job)) == ["completed", "in_progress"]

    at.reap(minutes=1.1)

    ended = at.current(job)
    assert codes(ended) == ["completed", "TIMEOUT"]
    assert ended.outcomes[OWN].cost.basis == "unknown"
    assert at.painters[OWN].calls == 1


def test_the_reaper_tells_what_a_call_waits_for_when_that_changes(at: OneSleeps) -> None:
    job = waiting(at)
    at.reap(minutes=1.1)
    assert at.current(job).seq == job.seq

    at.warm = True
    at.reap(minutes=1.1)

    woken = at.current(job)
    assert (woken.leases[OWN].phase, woken.seq) == ("drawing", job.seq + 1)
    at.warm = None
    at.reap(minutes=1.1)
    assert at.current(job).leases[OWN].phase == "drawing"


def test_money_of_a_handed_over_slot_is_held_until_its_end(cloud: Cloud) -> None:
    price = round((PRICE.amount or 0) * 1_000_000)
    at = OneSleeps(cloud, {1: Painter(draws), OWN: Painter(hands_over)}, spend_limit=2 * price)
    job = waiting(at)
    with pytest.raises(AppError, match="spending limit"):
        at.submit()

    at.jobs.callbacks.receive(notice(draw(at, job, png("own"))))

    day = at.services.ground.spending.today()
    assert day is not None
    assert day.left == 0


def test_slots_that_answer_cost_no_byte_more(at: OneSleeps) -> None:
    job = at.submit()
    kept = from_job(job)["slots"]["S"]

    assert kept.count("deferred") == 1
    assert kept.count("price_usd") == 1


def _caller() -> Caller:
    return Caller("203.0.113.9")
