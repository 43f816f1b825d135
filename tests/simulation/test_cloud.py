"""The simulated table does what moto's does, whatever the store asks of it."""

import random
from collections.abc import Callable

import pytest

from chalicelib.jobs.model import Job, LeaseRequest, SlotResult
from chalicelib.jobs.store import JobStore, Superseded, UnknownJob
from chalicelib.verdicts.model import Ballot, Verdict
from chalicelib.verdicts.store import BallotStore
from tests.simulation.cloud import DynamoDB
from tests.simulation.expressions import InvalidExpression, update
from tests.unit.cloud import TABLE, cloud
from tests.unit.jobs import samples
from tests.unit.jobs.samples import JOB_ID, MINUTE, NOW

IDS = [JOB_ID, JOB_ID[:-1] + "8"]
HOLDERS = [None, "w1", "w2"]
Step = Callable[[JobStore], object]


def steps(dice: random.Random, seen: Job) -> Step:
    """Some call of the store that somebody could make who last saw the job like this."""
    job_id, now = dice.choice(IDS), NOW + dice.randrange(20 * MINUTE)
    index, holder, ticket = dice.choice((1, 2)), dice.choice(("w1", "w2")), dice.choice((None, "t"))
    request = LeaseRequest(index, samples.lease(holder, ticket), dice.choice(HOLDERS))
    outcome = dice.choice((samples.picture(index), samples.failure(), samples.cancelled()))
    ends = [SlotResult(index, dice.choice(HOLDERS), outcome)]
    ended = [i for i in (1, 2) if i in seen.outcomes]
    later = now + MINUTE
    verdict = dice.choice((None, Verdict("1"), Verdict(None, tags=("a",))))
    stars = dice.choice((frozenset[str](), frozenset({"1"}), frozenset({"1", "2"})))
    return dice.choice(
        (
            lambda s: s.create(samples.job(job_id=job_id)),
            lambda s: s.get(job_id, now),
            lambda s: s.lease(job_id, [request], now),
            lambda s: s.keep_ticket(job_id, index, holder, "t"),
            lambda s: s.record(job_id, ends, now, cancelled=holder == "w1"),
            lambda s: s.record(job_id, ends, now),
            lambda s: s.reopen(seen, ended, holder, now, later),
            lambda s: s.close(seen),
            lambda s: s.judge(seen, verdict, stars, now),
            lambda s: s.postpone(seen, later),
            lambda s: s.subscribe(job_id, holder, now),
            lambda s: s.unsubscribe(job_id, ["w1", "w2"]),
            lambda s: s.due(now),
        )
    )


def answer(step: Step, store: JobStore) -> object:
    try:
        return step(store)
    except (Superseded, UnknownJob) as refusal:
        return type(refusal), getattr(refusal, "job", None)


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_calls_are_answered_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    with cloud(monkeypatch) as real:
        true, simulated = JobStore(real.dynamodb, TABLE), JobStore(DynamoDB(), TABLE)  # type: ignore[arg-type]
        seen = samples.job()
        for number in range(250):
            step = steps(dice, seen)
            expected = answer(step, true)
            assert answer(step, simulated) == expected, f"call {number}"
            if isinstance(expected, Job) and dice.random() < 0.7:
                seen = expected


def test_ballots_of_some_days_are_found_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    with cloud(monkeypatch) as real:
        true, simulated = BallotStore(real.dynamodb, TABLE), BallotStore(DynamoDB(), TABLE)  # type: ignore[arg-type]
        for store in (true, simulated):
            for minute in range(5):
                made = NOW + minute * MINUTE
                store.put(
                    Ballot(f"j{minute}", "ann", made, made + 60 * MINUTE, 1, Verdict("1"), ())
                )
        wanted = (["ann"], NOW + MINUTE, NOW + 3 * MINUTE, NOW)
        assert [ballot.job_id for ballot in true.given(*wanted)] == ["j1", "j2"]
        assert simulated.given(*wanted) == true.given(*wanted)


def test_a_path_through_nothing_is_refused_as_dynamodb_refuses_it() -> None:
    with pytest.raises(InvalidExpression):
        update("SET claims.#a.ticket = :t", (("#a", "1"),))(
            {"claims": {"M": {}}}, {":t": {"S": ""}}
        )
