"""Three people in any order of actions, beside an oracle that keeps what is whose on its fingers.

They all use the same Idempotency-Key and the same prompts, and ask for one another's things.
`SEQUENCES` says how many orders are tried.
"""

import json
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
from tests.unit.accounts.conftest import ACCOUNTS, House, Line, code
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
class Made:
    """One job as the oracle knows it."""

    owner: str
    target: str
    ended: bool = False
    deleted: bool = False
    subscribers: set[str] = field(default_factory=set)


@dataclass
class Oracle:
    """What is whose, and what each action has to answer."""

    jobs: dict[str, Made] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    ended_links: set[str] = field(default_factory=set)
    api_keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=lambda: {user: user for user in PEOPLE})
    """Who is signed in on whose socket."""
    runs: dict[str, int] = field(default_factory=dict)

    def may(self, user: str, job: str) -> bool:
        return self.jobs[job].owner == user and not self.jobs[job].deleted

    def own(self, user: str) -> list[str]:
        """Somebody's jobs that there are, newest first."""
        return [job for job in reversed(self.jobs) if self.may(user, job)]

    def hearing(self, job: str) -> set[str]:
        """Whose sockets hear of a job: those that asked to, while its owner is signed in there."""
        made = self.jobs[job]
        return {line for line in made.subscribers if self.lines[line] == made.owner}


@dataclass
class Story:
    """One sequence of actions on a house of its own."""

    number: int
    house: House
    tokens: Mapping[str, str]
    dice: random.Random
    oracle: Oracle = field(default_factory=Oracle)
    heard: int = 0

    def assert_goes_as_told(self) -> None:
        for user in PEOPLE:
            self.sign_in(user, user)
        for _ in range(ACTIONS):
            self.house.pool.now_s += 1
            user = self.dice.choice(PEOPLE)
            action = self.dice.choice(ON_JOBS) if self.oracle.jobs else Story.generate
            self.dice.choice((action, action, Story.generate, Story.look_around))(self, user)
            assert self._pushed() == []

    def say(self, line: str, **message: object) -> dict[str, Any]:
        """Return the answer on somebody's socket, which is one of its own in every sequence."""
        assert self._pushed() == []
        answer = Line(f"{line} {self.number}", self.house).say(**message)
        self.heard = len(self.house.wire.posts)
        return answer

    def _pushed(self) -> list[tuple[str, str]]:
        """Return whose sockets have heard of which job since the last look, unasked."""
        posts = self.house.wire.posts[self.heard :]
        self.heard += len(posts)
        told = [(connection.split()[0], json.loads(data)) for connection, data in posts]
        return [(line, about.get("job", about)["jobId"]) for line, about in told]

    def _assert_heard(self, job: str, is_news: bool) -> None:
        """Its owner has heard of the job wherever they are signed in, and nobody else has."""
        hearing = self.oracle.hearing(job) if is_news else set()
        assert set(self._pushed()) == {(line, job) for line in hearing}

    def ask(
        self, user: str, method: str, path: str, body: object = None, **headers: str
    ) -> HTTPResponse:
        return self.house.ask(method, path, body, self.tokens[user], headers)

    def any_job(self, user: str) -> str:
        """One's own as often as anybody's."""
        own = self.oracle.own(user) if self.dice.random() < 0.5 else []
        return self.dice.choice(own or list(self.oracle.jobs))

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
        job = self.any_job(user)
        answer = self.ask(user, "GET", f"/status/{job}")
        assert answer.status_code == (200 if self.oracle.may(user, job) else 404)

    def cancel(self, user: str) -> None:
        job = self.any_job(user)
        answer = self.ask(user, "POST", f"/jobs/{job}/cancel")
        assert answer.status_code == (200 if self.oracle.may(user, job) else 404)
        is_news = answer.status_code == 200 and not self.oracle.jobs[job].ended
        self._assert_heard(job, is_news)
        self.oracle.jobs[job].ended |= is_news

    def judge(self, user: str) -> None:
        """Its tag is new, so that its owner's sockets hear of it."""
        job = self.any_job(user)
        verdict = {"winner": None, "tags": [f"at {self.house.pool.now_s}"]}
        answer = self.ask(user, "PUT", f"/jobs/{job}/verdict", verdict)
        may, ended = self.oracle.may(user, job), self.oracle.jobs[job].ended
        assert answer.status_code == ((200 if ended else 409) if may else 404)
        self._assert_heard(job, answer.status_code == 200)

    def detail(self, user: str) -> None:
        job = self.any_job(user)
        made = self.oracle.jobs[job]
        answer = self.ask(user, "GET", f"/gallery/{made.target}")
        found = self.oracle.may(user, job) and made.ended
        assert answer.status_code == (200 if found else 404)

    def delete(self, user: str) -> None:
        job = self.any_job(user)
        answer = self.ask(user, "DELETE", f"/jobs/{job}")
        assert answer.status_code == (204 if self.oracle.may(user, job) else 404)
        self._assert_heard(job, answer.status_code == 204)
        self.oracle.jobs[job].deleted |= answer.status_code == 204

    def share(self, user: str) -> None:
        job = self.any_job(user)
        answer = self.ask(user, "POST", f"/jobs/{job}/share", {})
        assert answer.status_code == (201 if self.oracle.may(user, job) else 404)
        if answer.status_code == 201:
            self._end_links(job)
            self.oracle.links[answer.json_body["token"]] = job
            self.dice.choice((Story.follow, Story.unshare))(self, self.dice.choice(PEOPLE))

    def unshare(self, user: str) -> None:
        shared = [j for j in self.oracle.links.values() if self.oracle.may(user, j)]
        job = self.dice.choice(shared or list(self.oracle.jobs))
        answer = self.ask(user, "DELETE", f"/jobs/{job}/share")
        assert answer.status_code == (204 if self.oracle.may(user, job) else 404)
        if answer.status_code == 204:
            self._end_links(job)
            self.follow(user)

    def _end_links(self, job: str) -> None:
        ended = {token for token, shown in self.oracle.links.items() if shown == job}
        self.oracle.ended_links |= ended
        self.oracle.links = {t: j for t, j in self.oracle.links.items() if t not in ended}

    def follow(self, user: str) -> None:
        for token, job in self.oracle.links.items():
            answer = self.house.ask("GET", f"/shared/{token}")
            assert answer.status_code == (404 if self.oracle.jobs[job].deleted else 200)
        for token in self.oracle.ended_links:
            assert self.house.ask("GET", f"/shared/{token}").status_code == 404

    def sign_in(self, user: str, line: str) -> None:
        told = self.say(line, action="authenticate", token=self.tokens[user])
        assert code(told) == "authenticated"
        self.oracle.lines[line] = user

    def subscribe(self, user: str) -> None:
        """A socket hears of what is its person's, and of nothing else."""
        job, line = self.any_job(user), self.line_of(user)
        may = self.oracle.may(self.oracle.lines[line], job)
        answer = code(self.say(line, action="subscribe", jobId=job))
        assert answer == ("job" if may else "NOT_FOUND")
        if may:
            self.oracle.jobs[job].subscribers.add(line)

    def line_of(self, user: str) -> str:
        """One on which somebody is signed in; one's own where there is none."""
        lines = [line for line, person in self.oracle.lines.items() if person == user]
        return self.dice.choice(lines or [user])

    def hand_over(self, user: str) -> None:
        """Somebody else signs in on a socket that hears of one's job, which then changes."""
        line = self.line_of(user)
        self.subscribe(user)
        self.sign_in(self.dice.choice(PEOPLE), line)
        self.dice.choice((Story.cancel, Story.delete, Story.subscribe))(self, user)

    def trespass(self, user: str) -> None:
        """Whoever does not own a job can neither draw it again nor let go of it."""
        job, line = self.any_job(user), self.line_of(user)
        if not self.oracle.may(user, job):
            assert self.ask(user, "POST", f"/jobs/{job}/retry", {"models": [1]}).status_code == 404
        if not self.oracle.may(self.oracle.lines[line], job):
            assert code(self.say(line, action="unsubscribe", jobId=job)) == "NOT_FOUND"
            self.oracle.jobs[job].subscribers.discard(line)

    def use_key(self, user: str) -> None:
        """Look at one's jobs with a key of one's own; then try to revoke somebody's."""
        if user not in self.oracle.api_keys:
            made = self.ask(user, "POST", "/keys", {"name": "mine", "scopes": ["read"]}).json_body
            self.oracle.api_keys[user] = made["keyId"], made["key"]
        key_of = self.dice.choice(list(self.oracle.api_keys))
        key_id, key = self.oracle.api_keys[key_of]
        listed = self.house.ask("GET", "/jobs", None, key).json_body["jobs"]
        assert [each["jobId"] for each in listed] == self.oracle.own(key_of)
        answer = self.ask(user, "DELETE", f"/keys/{key_id}")
        assert answer.status_code == (204 if user == key_of else 404)
        if user == key_of:
            del self.oracle.api_keys[user]
        refused = self.house.ask("GET", "/jobs", None, key).status_code
        assert refused == (401 if user == key_of else 200)

    def look_around(self, user: str) -> None:
        """Look at everything that lists something."""
        own = self.oracle.own(user)
        listed = self.ask(user, "GET", "/jobs").json_body["jobs"]
        assert [each["jobId"] for each in listed] == own
        shown = self.ask(user, "GET", "/gallery").json_body["galleries"]
        assert [e["jobId"] for e in shown] == [j for j in own if self.oracle.jobs[j].ended]
        left = self.ask(user, "GET", "/me").json_body["limits"]["runsLeft"]
        assert left == RUNS_A_DAY - self.oracle.runs.get(user, 0)


ON_JOBS = (
    *(Story.status, Story.cancel, Story.detail, Story.delete, Story.subscribe, Story.trespass),
    *(Story.hand_over, Story.judge),
    *(Story.share, Story.unshare, Story.follow, Story.use_key),
)


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
            story = Story(seed, _house(client, pool), tokens, random.Random(seed))
            try:
                story.assert_goes_as_told()
            except AssertionError as crossing:
                raise AssertionError(f"sequence {seed}") from crossing
    services.cache_clear()
    record_figure("S6 sequences", sequences=SEQUENCES, people=len(PEOPLE), crossings=0)


def _house(client: Client, pool: Pool) -> House:
    house = House(client, pool, Cloud(cast(Any, DynamoDB()), cast(Any, S3())), Cognito())
    house.open_anew()
    ports = services().ports
    ports.dynamodb, ports.s3 = house.cloud.dynamodb, house.cloud.s3
    ports.functions = cast(Any, Functions())
    return house
