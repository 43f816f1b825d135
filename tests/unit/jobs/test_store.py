"""The job item under races, repeated writes and faults."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.errors import TooManySubscribers
from chalicelib.jobs.model import SETTLE_GRACE_MS, Job, LeaseRequest, SlotResult
from chalicelib.jobs.store import (
    MAX_SUBSCRIBERS,
    JobStore,
    Superseded,
    UnknownJob,
)
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples
from tests.unit.jobs.samples import JOB_ID, MINUTE, NOW

LATER = NOW + 1000
WRITE = "dynamodb.UpdateItem"
REQUESTS = [LeaseRequest(1, samples.lease()), LeaseRequest(2, samples.lease())]


@pytest.fixture
def store(cloud: Cloud) -> JobStore:
    return JobStore(cloud.dynamodb, TABLE)


@pytest.fixture
def job(store: JobStore) -> Job:
    return store.create(samples.job())


def drawn(index: int = 1, holder: str | None = "w1") -> SlotResult:
    return SlotResult(index, holder, samples.picture(index))


def refused(index: int = 1, holder: str | None = "w1") -> SlotResult:
    return SlotResult(index, holder, samples.failure())


def test_a_job_is_read_as_it_was_written(store: JobStore, job: Job) -> None:
    assert store.get(job.id, NOW) == samples.job()


def test_an_id_is_taken_once(store: JobStore, job: Job) -> None:
    rival = replace(samples.job(), prompt="a windmill")
    assert store.create(rival) == job


@pytest.mark.parametrize("job_id", ["", "x", JOB_ID + "0", "JOB", "é" * 36])
def test_what_is_no_id_is_unknown(store: JobStore, job_id: str) -> None:
    with pytest.raises(UnknownJob):
        store.get(job_id, NOW)
    with pytest.raises(UnknownJob):
        store.subscribe(job_id, "c1", NOW)


def test_an_expired_job_is_gone_before_dynamodb_deletes_it(store: JobStore, job: Job) -> None:
    expiry = job.expires_at // 1000 * 1000
    assert store.get(job.id, expiry - 1).id == job.id
    with pytest.raises(UnknownJob):
        store.get(job.id, expiry)
    with pytest.raises(UnknownJob):
        store.subscribe(job.id, "c1", expiry)


def test_one_worker_claims_all_slots(store: JobStore, job: Job) -> None:
    claimed = store.lease(job.id, REQUESTS, LATER)
    assert claimed.leases == {1: samples.lease(), 2: samples.lease()}
    assert claimed.seq == 2


def test_a_second_worker_claims_nothing(store: JobStore, job: Job) -> None:
    first = store.lease(job.id, REQUESTS[:1], LATER)
    with pytest.raises(Superseded) as stopped:
        store.lease(
            job.id,
            [LeaseRequest(1, samples.lease("w2")), LeaseRequest(2, samples.lease("w2"))],
            LATER,
        )
    assert stopped.value.job == first
    assert store.get(job.id, NOW) == first


def test_a_slot_that_ended_cannot_be_claimed(store: JobStore, job: Job) -> None:
    store.record(job.id, [drawn(holder=None)], LATER)
    with pytest.raises(Superseded):
        store.lease(job.id, REQUESTS, LATER)


def test_a_ticket_passes_to_the_worker_that_resumes_it(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS[:1], LATER)
    store.keep_ticket(job.id, 1, "w1", "ticket-9")
    heir = replace(samples.lease("w2", "ticket-9"), resumed=True)
    taken = store.lease(job.id, [LeaseRequest(1, heir, takes_over="w1")], LATER)
    assert taken.leases[1] == heir
    with pytest.raises(Superseded):
        store.record(job.id, [drawn(holder="w1")], LATER)


def test_two_heirs_of_one_ticket_are_one(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS[:1], LATER)
    store.lease(job.id, [LeaseRequest(1, samples.lease("w2"), takes_over="w1")], LATER)
    with pytest.raises(Superseded):
        store.lease(job.id, [LeaseRequest(1, samples.lease("w3"), takes_over="w1")], LATER)


def test_a_ticket_is_kept_without_a_visible_change(store: JobStore, job: Job) -> None:
    before = store.lease(job.id, REQUESTS, LATER)
    store.keep_ticket(job.id, 2, "w1", "ticket-9")
    after = store.get(job.id, NOW)
    assert after.leases[2].ticket == "ticket-9"
    assert after.seq == before.seq


def test_only_the_owner_keeps_a_ticket(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS, LATER)
    with pytest.raises(Superseded):
        store.keep_ticket(job.id, 1, "w2", "ticket-9")
    with pytest.raises(UnknownJob):
        store.keep_ticket(JOB_ID.replace("7", "8"), 1, "w1", "ticket-9")


def test_a_result_never_changes(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS, LATER)
    first = store.record(job.id, [drawn()], LATER)
    with pytest.raises(Superseded) as stopped:
        store.record(job.id, [refused()], LATER)
    assert stopped.value.job == first
    assert store.get(job.id, NOW).outcomes == {1: samples.picture(1)}


def test_a_stranger_cannot_end_a_slot(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS, LATER)
    for holder in ("w2", None):
        with pytest.raises(Superseded):
            store.record(job.id, [drawn(holder=holder)], LATER)
    assert store.get(job.id, NOW).outcomes == {}


def test_slots_end_all_or_none(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS[:1], LATER)
    with pytest.raises(Superseded):
        store.record(job.id, [refused(1), refused(2)], LATER, cancelled=True)
    standing = store.get(job.id, NOW)
    assert (standing.outcomes, standing.cancelled_at) == ({}, None)


def test_cancelling_ends_claimed_and_waiting_slots_at_once(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS[:1], LATER)
    ends = [SlotResult(1, "w1", samples.cancelled()), SlotResult(2, None, samples.cancelled())]
    ended = store.record(job.id, ends, LATER, cancelled=True)
    assert (ended.status, ended.cancelled_at) == ("cancelled", LATER)


def failed_once(store: JobStore, job: Job) -> Job:
    store.lease(job.id, REQUESTS, LATER)
    return store.record(job.id, [refused(1), drawn(2)], LATER, cancelled=True)


def test_a_retry_gives_a_new_attempt_and_leaves_the_others(store: JobStore, job: Job) -> None:
    ended = failed_once(store, job)
    store.close(ended)
    opened = store.reopen(ended, [1], "retry-1", LATER, LATER + MINUTE)
    assert (opened.attempt(1), opened.attempt(2)) == (2, 1)
    assert (opened.slot_status(1), opened.slot_status(2)) == ("pending", "completed")
    assert (opened.cancelled_at, opened.deadline) == (None, LATER + MINUTE)
    assert store.due(LATER) == [job.id]


def test_two_retries_of_one_attempt_are_one(store: JobStore, job: Job) -> None:
    ended = failed_once(store, job)
    store.reopen(ended, [1], "retry-1", LATER, LATER + MINUTE)
    with pytest.raises(Superseded):
        store.reopen(ended, [1], "retry-2", LATER, LATER + MINUTE)


def test_a_late_result_of_an_earlier_attempt_is_refused(store: JobStore, job: Job) -> None:
    store.reopen(failed_once(store, job), [1], "retry-1", LATER, LATER + MINUTE)
    with pytest.raises(Superseded):
        store.record(job.id, [drawn(1)], LATER)
    store.lease(job.id, [LeaseRequest(1, samples.lease("w2"))], LATER)
    with pytest.raises(Superseded):
        store.record(job.id, [drawn(1)], LATER)


def test_closing_loses_against_a_retry(store: JobStore, job: Job) -> None:
    ended = failed_once(store, job)
    store.reopen(ended, [1], "retry-1", LATER, LATER + MINUTE)
    store.close(ended)
    store.postpone(ended, LATER + MINUTE)
    assert store.due(LATER) == [job.id]


def test_a_closed_job_is_never_due(store: JobStore, job: Job) -> None:
    store.close(failed_once(store, job))
    assert store.due(LATER + 10 * MINUTE) == []


def test_jobs_are_due_at_their_time_and_in_order(store: JobStore) -> None:
    early, late = (
        samples.job(job_id=JOB_ID[:-1] + end, now=NOW + n) for n, end in ((1, "a"), (0, "b"))
    )
    for made in (early, late):
        store.create(made)
    wake = late.next_look(late.created_at)
    assert store.due(wake - 1) == []
    assert store.due(wake) == [late.id]
    assert store.due(wake + MINUTE) == [late.id, early.id]
    assert store.due(wake + MINUTE, limit=1) == [late.id]


def test_a_claim_wakes_the_reaper_after_its_deadline(store: JobStore, job: Job) -> None:
    store.lease(job.id, REQUESTS, LATER)
    wake = samples.lease().deadline + SETTLE_GRACE_MS
    assert store.due(wake - 1) == []
    assert store.due(wake) == [job.id]


def test_postponing_moves_the_wake(store: JobStore, job: Job) -> None:
    store.postpone(job, NOW + 10 * MINUTE)
    assert store.due(NOW + 10 * MINUTE - 1) == []
    assert store.due(NOW + 10 * MINUTE) == [job.id]


def test_subscribing_returns_the_job_with_its_new_listener(store: JobStore, job: Job) -> None:
    seen = store.subscribe(job.id, "c1", NOW)
    assert seen == replace(job, subscribers=frozenset({"c1"}))


def test_a_job_has_five_hundred_listeners_and_no_more(store: JobStore, job: Job) -> None:
    for number in range(MAX_SUBSCRIBERS):
        seen = store.subscribe(job.id, f"c{number}", NOW)
    assert len(seen.subscribers) == 500
    with pytest.raises(TooManySubscribers):
        store.subscribe(job.id, "one more", NOW)
    assert store.subscribe(job.id, "c7", NOW).subscribers == seen.subscribers
    store.unsubscribe(job.id, ["c7"])
    assert "one more" in store.subscribe(job.id, "one more", NOW).subscribers


def test_forgetting_strangers_is_no_matter(store: JobStore, job: Job) -> None:
    store.unsubscribe(job.id, ["nobody"])
    store.unsubscribe(JOB_ID.replace("7", "8"), ["nobody"])
    with pytest.raises(UnknownJob):
        store.get(JOB_ID.replace("7", "8"), NOW)


def running(store: JobStore, job: Job) -> Job:
    """Slot 1 claimed, slot 2 waiting, one listener."""
    store.subscribe(job.id, "c0", NOW)
    return store.lease(job.id, REQUESTS[:1], LATER)


Act = Callable[[JobStore, Job], object]
TWICE: dict[str, tuple[Act, Callable[[JobStore, Job], Job]]] = {
    "claim": (lambda s, j: s.lease(j.id, [LeaseRequest(2, samples.lease("w2"))], LATER), running),
    "resume": (
        lambda s, j: s.lease(j.id, [LeaseRequest(1, samples.lease("w2"), "w1")], LATER),
        running,
    ),
    "ticket": (lambda s, j: s.keep_ticket(j.id, 1, "w1", "ticket-9"), running),
    "settle": (lambda s, j: s.record(j.id, [refused()], LATER), running),
    "postpone": (lambda s, j: s.postpone(j, NOW + MINUTE), running),
    "subscribe": (lambda s, j: s.subscribe(j.id, "c1", NOW), running),
    "unsubscribe": (lambda s, j: s.unsubscribe(j.id, ["c0"]), running),
    "reopen": (lambda s, j: s.reopen(j, [1], "retry", LATER, LATER + MINUTE), failed_once),
    "close": (lambda s, j: s.close(j), failed_once),
}


@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize("times", [1, 3])
def test_a_write_whose_answer_was_lost_counts_once(cloud: Cloud, name: str, times: int) -> None:
    store, (write, prepare) = JobStore(cloud.dynamodb, TABLE), TWICE[name]
    twins = [store.create(samples.job(job_id=JOB_ID[:-1] + end)) for end in "ab"]
    plain, repeated = (prepare(store, twin) for twin in twins)
    expected = write(store, plain)
    with cloud.losing_answers(WRITE, times) as lost:
        answer = write(store, repeated)
    assert len(lost) == times
    assert shape(answer) == shape(expected)
    assert shape(store.get(repeated.id, NOW)) == shape(store.get(plain.id, NOW))


def shape(answer: object) -> object:
    """A job without its id, so that twins can be compared."""
    return replace(answer, id="") if isinstance(answer, Job) else answer


def test_a_job_whose_creation_was_not_answered_is_its_own(cloud: Cloud) -> None:
    with cloud.losing_answers("dynamodb.PutItem"):
        assert JobStore(cloud.dynamodb, TABLE).create(samples.job()) == samples.job()
