"""Blind runs: until the verdict nothing tells which result is whose; then everything does."""

import json
from collections import Counter
from dataclasses import replace
from itertools import permutations
from random import Random
from typing import Any

import pytest

from chalicelib.callers import NOBODY, Caller
from chalicelib.errors import InvalidInput, NotFound, WrongState
from chalicelib.images.addresses import PictureAddresses
from chalicelib.jobs.blind import Blind, shuffled
from chalicelib.jobs.gallery_entry import entry_of
from chalicelib.jobs.model import Job, SlotResult
from chalicelib.jobs.slots import slots_named, slots_to_retry
from chalicelib.jobs.view import job_view
from chalicelib.providers.errors import Refused
from chalicelib.verdicts.model import Verdict
from tests.unit.cloud import Cloud
from tests.unit.jobs import samples
from tests.unit.jobs.studio import WISH, Painter, Studio, draws, raises

TOLD = {
    *("resultId", "status", "attempt", "imageKey", "imageUrl", "previewUrl", "thumbUrl"),
    *("contentType", "width", "height", "starred", "error"),
}
ORDERS = 24_000
CHI_SQUARE_23 = 49.7
"""What 23 degrees of freedom exceed once in a thousand times."""


@pytest.fixture
def at(cloud: Cloud) -> Studio:
    """Three models that draw and one that refuses."""
    refuses = Painter(raises(Refused("Model 4 of openai says no.")))
    return Studio(cloud, {**{i: Painter(draws) for i in (1, 2, 3)}, 4: refuses})


def submit(at: Studio) -> Job:
    return at.service.submit(replace(WISH, blind=True), Caller("203.0.113.9"), None)


def ended(at: Studio) -> Job:
    return at.preview(at.work(submit(at)))


def shown(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(job_view(job, PictureAddresses().of).to_json())
    return found


def letter_of(job: Job, result_id: str) -> str:
    assert job.blind
    return job.blind.letter(result_id)


def test_every_order_is_as_likely_as_any_other() -> None:
    rng = Random(17).random
    seen = Counter(shuffled("1234", rng) for _ in range(ORDERS))
    expected = ORDERS / 24
    fit = sum((seen[order] - expected) ** 2 / expected for order in permutations("1234"))
    assert fit < CHI_SQUARE_23


def test_the_names_of_pictures_tell_nothing_and_none_comes_twice() -> None:
    blind = Blind(("3", "1"), "a secret")
    names = [blind.picture_name(each, attempt) for each in "13" for attempt in (1, 2)]
    assert len({*names, Blind(("3", "1"), "another").picture_name("1", 1)}) == 5
    assert all(len(name) == 32 and int(name, 16) for name in names)


def test_nothing_of_single_results_is_told_while_one_has_no_end(at: Studio) -> None:
    job = submit(at)
    at.store.subscribe(job.id, "c1", at.clock())
    first = shown(job)
    assert (first["status"], first["seq"], first["blind"]) == ("pending", 1, True)
    assert first["results"] == [
        {"resultId": letter, "status": "pending", "attempt": 1} for letter in "ABCD"
    ]
    assert "models" not in first["parameters"]
    states = []
    for index, outcome in ((2, samples.picture()), (4, samples.failure()), (3, samples.picture())):
        job = at.store.record(job.id, [SlotResult(index, None, outcome)], at.clock())
        at.lifecycle.after_change(job)
        states.append(shown(job))
    assert states[0] == states[1] == states[2]
    assert (states[0]["status"], states[0]["seq"]) == ("in_progress", 2)
    assert (states[0]["completedModels"], states[0]["failedModels"]) == (0, 0)
    assert states[0]["updatedAt"] == states[0]["createdAt"]
    assert {result["status"] for result in states[0]["results"]} == {"in_progress"}
    assert len(at.sockets.posts) <= 1


def test_who_listens_hears_of_the_beginning_and_of_the_end_alone(at: Studio) -> None:
    job = submit(at)
    at.store.subscribe(job.id, "c1", at.clock())
    done = at.work(job)
    told = [json.loads(message)["job"] for _, message in at.sockets.posts]
    assert {state["seq"] for state in told} <= {2, done.seq}
    assert shown(done) in told


def test_pictures_are_shown_together_by_letters_and_by_nothing_else(at: Studio) -> None:
    job = at.work(submit(at))
    state = shown(job)
    assert (state["status"], state["completedModels"], state["failedModels"]) == ("partial", 3, 1)
    assert [result["resultId"] for result in state["results"]] == ["A", "B", "C", "D"]
    for result in state["results"]:
        assert result.keys() <= TOLD
    assert [r["resultId"] for r in state["results"] if "error" in r] == [letter_of(job, "4")]
    told = json.dumps(state)
    assert not [word for word in ("Model ", "model-", "openai", "0.04", "says no") if word in told]


def test_previews_are_shown_once_all_pictures_have_theirs(at: Studio) -> None:
    job = at.work(submit(at))
    some = at.store.record_previews(job, {1: "drawn", 2: "broken"}, at.clock())
    assert not [r for r in shown(some)["results"] if {"thumbUrl", "previewError"} & r.keys()]
    every = at.store.record_previews(some, {3: "drawn"}, at.clock())
    assert sum("thumbUrl" in result for result in shown(every)["results"]) == 2
    assert sum("previewError" in result for result in shown(every)["results"]) == 1


def test_the_gallery_lists_it_without_a_model(at: Studio) -> None:
    job = ended(at)
    (entry,) = at.gallery.page(10, None, at.clock()).entries
    assert (entry.images, entry.model, entry.models) == (3, None, ())
    first = next(r for r in shown(job)["results"] if "imageUrl" in r)
    assert entry.thumb_key == first["thumbUrl"].removeprefix("/")
    best = letter_of(job, "2")
    at.jobs.judging.judge(job.id, Verdict(best), NOBODY)
    (entry,) = at.gallery.page(10, None, at.clock()).entries
    assert entry.models == ("Model 1", "Model 2", "Model 3")
    assert entry.model == "Model 1"


def test_the_verdict_by_letters_reveals_everything_in_the_next_state(at: Studio) -> None:
    job = ended(at)
    at.store.subscribe(job.id, "c1", at.clock())
    second, first = letter_of(job, "1"), letter_of(job, "3")
    verdict = Verdict(first, ((first,), (second,)), ("portrait",))
    judged = at.jobs.judging.judge(job.id, verdict, NOBODY)
    state = shown(judged)
    assert (judged.seq, state["blind"]) == (job.seq + 1, True)
    assert state["verdict"] == {"winner": "3", "ranking": ["3", "1"], "tags": ["portrait"]}
    assert [r["resultId"] for r in state["results"]] == ["1", "2", "3", "4"]
    assert [r["letter"] for r in state["results"]] == [letter_of(job, i) for i in "1234"]
    assert [r["model"] for r in state["results"]] == [f"Model {i}" for i in (1, 2, 3, 4)]
    assert state["results"][3]["errorCode"] == "REFUSED"
    assert state["parameters"]["models"] == [1, 2, 3, 4]
    assert json.loads(at.sockets.posts[-1][1])["job"] == state
    assert at.jobs.judging.judge(job.id, verdict, NOBODY).seq == judged.seq
    assert judged.verdict
    assert judged.verdict.blind


def test_what_was_seen_stays_seen(at: Studio) -> None:
    job = ended(at)
    at.jobs.judging.judge(job.id, Verdict(None), NOBODY)
    bare = at.jobs.judging.take_back(job.id, NOBODY)
    assert shown(bare)["results"][0]["model"] == "Model 1"
    again = at.jobs.judging.judge(job.id, Verdict("1"), NOBODY)
    assert again.verdict == Verdict("1")


def test_until_the_verdict_there_are_letters_only(at: Studio) -> None:
    job = ended(at)
    for name in ("1", "E", "a", "AB"):
        with pytest.raises(InvalidInput):
            at.jobs.judging.judge(job.id, Verdict(name), NOBODY)
        with pytest.raises(NotFound):
            at.jobs.judging.star(job.id, name, NOBODY)
    with pytest.raises(InvalidInput) as refused:
        at.jobs.judging.judge(job.id, Verdict(letter_of(job, "4")), NOBODY)
    assert refused.value.details[0].problem == f"{letter_of(job, '4')} has no picture"
    starred = at.jobs.judging.star(job.id, letter_of(job, "2"), NOBODY)
    assert [r["resultId"] for r in shown(starred)["results"] if r.get("starred")] == [
        letter_of(job, "2")
    ]
    judged = at.jobs.judging.judge(job.id, Verdict(None), NOBODY)
    assert judged.stars == frozenset({"2"})


def test_a_letter_and_an_id_of_the_same_result_are_one(at: Studio) -> None:
    job = ended(at)
    at.jobs.judging.judge(job.id, Verdict(None), NOBODY)
    letter = letter_of(job, "2")
    with pytest.raises(InvalidInput):
        at.jobs.judging.judge(job.id, Verdict(letter, ((letter,), ("2",))), NOBODY)


def test_no_star_tells_who_has_ended(at: Studio) -> None:
    job = submit(at)
    at.store.record(job.id, [SlotResult(1, None, samples.picture())], at.clock())
    told = set()
    for letter in "ABCD":
        with pytest.raises(WrongState) as refused:
            at.jobs.judging.star(job.id, letter, NOBODY)
        told.add(refused.value.sentence)
    assert len(told) == 1


def test_single_results_are_neither_cancelled_nor_retried_before_the_verdict(at: Studio) -> None:
    job = submit(at)
    with pytest.raises(WrongState):
        at.service.cancel(job.id, [1])
    done = at.work(job)
    with pytest.raises(WrongState):
        at.service.retry(job.id, [4], NOBODY)
    assert at.current(job) == done
    at.jobs.judging.judge(job.id, Verdict(None), NOBODY)
    assert at.service.retry(job.id, [4], NOBODY).attempt(4) == 2


def test_all_of_it_can_be_cancelled(at: Studio) -> None:
    state = shown(at.service.cancel(submit(at).id))
    assert state["status"] == "cancelled"
    assert {(r["status"], *sorted(r)) for r in state["results"]} == {
        ("cancelled", "attempt", "resultId", "status")
    }


def test_a_request_that_is_not_blind_stands_for_what_it_always_did() -> None:
    assert WISH.payload_hash == replace(WISH, blind=False).payload_hash
    assert WISH.payload_hash != replace(WISH, blind=True).payload_hash


def test_a_job_that_is_not_blind_has_no_letters(at: Studio) -> None:
    job = at.work(at.submit())
    assert "blind" not in shown(job)
    assert not [r for r in shown(job)["results"] if "letter" in r]
    assert entry_of(job).models == ("Model 1", "Model 2", "Model 3")
    with pytest.raises(InvalidInput):
        at.jobs.judging.judge(job.id, Verdict("A"), NOBODY)


def test_each_of_several_pictures_of_a_model_has_a_letter(at: Studio) -> None:
    wish = replace(WISH, blind=True, models=(1, 4), variants=2)
    job = at.work(at.service.submit(wish, Caller("203.0.113.9"), None))
    assert sorted(job.blind.order if job.blind else ()) == ["1.1", "1.2", "4.1", "4.2"]
    assert [r["resultId"] for r in shown(job)["results"]] == ["A", "B", "C", "D"]
    judged = at.jobs.judging.judge(job.id, Verdict(letter_of(job, "1.2")), NOBODY)
    assert shown(judged)["verdict"]["winner"] == "1.2"
    told = {r["resultId"]: r["letter"] for r in shown(judged)["results"]}
    assert told == {each: letter_of(job, each) for each in ("1.1", "1.2", "4.1", "4.2")}


def test_whatever_is_named_of_a_blind_run_gets_the_same_refusal(at: Studio) -> None:
    job = submit(at)
    names: list[tuple[tuple[int, ...], tuple[str, ...]]]
    names = [((1,), ()), ((9,), ()), ((), ("A",)), ((), ("1",))]
    for models, results in names:
        with pytest.raises(WrongState):
            slots_named(job, models, results)
        with pytest.raises(WrongState):
            slots_to_retry(job, models, results)
