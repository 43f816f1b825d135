"""Ballots: the newest stands, each owner's by themselves, none after its run is gone."""

from dataclasses import replace

import pytest

from chalicelib.verdicts.model import Ballot, Contender, Entry, Verdict
from chalicelib.verdicts.store import BallotStore
from tests.unit.cloud import TABLE, Cloud

NOW = 1_795_000_000_000
DAY_MS = 86_400_000
MODEL = Contender("openai", "model-1", simulated=True)
ENTRIES = (Entry("1", MODEL, "Model 1", "picture", 2000, 0.04), Entry("2", MODEL, "é", "failed"))


@pytest.fixture
def store(cloud: Cloud) -> BallotStore:
    return BallotStore(cloud.dynamodb, TABLE)


def ballot(number: int = 1, owner: str = "", created_at_ms: int = NOW) -> Ballot:
    job_id = f"{number:08x}-0000-0000-0000-000000000000"
    verdict = Verdict("1", (("1",), ("2",)), ("portrait",))
    return Ballot(job_id, owner, created_at_ms, NOW + DAY_MS, 3, verdict, ENTRIES)


def given(store: BallotStore, *owners: str, now: int = NOW) -> list[Ballot]:
    return store.given(owners or ("",), 0, NOW + DAY_MS, now)


def test_a_ballot_is_read_as_it_was_put(store: BallotStore) -> None:
    for _ in range(2):
        store.put(ballot())
    assert given(store) == [ballot()]


def test_an_older_one_changes_nothing(store: BallotStore) -> None:
    store.put(ballot())
    store.put(replace(ballot(), seq=2, verdict=Verdict(None)))
    assert given(store) == [ballot()]
    newer = replace(ballot(), seq=4, verdict=Verdict(None))
    store.put(newer)
    assert given(store) == [newer]


def test_one_that_was_taken_back_does_not_come_back(store: BallotStore) -> None:
    store.put(replace(ballot(), seq=4, verdict=None))
    store.put(ballot())
    assert given(store) == []


def test_a_hidden_one_does_not_come_back(store: BallotStore, cloud: Cloud) -> None:
    store.put(ballot())
    store.hide("", NOW, ballot().job_id)
    store.put(replace(ballot(), seq=99))
    assert given(store) == []
    store.remove("", NOW, ballot().job_id)
    assert cloud.dynamodb.scan(TableName=TABLE)["Items"] == []


def test_each_owner_has_their_own(store: BallotStore) -> None:
    for number, owner in enumerate(("", "ann", "ben"), start=1):
        store.put(ballot(number, owner))
    assert given(store) == [ballot(1)]
    assert given(store, "ann") == [ballot(2, "ann")]
    assert given(store, "ann", "") == [ballot(1), ballot(2, "ann")]


def test_an_expired_one_is_gone_before_dynamodb_deletes_it(store: BallotStore) -> None:
    store.put(ballot())
    assert given(store, now=NOW + DAY_MS - 1) == [ballot()]
    assert given(store, now=NOW + DAY_MS) == []


def test_those_of_the_days_that_are_asked_for_are_read_oldest_first(store: BallotStore) -> None:
    made = [ballot(n, created_at_ms=NOW + n) for n in range(5)]
    for each in reversed(made):
        store.put(each)
    assert store.given(("",), NOW + 1, NOW + 4, NOW) == made[1:4]


def test_of_more_than_can_be_counted_the_newest_are(
    store: BallotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.verdicts.store.MOST", 3)
    made = [ballot(n, created_at_ms=NOW + n) for n in range(5)]
    for each in made:
        store.put(each)
    assert given(store) == made[2:]
