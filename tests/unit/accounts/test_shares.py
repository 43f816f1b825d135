"""A link shows one run to anybody, until it ends, is replaced or revoked."""

import pytest

from chalicelib.wiring import services
from tests.unit.accounts.conftest import House
from tests.unit.accounts.pool import ANN, BEN

HOUR_S = 3600


def shared(house: House, job: str, **body: object) -> str:
    answer = house.as_user(ANN, "POST", f"/jobs/{job}/share", body)
    assert answer.status_code == 201, answer.body
    assert answer.json_body["url"].endswith(f"/shared/{answer.json_body['token']}")
    return str(answer.json_body["token"])


def status(house: House, token: str) -> int:
    return int(house.ask("GET", f"/shared/{token}").status_code)


def test_anybody_sees_the_run_and_nothing_of_its_owner(house: House) -> None:
    job = house.generate(ANN)
    told = house.ask("GET", f"/shared/{shared(house, job)}")
    assert told.json_body["jobId"] == job
    for secret in (ANN, "ann@example.org", "pp_"):
        assert secret not in told.body.decode()
    assert house.ask("GET", f"/status/{job}").status_code == 401


def test_a_link_ends_as_it_was_told_to(house: House) -> None:
    token = shared(house, house.generate(ANN), expiresAt="2027-01-15T09:00:00Z")
    house.pool.now_s += HOUR_S - 1
    assert status(house, token) == 200
    house.pool.now_s += 1
    assert status(house, token) == 404


def test_a_link_without_an_end_ends_with_its_run(house: House) -> None:
    answer = house.as_user(ANN, "POST", f"/jobs/{house.generate(ANN)}/share")
    assert answer.json_body["expiresAt"] == "2027-02-14T08:00:00.000Z"


def test_a_revoked_link_and_one_that_was_replaced_show_nothing(house: House) -> None:
    job = house.generate(ANN)
    first = shared(house, job)
    second = shared(house, job)
    assert (status(house, first), status(house, second)) == (404, 200)
    assert house.as_user(BEN, "DELETE", f"/jobs/{job}/share").status_code == 404
    assert house.as_user(ANN, "DELETE", f"/jobs/{job}/share").status_code == 204
    assert (status(house, second), status(house, "x")) == (404, 404)


def test_a_link_to_a_deleted_run_shows_nothing(house: House) -> None:
    job = house.generate(ANN)
    token = shared(house, job)
    assert house.as_user(ANN, "DELETE", f"/jobs/{job}").status_code == 204
    assert status(house, token) == 404


@pytest.mark.parametrize("end", ["2020-01-01T00:00:00Z", "soon", "2027-01-15T09:00:00", 5])
def test_an_end_that_makes_no_sense_is_refused(house: House, end: object) -> None:
    path = f"/jobs/{house.generate(ANN)}/share"
    assert house.as_user(ANN, "POST", path, {"expiresAt": end}).status_code == 400


def test_addresses_of_shared_pictures_end_with_the_link(house: House) -> None:
    ends_ms = house.pool.clock() + 120_000
    address = services().ground.addresses.until(ends_ms)("group-images/a/b.png")
    assert f"?e={ends_ms // 1000}&" in address


def test_a_link_tells_nothing_of_what_its_owner_thinks(house: House) -> None:
    job = house.generate(ANN)
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
    judged = house.as_user(ANN, "PUT", f"/jobs/{job}/verdict", {"winner": None, "tags": ["ugly"]})
    assert judged.json_body["verdict"] == {"winner": None, "tags": ["ugly"]}
    told = house.ask("GET", f"/shared/{shared(house, job)}")
    assert "verdict" not in told.json_body
    assert b"ugly" not in told.body
