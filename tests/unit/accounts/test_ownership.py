"""What one person makes does not exist for another."""

import pytest

from chalicelib.callers import Caller
from chalicelib.enhance.store import EnhanceStore
from chalicelib.events.sessions import Session
from chalicelib.wiring import services
from tests.unit.accounts.conftest import House, Line, code
from tests.unit.accounts.pool import ADA, ANN, BEN, signed
from tests.unit.cloud import TABLE

HOUR_S = 3600


def test_a_run_is_its_makers(house: House) -> None:
    job = house.generate(ANN)
    assert house.as_user(ANN, "GET", f"/status/{job}").status_code == 200
    for other in (BEN, ADA):
        assert house.as_user(other, "GET", f"/status/{job}").status_code == 404
        for action, body in (("cancel", None), ("retry", {"models": [1]})):
            answer = house.as_user(other, "POST", f"/jobs/{job}/{action}", body)
            assert (answer.status_code, answer.json_body["code"]) == (404, "NOT_FOUND")
    assert house.as_user(ANN, "GET", f"/status/{job}").json_body["status"] == "pending"


def test_one_key_of_two_people_is_two_keys(house: House) -> None:
    first, again = (
        house.generate(ANN, Idempotency_Key="k"),
        house.generate(ANN, Idempotency_Key="k"),
    )
    assert first == again
    assert house.generate(BEN, Idempotency_Key="k") != first


def test_the_gallery_is_ones_own(house: House) -> None:
    jobs = {user: house.generate(user) for user in (ANN, BEN)}
    for user, job in jobs.items():
        house.as_user(user, "POST", f"/jobs/{job}/cancel")
    for user, job in jobs.items():
        listed = house.as_user(user, "GET", "/gallery").json_body["galleries"]
        assert [entry["jobId"] for entry in listed] == [job]
        target = listed[0]["target"]
        seen = {u: house.as_user(u, "GET", f"/gallery/{target}").status_code for u in jobs}
        assert seen == {u: 200 if u == user else 404 for u in jobs}


def test_what_was_made_without_accounts_is_the_first_administrators(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH", "off")
    house.open_anew()
    old = str(house.ask("POST", "/generate", {"prompt": "an old mill"}).json_body["jobId"])
    house.ask("POST", f"/jobs/{old}/cancel")
    monkeypatch.setenv("AUTH", "cognito")
    house.open_anew()
    house.pool.now_s += 1
    new = house.generate(ADA)
    house.as_user(ADA, "POST", f"/jobs/{new}/cancel")
    listed = house.as_user(ADA, "GET", "/gallery").json_body["galleries"]
    assert [entry["jobId"] for entry in listed] == [new, old]
    assert house.as_user(ADA, "GET", f"/status/{old}").status_code == 200
    second = signed({**house.pool.claims(BEN), "cognito:groups": ["admin"]}, "access-key")
    assert house.ask("GET", f"/status/{old}", token=second).status_code == 404
    assert house.as_user(ANN, "GET", f"/status/{old}").status_code == 404


def test_without_accounts_nobody_reads_what_somebody_owns(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = house.generate(ANN)
    monkeypatch.setenv("AUTH", "off")
    house.open_anew()
    assert house.ask("GET", f"/status/{job}").status_code == 404
    assert code(Line("c1", house).say(action="subscribe", jobId=job)) == "NOT_FOUND"
    assert code(Line("c1", house).say(action="authenticate", token="x")) == "INVALID_INPUT"


def test_improved_prompts_are_remembered_for_their_owner_alone(house: House) -> None:
    store = EnhanceStore(house.cloud.dynamodb, TABLE)
    store.put("writer", "a kite", "Ann's kite", ANN)
    assert store.get("writer", "a kite", ANN) == "Ann's kite"
    assert store.get("writer", "a kite", BEN) is store.get("writer", "a kite") is None


def test_a_persons_day_is_counted_for_them_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER_DAILY_LIMIT", "2")
    house.open_anew()
    for _ in range(2):
        house.generate(ANN)
    refused = house.as_user(ANN, "POST", "/generate", {"prompt": "one more"})
    assert (refused.status_code, refused.json_body["scope"]) == (429, "user")
    house.generate(BEN)


def test_pictures_have_signed_addresses_that_end(house: House) -> None:
    addresses = services().ground.addresses
    key = "group-images/2026-11-26-a/model-1-1.png"
    address = addresses.of(key)
    assert address.startswith(f"/{key}?e=")
    end_s = int(address.partition("?e=")[2].partition("&")[0])
    assert 900 < end_s - house.pool.now_s <= 900 + 225
    house.pool.now_s = end_s - 900 - 1
    assert addresses.of(key) == address
    house.pool.now_s += 1
    assert addresses.of(key) != address
    for wrong in ("site/index.html", "group-images/../site/x", "group-images/a b", "group-images/"):
        with pytest.raises(ValueError, match="only pictures"):
            addresses.of(wrong)


def test_an_unchanged_job_is_sent_again_once_its_addresses_end(house: House) -> None:
    path = f"/status/{house.generate(ANN)}"
    tag = house.as_user(ANN, "GET", path).headers["ETag"]
    assert house.as_user(ANN, "GET", path, If_None_Match=tag).status_code == 304
    house.pool.now_s += 900
    assert house.as_user(ANN, "GET", path, If_None_Match=tag).status_code == 200


def test_a_socket_hears_nothing_before_it_signs_in(house: House) -> None:
    job, line = house.generate(ANN), Line("c1", house)
    assert line.say(action="ping") == {"type": "pong"}
    for action in ("subscribe", "unsubscribe"):
        assert code(line.say(action=action, jobId=job)) == "UNAUTHENTICATED"
    assert code(line.say(action="authenticate", token="junk")) == "UNAUTHENTICATED"
    assert code(line.say(action="authenticate")) == "UNAUTHENTICATED"
    told = line.say(action="authenticate", token=house.pool.token(ANN))
    assert told == {"type": "authenticated", "expiresAt": "2027-01-15T09:00:00.000Z"}
    assert line.say(action="subscribe", jobId=job)["job"]["jobId"] == job


def test_another_persons_job_does_not_exist_on_a_socket(house: House) -> None:
    job, line = house.generate(ANN), Line("c1", house)
    line.say(action="authenticate", token=house.pool.token(BEN))
    assert code(line.say(action="subscribe", jobId=job)) == "NOT_FOUND"
    assert code(line.say(action="unsubscribe", jobId=job)) == "NOT_FOUND"
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
    assert [code(message) for message in line.heard()] == [
        "authenticated",
        "NOT_FOUND",
        "NOT_FOUND",
    ]


def test_an_ended_session_is_told_once_and_can_be_prolonged(house: House) -> None:
    job, line = house.generate(ANN), Line("c1", house)
    line.say(action="authenticate", token=house.pool.token(ANN))
    line.say(action="subscribe", jobId=job)
    house.pool.now_s += HOUR_S
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel", {"models": [1]})
    assert code(line.heard()[-1]) == "UNAUTHENTICATED"
    count = len(line.heard())
    services().jobs.events.broadcast(services().jobs.store.get(job, house.pool.clock()))
    assert len(line.heard()) == count
    assert code(line.say(action="subscribe", jobId=job)) == "UNAUTHENTICATED"
    line.say(action="authenticate", token=house.pool.token(ANN))
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
    assert line.heard()[-1]["job"]["status"] == "cancelled"


def test_whoever_signs_in_anew_on_a_connection_hears_nothing_of_the_one_before(
    house: House,
) -> None:
    job, line = house.generate(ANN), Line("c1", house)
    line.say(action="authenticate", token=house.pool.token(ANN))
    line.say(action="subscribe", jobId=job)
    line.say(action="authenticate", token=house.pool.token(BEN))
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
    assert code(line.heard()[-1]) == "authenticated"


def test_many_sessions_are_read_in_parts(house: House) -> None:
    sessions = services().ground.sessions
    ends_ms = house.pool.clock() + 1000
    for number in range(120):
        sessions.put(Session(f"c{number}", Caller(user_id=ANN), ends_ms))
    found = sessions.several([f"c{number}" for number in range(130)])
    assert len(found) == 120
