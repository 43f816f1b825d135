"""What people can do with jobs, and what happens when they do it at the same moment."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.callers import Caller
from chalicelib.errors import (
    AppError,
    ContentBlocked,
    InvalidInput,
    NotFound,
    NotRetryable,
    RateLimited,
    Unavailable,
)
from chalicelib.images.addresses import PictureAddresses
from chalicelib.jobs.model import Job
from chalicelib.jobs.service import Submission, job_id_of
from chalicelib.jobs.view import JobView, job_view
from chalicelib.providers.base import CallContext, Cost, ImageRequest, Parameters, Picture
from chalicelib.providers.errors import Refused
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs.studio import WISH, Painter, Studio, codes, draws, raises

HERE = Caller("203.0.113.9")
REFUSAL = Refused("No.")


@pytest.fixture
def at(cloud: Cloud) -> Studio:
    """One model that draws and one that refuses."""
    return Studio(cloud, {1: Painter(draws), 2: Painter(raises(REFUSAL))})


def shown(job: Job) -> JobView:
    return job_view(job, PictureAddresses().of)


def jobs(cloud: Cloud) -> int:
    found = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    return sum(item["pk"]["S"].startswith("JOB#") for item in found)


def test_a_job_is_stored_and_handed_to_the_worker(at: Studio) -> None:
    job = at.submit()
    assert shown(at.current(job)) == shown(job)
    assert [request["Payload"] for request in at.functions.invoked] == [
        f'{{"jobId": "{job.id}"}}'.encode()
    ]
    assert job_id_of(job.target) == job.id


def test_a_job_survives_that_the_worker_could_not_be_called(
    at: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    at.functions.broken = True
    job = at.submit()
    assert '"DispatchFailures": 1' in caplog.text
    assert '"error": "ClientError"' in caplog.text
    at.functions.broken = False
    at.reap(minutes=1.1)
    assert len(at.functions.invoked) == 1
    assert codes(at.work(job)) == ["completed", "REFUSED"]


def test_only_the_models_asked_for_draw(at: Studio) -> None:
    job = at.service.submit(replace(WISH, models=(2,)), HERE, None)
    assert [slot.index for slot in job.slots] == [2]
    with pytest.raises(InvalidInput) as refused:
        at.service.submit(replace(WISH, models=(1, 7)), HERE, None)
    assert refused.value.details[0].field == "models"


def test_without_models_nothing_is_counted(cloud: Cloud) -> None:
    bare = Studio(cloud, {})
    with pytest.raises(Unavailable):
        bare.submit()
    assert bare.admitted == []


def test_what_is_refused_by_the_filter_is_not_counted(at: Studio) -> None:
    at.blocked = frozenset({"a lighthouse", "fog"})
    foggy = Submission("a windmill", Parameters(negative_prompt="fog"))
    for wish, field in ((WISH, "prompt"), (foggy, "negativePrompt")):
        with pytest.raises(ContentBlocked) as refused:
            at.service.submit(wish, HERE, None)
        assert refused.value.details[0].field == field
    assert at.admitted == []


def test_a_judge_that_costs_money_is_asked_once_and_only_within_the_limits(at: Studio) -> None:
    asked: list[str] = []

    def judge(text: str) -> bool:
        asked.append(f"{text}, {len(at.admitted)} counted")
        return False

    at.judge = judge
    with pytest.raises(ContentBlocked) as refused:
        at.service.submit(Submission("a mill", Parameters(negative_prompt="fog")), HERE, None)
    assert refused.value.details[0].field == "prompt"
    assert asked == ["a mill, 1 counted"]


class Full:
    """A limit that is used up."""

    def admit(self, caller: Caller) -> None:
        raise RateLimited("Too many.", scope="ip", retry_after=60)


def test_what_is_over_the_limit_is_not_made(at: Studio, cloud: Cloud) -> None:
    with pytest.raises(RateLimited):
        replace(at.service, limiter=Full()).submit(WISH, HERE, None)
    assert (jobs(cloud), at.functions.invoked) == (0, [])


def test_an_unknown_job_is_not_found(at: Studio) -> None:
    for ask in (at.service.get, at.service.cancel, lambda j: at.service.retry(j, [1], HERE)):
        with pytest.raises(NotFound):
            ask("00000000-0000-0000-0000-000000000000")


def test_cancelling_ends_what_has_no_result(at: Studio) -> None:
    job = at.submit()
    ended = at.service.cancel(job.id)
    assert (ended.status, codes(ended)) == ("cancelled", ["cancelled", "cancelled"])
    assert shown(at.service.cancel(job.id)) == shown(ended)
    assert codes(at.work(job)) == ["cancelled", "cancelled"]
    assert at.painters[1].calls == 0


def test_cancelling_a_finished_job_changes_nothing(at: Studio) -> None:
    ended = at.work(at.submit())
    assert shown(at.service.cancel(ended.id)) == shown(ended)


def test_a_result_that_comes_at_the_same_moment_stands(at: Studio, cloud: Cloud) -> None:
    job = at.submit()
    with cloud.just_before("dynamodb.UpdateItem", lambda: void(at.work(job))):
        ended = at.service.cancel(job.id)
    assert codes(ended) == ["completed", "REFUSED"]


def test_cancelling_one_model_lets_the_others_draw(at: Studio) -> None:
    at.painters[2].draw = draws
    job = at.submit()
    left = at.service.cancel(job.id, [1])
    assert (left.status, codes(left)) == ("in_progress", ["cancelled", "pending"])
    ended = at.work(job)
    assert (ended.status, codes(ended)) == ("partial", ["cancelled", "completed"])
    assert (at.painters[1].calls, at.painters[2].calls) == (0, 1)


def test_a_job_whose_other_models_fail_has_failed_not_been_cancelled(at: Studio) -> None:
    job = at.submit()
    at.service.cancel(job.id, [1])
    ended = at.work(job)
    assert (ended.status, codes(ended)) == ("failed", ["cancelled", "REFUSED"])


def test_a_model_that_ended_is_not_cancelled(at: Studio) -> None:
    ended = at.work(at.submit())
    assert shown(at.service.cancel(ended.id, [2, 1])) == shown(ended)


def test_a_model_that_the_job_does_not_have_cannot_be_cancelled(at: Studio) -> None:
    job = at.submit()
    with pytest.raises(InvalidInput) as refused:
        at.service.cancel(job.id, [1, 7])
    assert refused.value.details[0].field == "models"
    assert shown(at.current(job)) == shown(job)


def test_models_cancelled_one_by_one_leave_a_cancelled_job_that_is_closed(at: Studio) -> None:
    job = at.submit()
    at.service.cancel(job.id, [1])
    ended = at.service.cancel(job.id, [2])
    assert (ended.status, at.current(job).is_open) == ("cancelled", False)


def test_what_a_cancelled_model_costs_is_said_only_when_it_is_known(
    at: Studio, cloud: Cloud
) -> None:
    """The first is cancelled while its provider draws, the second before any worker came."""
    job = at.submit()

    def changes_its_mind(request: ImageRequest, context: CallContext) -> Picture:
        at.service.cancel(job.id, [1])
        return draws(request, context)

    at.painters[1].draw = changes_its_mind
    at.service.cancel(job.id, [2])
    ended = at.work(job)
    assert codes(ended) == ["cancelled", "cancelled"]
    assert [ended.outcomes[i].cost.basis for i in (1, 2)] == ["unknown", "exact"]


def test_a_result_that_comes_at_the_same_moment_as_its_own_cancelling_stands(
    at: Studio, cloud: Cloud
) -> None:
    job = at.submit()
    with cloud.just_before("dynamodb.UpdateItem", lambda: void(at.work(job))):
        ended = at.service.cancel(job.id, [1])
    assert codes(ended) == ["completed", "REFUSED"]


def test_a_worker_that_claims_at_the_same_moment_leaves_the_cancelled_model(
    at: Studio, cloud: Cloud
) -> None:
    job = at.submit()
    with cloud.just_before("dynamodb.UpdateItem", lambda: void(at.service.cancel(job.id, [1]))):
        ended = at.work(job)
    assert codes(ended) == ["cancelled", "REFUSED"]
    assert at.painters[1].calls == 0


def test_a_cancelling_whose_answer_was_lost_happens_once(at: Studio, cloud: Cloud) -> None:
    job = at.submit()
    with cloud.losing_answers("dynamodb.UpdateItem", times=3):
        left = at.service.cancel(job.id, [1])
    assert (left.seq, codes(left)) == (job.seq + 1, ["cancelled", "pending"])


def test_a_retry_is_a_new_attempt_under_the_same_card(at: Studio) -> None:
    ended = at.work(at.submit())
    at.painters[2].draw = draws
    opened = at.service.retry(ended.id, [2], HERE)
    assert (opened.attempt(2), codes(opened)) == (2, ["completed", "pending"])
    job = at.work(opened)
    assert codes(job) == ["completed", "completed"]
    assert job.outcomes[1] == ended.outcomes[1]
    assert (len(at.admitted), at.functions.dispatched) == (2, 2)
    assert job.outcomes[2].image
    assert job.outcomes[2].image.key.endswith("-2-2.png")


@pytest.mark.parametrize(
    ("indices", "problem"), [([1], NotRetryable), ([2, 1], NotRetryable), ([7], InvalidInput)]
)
def test_only_what_failed_can_be_retried(
    at: Studio, indices: list[int], problem: type[AppError]
) -> None:
    ended = at.work(at.submit())
    with pytest.raises(problem):
        at.service.retry(ended.id, indices, HERE)
    assert (shown(at.current(ended)), len(at.admitted)) == (shown(ended), 1)


def test_what_is_still_running_cannot_be_retried(at: Studio) -> None:
    with pytest.raises(NotRetryable):
        at.service.retry(at.submit().id, [1], HERE)


def test_of_two_tabs_one_retries(at: Studio, cloud: Cloud) -> None:
    ended = at.work(at.submit())
    tabs: list[Job] = []

    def other_tab() -> None:
        tabs.append(at.service.retry(ended.id, [2], HERE))

    with cloud.just_before("dynamodb.UpdateItem", other_tab), pytest.raises(NotRetryable):
        at.service.retry(ended.id, [2], HERE)
    assert tabs[0].attempt(2) == at.current(ended).attempt(2) == 2


def test_the_tab_that_came_second_keeps_its_hands_off_the_firsts_money(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(raises(TimeoutError()))}, spend_limit=10_000_000)
    ended = at.work(at.submit())
    losers: list[Callable[[], Job]] = [lambda: at.service.retry(ended.id, [1], HERE)]

    def first_tab() -> None:
        if losers:
            losers.pop()()

    with cloud.just_before("dynamodb.UpdateItem", first_tab), pytest.raises(NotRetryable):
        at.service.retry(ended.id, [1], HERE)
    at.work(ended)
    budget = at.services.ground.spending.today()
    assert budget
    assert budget.limit - budget.left == pytest.approx(2 * 0.04)


def test_money_for_attempts_that_another_tab_prevented_is_given_back(cloud: Cloud) -> None:
    failing = raises(TimeoutError())
    at = Studio(cloud, {1: Painter(failing), 2: Painter(failing)}, spend_limit=10_000_000)
    ended = at.work(at.submit())

    def first_tab() -> None:
        at.service.retry(ended.id, [1], HERE)

    with cloud.just_before("dynamodb.UpdateItem", first_tab), pytest.raises(NotRetryable):
        at.service.retry(ended.id, [1, 2], HERE)
    budget = at.services.ground.spending.today()
    assert budget
    assert budget.limit - budget.left == pytest.approx(3 * 0.04)


@pytest.mark.parametrize("spend_limit", [None, 10_000_000])
def test_a_model_that_is_not_configured_any_more_ends_typed_and_free(
    cloud: Cloud, spend_limit: int | None
) -> None:
    painters = {1: Painter(draws), 2: Painter(raises(REFUSAL))}
    ended = (before := Studio(cloud, painters, spend_limit=spend_limit)).work(before.submit())
    after = Studio(cloud, {1: Painter(draws)}, spend_limit=spend_limit)
    job = after.work(after.service.retry(ended.id, [2], HERE))
    failure, cost = job.outcomes[2].failure, job.outcomes[2].cost
    assert failure
    assert (failure.code, cost) == ("INTERRUPTED", Cost(0.0, "exact"))
    assert failure.sentence == "This model's settings have changed. Start a new run."
    spent = after.services.ground.spending.today()
    assert spent is None or spent.limit - spent.left == pytest.approx(0.04)


def test_a_retry_whose_answer_was_lost_happens_once(at: Studio, cloud: Cloud) -> None:
    ended = at.work(at.submit())
    with cloud.losing_answers("dynamodb.UpdateItem", times=3):
        assert at.service.retry(ended.id, [2], HERE).attempt(2) == 2


def void(_: object) -> None:
    """For acts whose answer nobody needs."""
