"""The product with accounts, as people and programs use it: sign in, work, share, be kept out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
import requests

from tests.api.visitor import Json, Socket, Visitor
from tests.support.people import People
from tests.support.product import Product, running_product, wait_until

PASSWORD = "Another-horse-8-battery"
ANN, BEN = "ann@example.org", "ben@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    settings = {"AUTH": "cognito", "SIGN_UP": "open"}
    with running_product(tmp_path_factory.mktemp("house"), settings) as running:
        yield running


@dataclass(frozen=True)
class Member(Visitor):
    """A visitor who has signed in, or a program with a key."""

    token: str = ""

    def call(
        self, method: str, path: str, body: object = None, **options: object
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return super().call(method, path, body, headers=headers, **options)

    def enter(self, socket: Socket) -> Json:
        return socket.ask({"action": "authenticate", "token": self.token})


@pytest.fixture(scope="module")
def people(house: Product) -> dict[str, Member]:
    pool = People(house)
    for email in (ANN, BEN):
        pool.sign_up(email, PASSWORD)
    names = {ANN: PASSWORD, BEN: PASSWORD, **dict([pool.administrator()])}
    return {
        email: Member(house.url, token=pool.sign_in(email, password).access)
        for email, password in names.items()
    }


@pytest.fixture
def ann(people: dict[str, Member]) -> Member:
    return people[ANN]


@pytest.fixture
def ben(people: dict[str, Member]) -> Member:
    return people[BEN]


@pytest.fixture
def administrator(people: dict[str, Member]) -> Member:
    return next(member for email, member in people.items() if email not in (ANN, BEN))


def test_a_person_works_and_nobody_else_sees_it(house: Product, ann: Member, ben: Member) -> None:
    assert ann.call("GET", "/me").json()["email"] == ANN
    with ann.socket() as socket:
        assert ann.enter(socket)["type"] == "authenticated"
        job = socket.follow(ann.generate("a lighthouse")["jobId"])[-1]
    drawn = ann.wait_drawn(job["jobId"])
    for kind in ("imageUrl", "previewUrl", "thumbUrl"):
        picture = drawn["results"][0][kind]
        kept = ann.image(picture).headers["Cache-Control"]
        assert kept == "private, max-age=31536000, immutable"
        assert ann.image(picture.partition("?")[0]).status_code == 403
    assert job["jobId"] in [each["jobId"] for each in ann.call("GET", "/jobs").json()["jobs"]]
    for other in (ben, Member(house.url, token="x")):
        status = other.call("GET", f"/status/{job['jobId']}").status_code
        assert status == (404 if other is ben else 401)
    assert ben.call("GET", "/jobs").json()["jobs"] == []
    with ben.socket() as socket:
        ben.enter(socket)
        assert socket.ask({"action": "subscribe", "jobId": job["jobId"]})["code"] == "NOT_FOUND"


def test_a_link_shows_a_run_until_it_is_revoked_and_a_deleted_run_is_gone(
    house: Product, ann: Member
) -> None:
    job = ann.wait_drawn(ann.generate("a mill", models=[1])["jobId"])
    path = f"/jobs/{job['jobId']}"
    link = ann.call("POST", f"{path}/share", {}).json()
    stranger = Visitor(house.url)
    shared = stranger.call("GET", f"/shared/{link['token']}").json()
    assert shared["jobId"] == job["jobId"]
    picture = shared["results"][0]["imageUrl"]
    assert stranger.image(picture).status_code == 200
    assert ann.call("DELETE", f"{path}/share").status_code == 204
    assert stranger.call("GET", f"/shared/{link['token']}").status_code == 404
    assert ann.call("DELETE", path).status_code == 204
    assert ann.call("GET", f"/status/{job['jobId']}").status_code == 404
    wait_until(lambda: stranger.image(picture).status_code in (403, 404))


def test_a_key_works_for_what_it_was_made_and_until_it_is_revoked(
    house: Product, ann: Member
) -> None:
    made = ann.call("POST", "/keys", {"name": "script", "scopes": ["generate"]}).json()
    program = Member(house.url, token=made["key"])
    assert program.generate("a coin", models=[2])["jobId"]
    assert program.call("GET", "/gallery").status_code == 403
    assert ann.call("DELETE", f"/keys/{made['keyId']}").status_code == 204
    assert program.call("POST", "/generate", {"prompt": "a coin"}).status_code == 401


def test_an_administrator_sees_people_and_can_keep_one_out(
    ann: Member, ben: Member, administrator: Member
) -> None:
    assert ann.call("GET", "/admin/users").status_code == 403
    listed = administrator.call("GET", "/admin/users").json()["users"]
    ids = {user["email"]: user["userId"] for user in listed}
    assert {ANN, BEN} <= set(ids)
    change = partial(administrator.call, "PATCH", f"/admin/users/{ids[BEN]}")
    assert change({"runsPerDay": 7, "models": [1]}).json()["runsPerDay"] == 7
    wait_until(lambda: ben.call("GET", "/me").json()["limits"]["runsPerDay"] == 7)
    assert change({"enabled": False}).status_code == 200
    wait_until(lambda: ben.call("GET", "/me").status_code == 401)
    assert change({"enabled": True, "models": None}).json()["models"] is None
    invited = administrator.call("POST", "/admin/users", {"email": "new@example.org"})
    assert invited.status_code == 201
