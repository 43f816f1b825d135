"""Leaderboard and gallery over HTTP: one's own verdicts and stars, and what is asked for."""

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.jobs.model import SlotResult
from chalicelib.wiring import services
from tests.unit.accounts.conftest import House
from tests.unit.accounts.pool import ANN, BEN
from tests.unit.jobs import samples

DAY_S = 86_400


def judged(house: House, user: str, winner: str | None = "1", *tags: str) -> str:
    """Return the id of a run of somebody's with two pictures, and their verdict on it."""
    job, now = house.generate(user), house.pool.clock()
    drawn = [SlotResult(i, None, samples.picture(i)) for i in (1, 2)]
    services().jobs.store.record(job, drawn, now)
    house.as_user(user, "POST", f"/jobs/{job}/cancel")
    body = {"winner": winner, "tags": list(tags)}
    answer = house.as_user(user, "PUT", f"/jobs/{job}/verdict", body)
    assert answer.status_code == 200, answer.body
    return job


def board(house: House, user: str, query: str = "") -> dict[str, Any]:
    answer = house.as_user(user, "GET", f"/leaderboard{query}")
    assert answer.status_code == 200, answer.body
    found: dict[str, Any] = answer.json_body
    return found


def test_it_shows_ones_own_verdicts_and_nobody_elses(house: House) -> None:
    for _ in range(10):
        judged(house, ANN)
    judged(house, BEN, "2")
    hers = board(house, ANN)
    assert hers["votes"] == 10
    first, second, *_ = hers["models"]
    assert (first["rank"], first["votes"], first["winRate"], first["pictures"]) == (1, 10, 1, 10)
    assert first["rating"] > 1000 > second["rating"]
    assert first["interval"][0] < first["rating"] < first["interval"][1]
    assert (first["secondsP50"], first["secondsP95"], first["usdPerPicture"]) == (9, 9, 0.04)
    his = board(house, BEN)
    assert his["votes"] == 1
    assert all("rank" not in model for model in his["models"])
    assert his["models"][0]["winRate"] == 1


def test_the_same_verdicts_give_the_same_bytes(house: House) -> None:
    for winner in ("1", "2", "1", None):
        judged(house, ANN, winner)
    told = {house.as_user(ANN, "GET", "/leaderboard").body for _ in range(3)}
    assert len(told) == 1


def test_days_tags_and_blind_runs_are_chosen(house: House) -> None:
    judged(house, ANN, "1", "portrait")
    house.pool.now_s += DAY_S
    judged(house, ANN, "2", "portrait", "hands")
    judged(house, ANN, "2")
    votes = {
        query: board(house, ANN, f"?{query}")["votes"]
        for query in (
            *("from=2027-01-15&to=2027-01-15", "from=2027-01-16", "to=2027-01-15"),
            *("tag=portrait", "tag=hands", "tag=none", "blind=true", "blind=false"),
            "from=2027-01-16&tag=portrait",
        )
    }
    assert list(votes.values()) == [1, 2, 1, 2, 1, 0, 0, 3, 1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("to=2027-13-01", "to"),
        ("from=2027-01-16&to=2027-01-15", "to"),
        ("tag=", "tag"),
        ("blind=maybe", "blind"),
    ],
)
def test_a_wrong_filter_is_told_by_its_name(house: House, query: str, field: str) -> None:
    answer = house.as_user(ANN, "GET", f"/leaderboard?{query}")
    assert (answer.status_code, answer.json_body["code"]) == (400, "INVALID_INPUT")
    assert [detail["field"] for detail in answer.json_body["details"]] == [field]


def test_a_verdict_that_was_taken_back_or_deleted_counts_no_more(house: House) -> None:
    first, second = judged(house, ANN), judged(house, ANN)
    assert house.as_user(ANN, "DELETE", f"/jobs/{first}/verdict").status_code == 200
    assert board(house, ANN)["votes"] == 1
    assert house.as_user(ANN, "DELETE", f"/jobs/{second}").status_code == 204
    assert board(house, ANN) == {"models": [], "votes": 0}


def test_the_gallery_finds_what_is_asked_for(house: House) -> None:
    old = judged(house, ANN, "1", "portrait")
    house.pool.now_s += DAY_S
    new = judged(house, ANN, None)
    assert house.as_user(ANN, "PUT", f"/jobs/{new}/results/2/star").status_code == 200
    judged(house, BEN, "1", "portrait")
    drew = house.as_user(ANN, "GET", f"/status/{new}").json_body["results"][0]["model"]
    found = {
        query: [
            entry["jobId"]
            for entry in house.as_user(ANN, "GET", f"/gallery?{query}").json_body["galleries"]
        ]
        for query in (
            *("q=LIGHT+house", "q=fog", f"model={quote(drew)}", "model=none", "starred=true"),
            *("starred=false", "tag=portrait", "status=partial", "status=completed"),
            *("to=2027-01-15", "from=2027-01-16", "starred=true&to=2027-01-15"),
        )
    }
    both = [new, old]
    assert list(found.values()) == [
        *(both, [], both, [], [new]),
        *([old], [old], [], both),
        *([old], [new], []),
    ]
    first, second = house.as_user(ANN, "GET", "/gallery").json_body["galleries"]
    assert (first["starred"], second["starred"]) == (True, False)
    assert first["verdict"] == {"winner": None, "tags": []}
    assert second["verdict"] == {"winner": "1", "tags": ["portrait"]}
    assert first["status"] == "completed"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("starred=yes", "starred"),
        ("status=done", "status"),
        ("tag=+", "tag"),
        ("model=", "model"),
        (f"q={'x' * 201}", "q"),
        ("from=2027-01-16&to=2027-01-15", "to"),
    ],
)
def test_a_wrong_search_is_told_by_its_name(house: House, query: str, field: str) -> None:
    answer = house.as_user(ANN, "GET", f"/gallery?{query}")
    assert (answer.status_code, answer.json_body["code"]) == (400, "INVALID_INPUT")
    assert [detail["field"] for detail in answer.json_body["details"]] == [field]
