"""Three people in any order of actions, beside an oracle that keeps what is whose on its fingers.

They all use the same Idempotency-Key and the same prompts, and ask for one another's things.
`SEQUENCES` says how many orders are tried.
"""

import logging
import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.wiring import services
from tests.figures import RecordFigure
from tests.simulation.cloud import S3, DynamoDB
from tests.unit.accounts.conftest import ACCOUNTS, House
from tests.unit.accounts.people import Cognito
from tests.unit.accounts.pool import ADA, ANN, BEN, Pool
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Functions

SEQUENCES = int(os.environ.get("SEQUENCES", "60"))
ACTIONS, RUNS_A_DAY = 12, 4
PEOPLE = (ANN, BEN, ADA)
PROMPTS = ("a lighthouse", "a mill")
KEY = "the same for all"
BEGAN_S = Pool.now_s


@dataclass
class Pages:
    """What boto3 calls a paginator."""

    read: Any

    def paginate(self, **request: Any) -> Iterator[Mapping[str, Any]]:
        yield self.read(**request)


class Table(DynamoDB):
    """The simulated table, read in pages too."""

    def get_paginator(self, _: str) -> Pages:
        return Pages(self.query)


class Bucket(S3):
    """The simulated bucket, which nothing is drawn into here."""

    def get_paginator(self, _: str) -> Pages:
        return Pages(self.list_objects_v2)


@dataclass
class Made:
    """One job as the oracle knows it."""

    owner: str
    target: str
    ended: bool = False
    deleted: bool = False


@dataclass
class Oracle:
    """What is whose, and what each action has to answer."""

    jobs: dict[str, Made] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)

    def may(self, user: str, job: str) -> bool:
        return self.jobs[job].owner == user and not self.jobs[job].deleted

    def own(self, user: str) -> list[str]:
        """Somebody's jobs that there are, newest first."""
        return [job for job in reversed(self.jobs) if self.may(user, job)]


@dataclass
class Story:
    """One sequence of actions on a house of its own."""

    house: House
    tokens: Mapping[str, str]
    dice: random.Random
    oracle: Oracle = field(default_factory=Oracle)

    def assert_goes_as_told(self) -> None:
        for _ in range(ACTIONS):
            self.house.pool.now_s += 1
            user = self.dice.choice(PEOPLE)
            action = self.dice.choice(ON_JOBS) if self.oracle.jobs else Story.generate
            self.dice.choice((action, Story.generate, Story.look_around))(self, user)

    def ask(
        self, user: str, method: str, path: str, body: object = None, **headers: str
    ) -> HTTPResponse:
        return self.house.ask(method, path, body, self.tokens[user], headers)

    def any_job(self) -> str:
        return self.dice.choice(list(self.oracle.jobs))

    def generate(self, user: str) -> None:
        keyed, prompt = self.dice.random() < 0.6, self.dice.choice(PROMPTS)
        headers = {"Idempotency-Key": KEY} if keyed else {}
        answer = self.ask(user, "POST", "/generate", {"prompt": prompt}, **headers)
        known, used_for = self.oracle.keys.get(user, ("", "")) if keyed else ("", "")
        if known and prompt != used_for:
            assert answer.status_code == 409
        elif known and not self.oracle.jobs[known].deleted:
            assert answer.json_body["jobId"] == known
        elif self.oracle.runs.get(user, 0) == RUNS_A_DAY:
            assert (answer.status_code, answer.json_body["scope"]) == (429, "user")
            if known:
                self.oracle.keys.pop(user)
        else:
            self._made(user, answer, prompt if keyed else None)

    def _made(self, user: str, answer: HTTPResponse, keyed: str | None) -> None:
        assert answer.status_code == 202, answer.body
        job = answer.json_body["jobId"]
        assert job not in self.oracle.jobs
        self.oracle.jobs[job] = Made(user, answer.json_body["target"])
        self.oracle.runs[user] = self.oracle.runs.get(user, 0) + 1
        if keyed:
            self.oracle.keys[user] = job, keyed

    def status(self, user: str) -> None:
        job = self.any_job()
        answer = self.ask(user, "GET", f"/status/{job}")
        assert answer.status_code == (200 if self.oracle.may(user, job) else 404)

    def cancel(self, user: str) -> None:
        job = self.any_job()
        answer = self.ask(user, "POST", f"/jobs/{job}/cancel")
        assert answer.status_code == (200 if self.oracle.may(user, job) else 404)
        self.oracle.jobs[job].ended |= answer.status_code == 200

    def detail(self, user: str) -> None:
        job = self.any_job()
        made = self.oracle.jobs[job]
        answer = self.ask(user, "GET", f"/gallery/{made.target}")
        found = self.oracle.may(user, job) and made.ended
        assert answer.status_code == (200 if found else 404)

    def delete(self, user: str) -> None:
        job = self.any_job()
        answer = self.ask(user, "DELETE", f"/jobs/{job}")
        assert answer.status_code == (204 if self.oracle.may(user, job) else 404)
        self.oracle.jobs[job].deleted |= answer.status_code == 204

    def share(self, user: str) -> None:
        job = self.any_job()
        answer = self.ask(user, "POST", f"/jobs/{job}/share", {})
        assert answer.status_code == (201 if self.oracle.may(user, job) else 404)
        if answer.status_code == 201:
            self.oracle.links = {t: j for t, j in self.oracle.links.items() if j != job}
            self.oracle.links[answer.json_body["token"]] = job

    def follow(self, user: str) -> None:
        for token, job in self.oracle.links.items():
            answer = self.house.ask("GET", f"/shared/{token}")
            assert answer.status_code == (404 if self.oracle.jobs[job].deleted else 200)

    def look_around(self, user: str) -> None:
        """Look at everything that lists something."""
        own = self.oracle.own(user)
        listed = self.ask(user, "GET", "/jobs").json_body["jobs"]
        assert [each["jobId"] for each in listed] == own
        shown = self.ask(user, "GET", "/gallery").json_body["galleries"]
        assert [e["jobId"] for e in shown] == [j for j in own if self.oracle.jobs[j].ended]
        left = self.ask(user, "GET", "/me").json_body["limits"]["runsLeft"]
        assert left == RUNS_A_DAY - self.oracle.runs.get(user, 0)


ON_JOBS = (Story.status, Story.cancel, Story.detail, Story.delete, Story.share, Story.follow)


@pytest.fixture
def quiet() -> Iterator[None]:
    log = logging.getLogger("pixel_prompt")
    log.disabled = True
    yield
    log.disabled = False


def test_nothing_crosses_between_people_in_any_order_of_actions(
    quiet: None, monkeypatch: pytest.MonkeyPatch, record_figure: RecordFigure
) -> None:
    """S6: sequences of actions by three people, beside the oracle."""
    for name, value in {**ACCOUNTS, "USER_DAILY_LIMIT": str(RUNS_A_DAY)}.items():
        monkeypatch.setenv(name, value)
    from app import app

    pool = Pool()
    tokens = {user: pool.token(user) for user in PEOPLE}
    with Client(app) as client:
        for seed in range(SEQUENCES):
            pool.now_s = BEGAN_S
            story = Story(_house(client, pool), tokens, random.Random(seed))
            try:
                story.assert_goes_as_told()
            except AssertionError as crossing:
                raise AssertionError(f"sequence {seed}") from crossing
    services.cache_clear()
    record_figure("S6", sequences=SEQUENCES, people=len(PEOPLE), crossings=0)


def _house(client: Client, pool: Pool) -> House:
    house = House(client, pool, Cloud(cast(Any, Table()), cast(Any, Bucket())), Cognito())
    house.open_anew()
    ports = services().ports
    ports.dynamodb, ports.s3 = house.cloud.dynamodb, house.cloud.s3
    ports.functions = cast(Any, Functions())
    return house
