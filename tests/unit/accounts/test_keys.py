"""A person's own keys: shown once, never kept, refused everywhere once revoked."""

import pytest

from tests.unit.accounts.conftest import House, Line, code
from tests.unit.accounts.pool import ANN, BEN
from tests.unit.cloud import TABLE

SOON_S, MINUTES_S, DAY_S = 60, 300, 86_400


def made(house: House, **others: object) -> tuple[str, str]:
    body = {"name": "my script", "scopes": ["read", "generate"], **others}
    answer = house.as_user(ANN, "POST", "/keys", body)
    assert answer.status_code == 201, answer.body
    return answer.json_body["keyId"], answer.json_body["key"]


def status(house: House, key: str, path: str = "/models") -> int:
    return int(house.ask("GET", path, token=key).status_code)


def test_a_key_is_shown_once_and_kept_nowhere(house: House) -> None:
    key_id, key = made(house)
    assert key.startswith("pp_")
    listed = house.as_user(ANN, "GET", "/keys")
    assert key not in listed.body.decode()
    [entry] = listed.json_body["keys"]
    assert (entry["keyId"], entry["name"]) == (key_id, "my script")
    assert entry["scopes"] == ["generate", "read"]
    assert entry["expiresAt"] is entry["lastUsedAt"] is None
    assert key not in str(house.cloud.dynamodb.scan(TableName=TABLE)["Items"])


def test_a_key_is_its_owner(house: House) -> None:
    job, (_, key) = house.generate(ANN), made(house)
    assert status(house, key, f"/status/{job}") == 200
    assert status(house, key, f"/status/{house.generate(BEN)}") == 404
    assert house.ask("GET", "/me", token=key).json_body["email"] == "ann@example.org"


def test_a_revoked_key_is_refused(house: House) -> None:
    key_id, key = made(house)
    assert status(house, key) == 200
    assert house.as_user(BEN, "DELETE", f"/keys/{key_id}").status_code == 404
    assert house.as_user(ANN, "DELETE", f"/keys/{key_id}").status_code == 204
    assert status(house, key) == 401
    assert house.as_user(ANN, "DELETE", f"/keys/{key_id}").status_code == 404
    assert house.as_user(ANN, "GET", "/keys").json_body == {"keys": []}


def test_another_process_refuses_a_revoked_key_within_a_minute(house: House) -> None:
    _, key = made(house)
    house.open_anew()
    assert status(house, key) == 200
    table = house.cloud.dynamodb
    [item] = [
        item for item in table.scan(TableName=TABLE)["Items"] if item["pk"]["S"][:7] == "APIKEY#"
    ]
    table.delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    house.pool.now_s += SOON_S
    assert status(house, key) == 401


@pytest.mark.parametrize("is_removed", [True, False], ids=["removed", "disabled"])
def test_keys_of_whoever_the_pool_has_no_more_are_refused_within_minutes(
    house: House, is_removed: bool
) -> None:
    _, key = made(house)
    assert status(house, key) == 200
    if is_removed:
        del house.people.emails[ANN]
    else:
        house.people.enabled[ANN] = False
    house.pool.now_s += MINUTES_S
    assert status(house, key) == 401
    told = Line("c1", house).say(action="authenticate", token=key)
    assert code(told) == "UNAUTHENTICATED"


def test_while_the_pool_does_not_answer_a_key_stands(house: House) -> None:
    _, key = made(house)
    house.people.is_broken = True
    assert [status(house, key) for _ in range(2)] == [200, 200]


def test_a_key_ends_when_it_was_told_to(house: House) -> None:
    _, key = made(house, expiresAt="2027-01-15T08:01:00Z")
    assert status(house, key) == 200
    house.pool.now_s += SOON_S
    assert status(house, key) == 401


def test_the_last_use_is_known_within_an_hour(house: House) -> None:
    _, key = made(house)
    status(house, key)
    house.pool.now_s += DAY_S
    status(house, key)
    [entry] = house.as_user(ANN, "GET", "/keys").json_body["keys"]
    assert entry["lastUsedAt"] == "2027-01-16T08:00:00.000Z"


def test_a_socket_hears_nothing_after_its_key_was_revoked(house: House) -> None:
    job, (key_id, key), line = house.generate(ANN), made(house), Line("c1", house)
    assert code(line.say(action="authenticate", token=key)) == "authenticated"
    line.say(action="subscribe", jobId=job)
    house.as_user(ANN, "DELETE", f"/keys/{key_id}")
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
    assert code(line.heard()[-1]) == "UNAUTHENTICATED"
    assert code(line.say(action="subscribe", jobId=job)) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "scopes": ["read"]},
        {"name": "a", "scopes": []},
        {"name": "a", "scopes": ["admin"]},
        {"name": "a", "scopes": ["read"], "expiresAt": "tomorrow"},
        {"name": "a", "scopes": ["read"], "expiresAt": "2027-01-15T08:00:00"},
        {"name": "a", "scopes": ["read"], "expiresAt": "2020-01-01T00:00:00Z"},
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(house: House, body: object) -> None:
    assert house.as_user(ANN, "POST", "/keys", body).status_code == 400
