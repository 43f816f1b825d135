"""Verdicts and stars: once whatever is repeated, on the job as it is, told to who listens."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.callers import NOBODY, Caller
from chalicelib.errors import InvalidInput, NotFound, WrongState
from chalicelib.images.addresses import PictureAddresses
from chalicelib.jobs.judging import Judging
from chalicelib.jobs.model import Job, SlotResult
from chalicelib.jobs.store import UnknownJob
from chalicelib.jobs.view import job_view
from chalicelib.providers.errors import Refused
from chalicelib.verdicts.model import Ballot, Verdict
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples
from tests.unit.jobs.studio import Painter, Studio, draws, raises

WRITE = "dynamodb.UpdateItem"
BEST = Verdict("1", (("1",), ("2",)), ("portrait",))


@pytest.fixture
def at(cloud: Cloud) -> Studio:
    """Two models that draw and one that refuses."""
    return Studio(cloud, {1: Painter(draws), 2: Painter(draws), 3: Painter(raises(Refused("No.")))})


def judging(at: Studio) -> Judging:
    return at.jobs.judging


def ended(at: Studio) -> Job:
    """A job that nobody looks after any more."""
    job = at.preview(at.work(at.submit()))
    assert not job.is_open
    return job


def shown(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(job_view(job, PictureAddresses().of).to_json())
    return found


def test_a_verdict_is_shown_replaced_and_taken_back(at: Studio) -> None:
    job = ended(at)
    assert "verdict" not in shown(job)
    judged = judging(at).judge(job.id, BEST, NOBODY)
    assert shown(judged)["verdict"] == {
        "winner": "1",
        "ranking": ["1", "2"],
        "tags": ["portrait"],
    }
    again = judging(at).judge(job.id, Verdict(None, (("1", "2"),)), NOBODY)
    assert shown(again)["verdict"] == {"winner": None, "ranking": [["1", "2"]], "tags": []}
    bare = judging(at).take_back(job.id, NOBODY)
    assert "verdict" not in shown(bare)
    assert [judged.seq, again.seq, bare.seq] == [job.seq + 1, job.seq + 2, job.seq + 3]
    assert at.current(job) == at.store.get(job.id, at.clock())
    assert at.current(job).verdict is None


def test_stars_come_and_go_one_by_one(at: Studio) -> None:
    job = ended(at)
    judging(at).star(job.id, "1", NOBODY)
    both = judging(at).star(job.id, "2", NOBODY)
    assert [r.get("starred") for r in shown(both)["results"]] == [True, True, None]
    one = judging(at).unstar(job.id, "1", NOBODY)
    assert [r.get("starred") for r in shown(one)["results"]] == [False, True, None]
    assert judging(at).unstar(job.id, "2", NOBODY).stars == frozenset()
    assert at.current(job).stars == frozenset()


def test_saying_it_again_changes_nothing(at: Studio) -> None:
    job_id, seq = (job := ended(at)).id, job.seq
    says: list[Callable[[], Job]] = [
        lambda: judging(at).judge(job_id, BEST, NOBODY),
        lambda: judging(at).star(job_id, "1", NOBODY),
        lambda: judging(at).unstar(job_id, "1", NOBODY),
        lambda: judging(at).take_back(job_id, NOBODY),
    ]
    for say in says:
        assert (say().seq, say().seq) == (seq + 1, seq + 1)
        seq = at.current(job).seq


def test_whoever_listens_hears_of_it(at: Studio) -> None:
    job = ended(at)
    at.store.subscribe(job.id, "c1", at.clock())
    judged = judging(at).judge(job.id, BEST, NOBODY)
    connection, message = at.sockets.posts[-1]
    assert (connection, json.loads(message)["job"]) == ("c1", shown(judged))


def test_a_job_that_has_not_ended_has_no_verdict(at: Studio) -> None:
    job = at.submit()
    with pytest.raises(WrongState):
        judging(at).judge(job.id, Verdict(None), NOBODY)
    assert judging(at).take_back(job.id, NOBODY).seq == job.seq


@pytest.mark.parametrize(
    ("verdict", "details"),
    [
        (Verdict("7"), [("winner", "7 is not a result of this run")]),
        (Verdict("1.1"), [("winner", "1.1 is not a result of this run")]),
        (Verdict("3"), [("winner", "3 has no picture")]),
        (
            Verdict("1", (("1",), ("3", "9"))),
            [("ranking.1", "3 has no picture"), ("ranking.1", "9 is not a result of this run")],
        ),
    ],
)
def test_only_pictures_of_the_job_are_judged(
    at: Studio, verdict: Verdict, details: list[tuple[str, str]]
) -> None:
    job = ended(at)
    with pytest.raises(InvalidInput) as refused:
        judging(at).judge(job.id, verdict, NOBODY)
    assert [(d.field, d.problem) for d in refused.value.details] == details
    assert at.current(job) == job


def test_only_a_picture_can_have_a_star(at: Studio) -> None:
    job = ended(at)
    with pytest.raises(WrongState):
        judging(at).star(job.id, "3", NOBODY)
    for act in (judging(at).star, judging(at).unstar):
        for unknown in ("0", "7", "1.1", "x"):
            with pytest.raises(NotFound):
                act(job.id, unknown, NOBODY)


def test_a_picture_can_have_a_star_before_the_others_are_there(at: Studio) -> None:
    job = at.submit()
    at.store.record(job.id, [SlotResult(1, None, samples.picture())], at.clock())
    judging(at).star(job.id, "1", NOBODY)
    assert at.service.cancel(job.id).stars == at.current(job).stars == {"1"}


@pytest.mark.parametrize("other", [Caller(user_id="ben"), Caller(user_id="ada", inherits=False)])
def test_nobody_judges_what_is_somebody_elses(at: Studio, other: Caller) -> None:
    job = ended(at)
    acts: list[Callable[[], object]] = [
        lambda: judging(at).judge(job.id, BEST, other),
        lambda: judging(at).take_back(job.id, other),
        lambda: judging(at).star(job.id, "1", other),
        lambda: judging(at).unstar(job.id, "1", other),
    ]
    for act in acts:
        with pytest.raises(UnknownJob):
            act()
    assert at.current(job) == job


def test_a_verdict_whose_answer_was_lost_is_given_once(at: Studio, cloud: Cloud) -> None:
    job = ended(at)
    with cloud.losing_answers(WRITE) as lost:
        judged = judging(at).judge(job.id, BEST, NOBODY)
    assert lost
    assert (judged.verdict, judged.seq) == (BEST, job.seq + 1)


def test_two_who_star_at_the_same_moment_both_do(at: Studio, cloud: Cloud) -> None:
    job = ended(at)
    with cloud.just_before(WRITE, lambda: (judging(at).star(job.id, "2", NOBODY), None)[1]):
        judging(at).star(job.id, "1", NOBODY)
    assert at.current(job).stars == {"1", "2"}


def test_a_retry_that_comes_first_leaves_no_room_for_a_verdict(at: Studio, cloud: Cloud) -> None:
    job = ended(at)
    with (
        cloud.just_before(WRITE, lambda: (at.service.retry(job.id, [3], NOBODY), None)[1]),
        pytest.raises(WrongState),
    ):
        judging(at).judge(job.id, BEST, NOBODY)
    assert at.current(job).verdict is None


def test_a_verdict_outlives_a_retry(at: Studio) -> None:
    job = judging(at).judge(ended(at).id, BEST, NOBODY)
    at.service.retry(job.id, [3], NOBODY)
    assert at.preview(at.work(job)).verdict == BEST


def test_a_judged_job_is_closed_again(at: Studio, cloud: Cloud) -> None:
    job = ended(at)
    judging(at).judge(job.id, BEST, NOBODY)
    assert not at.current(job).is_open
    judging(at).star(job.id, "1", NOBODY)
    assert not at.current(job).is_open


def test_the_gallery_says_what_stands(at: Studio) -> None:
    def listed() -> tuple[str, bool, Verdict | None]:
        (entry,) = at.gallery.page(10, None, at.clock()).entries
        return entry.status, entry.starred, entry.verdict

    job = ended(at)
    assert listed() == ("partial", False, None)
    judging(at).star(job.id, "2", NOBODY)
    judging(at).judge(job.id, BEST, NOBODY)
    assert listed() == ("partial", True, BEST)
    judging(at).unstar(job.id, "2", NOBODY)
    judging(at).take_back(job.id, NOBODY)
    assert listed() == ("partial", False, None)


def counted(at: Studio) -> list[Ballot]:
    return at.services.ground.ballots.given(("",), 0, 10**14, at.clock())


def test_the_leaderboard_counts_what_stands(at: Studio) -> None:
    job = ended(at)
    assert counted(at) == []
    judging(at).judge(job.id, BEST, NOBODY)
    (ballot,) = counted(at)
    assert (ballot.job_id, ballot.verdict) == (job.id, BEST)
    ends = [(e.result_id, e.name, e.end, e.usd) for e in ballot.entries]
    assert ends == [
        ("1", "Model 1", "picture", 0.04),
        ("2", "Model 2", "picture", 0.04),
        ("3", "Model 3", "refused", None),
    ]
    judging(at).judge(job.id, Verdict("2"), NOBODY)
    assert [b.verdict for b in counted(at)] == [Verdict("2")]
    judging(at).take_back(job.id, NOBODY)
    assert counted(at) == []


def test_a_retry_is_counted_when_it_has_ended(at: Studio) -> None:
    job = judging(at).judge(ended(at).id, BEST, NOBODY)
    at.painters[3].draw = draws
    at.service.retry(job.id, [3], NOBODY)
    at.preview(at.work(job))
    (ballot,) = counted(at)
    assert [entry.end for entry in ballot.entries] == ["picture"] * 3


def test_a_deleted_jobs_verdict_counts_no_more(at: Studio, cloud: Cloud) -> None:
    job = ended(at)
    judging(at).judge(job.id, BEST, NOBODY)
    late = at.current(job)
    at.jobs.deletion.delete(job.id, NOBODY)
    assert counted(at) == []
    at.lifecycle.list_and_settle(late)
    assert counted(at) == []
    for _ in range(5):
        at.reap(1)
    assert [i for i in cloud.dynamodb.scan(TableName=TABLE)["Items"] if job.id in str(i)] == []


def test_a_stars_job_without_a_verdict_has_no_ballot(at: Studio, cloud: Cloud) -> None:
    judging(at).star(ended(at).id, "1", NOBODY)
    kept = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    assert [i for i in kept if i["pk"]["S"].startswith("BALLOTS#")] == []


def test_what_broke_off_after_a_verdict_is_done_by_the_reaper(at: Studio, cloud: Cloud) -> None:
    job = ended(at)
    with cloud.failing("dynamodb.PutItem", times=100):
        judging(at).judge(job.id, BEST, NOBODY)
    assert at.current(job).is_open
    assert counted(at) == []
    assert at.reap(minutes=2) == 1
    assert [b.verdict for b in counted(at)] == [BEST]
    assert not at.current(job).is_open
