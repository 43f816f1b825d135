"""What an Idempotency-Key stands for, whoever uses it at the same moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.callers import Caller
from chalicelib.errors import AppError, ContentBlocked, IdempotencyConflict, RateLimited
from chalicelib.jobs.idempotency import IdempotencyRecord
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import KEY_SETTLES_MS
from tests.figures import RecordFigure
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import WISH, Painter, Studio, draws
from tests.unit.jobs.test_service import HERE, Full, jobs, shown


@pytest.fixture
def at(cloud: Cloud) -> Studio:
    """One model that draws."""
    return Studio(cloud, {1: Painter(draws)})


def test_a_refused_prompt_may_be_mended_under_the_same_key(at: Studio) -> None:
    at.blocked = frozenset({"a windmill"})
    with pytest.raises(ContentBlocked):
        at.service.submit(replace(WISH, prompt="a windmill"), HERE, "k")
    assert at.submit(key="k").prompt == WISH.prompt


def test_a_key_and_its_body_are_one_job(at: Studio) -> None:
    first = at.submit(key="k")
    reordered = replace(WISH, parameters=replace(WISH.parameters))
    assert shown(at.service.submit(reordered, HERE, "k")) == shown(first)
    assert (len(at.admitted), len(at.functions.invoked)) == (1, 1)
    with pytest.raises(IdempotencyConflict):
        at.service.submit(replace(WISH, prompt="a windmill"), HERE, "k")
    assert at.submit(key="another").id != first.id


class Dying:
    """A limit at which the process dies."""

    def admit(self, caller: Caller) -> None:
        raise SystemExit


def test_a_key_whose_first_request_died_is_taken_over(at: Studio) -> None:
    with pytest.raises(SystemExit):
        replace(at.service, limiter=Dying()).submit(WISH, HERE, "k")
    at.ahead_ms += KEY_SETTLES_MS
    job = at.submit(key="k")
    assert shown(at.submit(key="k")) == shown(job)


class Strict:
    """A filter whose judge refuses everything."""

    def keywords_allow(self, text: str) -> bool:
        return True

    def judge_allows(self, text: str, caller: Caller) -> bool:
        return False


class Throttled:
    """A limit whose table does not answer."""

    def admit(self, caller: Caller) -> None:
        raise ReadTimeoutError(endpoint_url="")


@pytest.mark.parametrize(
    "refusing",
    [{"limiter": Full()}, {"content_filter": Strict()}, {"limiter": Throttled()}],
    ids=["limit", "judge", "fault"],
)
def test_a_request_that_is_refused_gives_its_key_back_at_once(
    at: Studio, refusing: dict[str, Any]
) -> None:
    pauses: list[float] = []
    service = replace(at.service, sleep=pauses.append)
    for _ in range(2):
        with pytest.raises((AppError, ReadTimeoutError)):
            replace(service, **refusing).submit(WISH, HERE, "k")
    job = service.submit(WISH, HERE, "k")
    assert shown(service.submit(WISH, HERE, "k")) == shown(job)
    assert pauses == []


def test_a_request_that_waits_for_another_is_judged_when_that_is_refused(at: Studio) -> None:
    pauses: list[float] = []
    first = IdempotencyRecord(at.services.ports.new_id(), WISH.payload_hash, at.clock())
    at.service.keys.reserve("k", first)

    def refused_meanwhile(pause: float) -> None:
        pauses.append(pause)
        at.service.keys.give_back("k", first)

    job = replace(at.service, sleep=refused_meanwhile).submit(WISH, HERE, "k")
    assert (len(pauses), job.id != first.job_id) == (1, True)


def test_a_slow_request_whose_key_was_taken_over_does_not_give_it_back(at: Studio) -> None:
    taken: list[Job] = []

    def take_over() -> None:
        at.ahead_ms += KEY_SETTLES_MS
        taken.append(at.submit(key="k"))

    class Slow(Full):
        def admit(self, caller: Caller) -> None:
            take_over()
            super().admit(caller)

    with pytest.raises(RateLimited):
        replace(at.service, limiter=Slow()).submit(WISH, HERE, "k")
    assert shown(at.submit(key="k")) == shown(taken[0])


def test_a_key_is_given_back_once_when_the_answer_is_lost(at: Studio, cloud: Cloud) -> None:
    with cloud.losing_answers("dynamodb.DeleteItem"), pytest.raises(RateLimited):
        replace(at.service, limiter=Full()).submit(WISH, HERE, "k")
    assert shown(at.submit(key="k"))


def test_a_refusal_is_told_also_where_the_key_cannot_be_given_back(
    at: Studio, cloud: Cloud
) -> None:
    with cloud.failing("dynamodb.DeleteItem", 9), pytest.raises(RateLimited):
        replace(at.service, limiter=Full()).submit(WISH, HERE, "k")


def test_a_key_is_free_again_after_a_day(at: Studio) -> None:
    first = at.submit(key="k")
    at.ahead_ms += 24 * 3_600_000 + 1000
    assert at.submit(key="k").id != first.id


def test_the_author_of_a_reservation_does_not_wait_for_itself(at: Studio, cloud: Cloud) -> None:
    waits: list[float] = []
    service = replace(at.service, sleep=waits.append)
    with cloud.losing_answers("dynamodb.PutItem"):
        job = service.submit(WISH, HERE, "k")
    assert (waits, shown(at.current(job))) == ([], shown(job))


def test_a_thousand_requests_over_a_hundred_keys_are_a_hundred_jobs(
    at: Studio, cloud: Cloud, record_figure: RecordFigure
) -> None:
    other = replace(WISH, prompt="a windmill")
    start = threading.Barrier(50)
    patient = replace(at.service, sleep=lambda seconds: time.sleep(10 * seconds))

    def post(number: int) -> str:
        if number < 50:
            start.wait()
        wish = other if number >= 1000 else WISH
        try:
            return patient.submit(wish, HERE, f"key {number % 100}").id
        except IdempotencyConflict:
            return "409"

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(post, range(1000)))
        conflicts = list(pool.map(post, range(1000, 1100)))
    record_figure(
        "R5", posts=1000, keys=100, jobs=jobs(cloud), other_body_409=conflicts.count("409")
    )
    assert jobs(cloud) == len(set(answers)) == 100
    assert all(answers[n] == answers[n % 100] for n in range(1000))
    assert conflicts == ["409"] * 100
