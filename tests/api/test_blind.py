"""Blind runs over HTTP and sockets: every byte before the verdict is searched for what tells.

`make proof SETS=blind` makes 200 runs; BLIND_RUNS sets how many.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.api.visitor import ENDED, Json, Socket, Visitor, all_drawn
from tests.figures import RecordFigure
from tests.support.product import wait_until

RUNS = int(os.environ.get("BLIND_RUNS", "2"))
MODELS = (2, 4, 7)
PROMPT = "a paper boat on a green river"
KEYS = {
    *("resultId", "status", "attempt", "imageKey", "imageUrl", "previewUrl", "thumbUrl"),
    *("contentType", "width", "height", "starred", "error"),
}
TELLING_HEADERS = ("Last-Modified", "Content-Disposition", "x-amz-meta-outcome")
SEEN_IN_BYTES = 8
"""A shorter word comes up by chance in a picture's compressed bytes."""
CHI_SQUARE_5 = 60.0
"""What 5 degrees of freedom exceed once in 10^11 times."""


@dataclass
class Overheard:
    """What a caller was given before the verdict, as text and as pictures' bytes."""

    visitor: Visitor
    texts: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)

    def call(self, method: str, path: str, body: object = None) -> Json:
        answer = self.visitor.call(method, path, body)
        self.texts.append(f"{answer.headers}\n{answer.text}")
        return dict(answer.json())

    def part(self, path: str, name: str, job_id: str) -> Json | None:
        """What a list says of this run; what it says of others is theirs."""
        answer = self.visitor.call("GET", path)
        found = next((e for e in answer.json()[name] if e["jobId"] == job_id), None)
        self.texts.append(f"{answer.headers}\n{json.dumps(found, separators=(',', ':'))}")
        return found

    def frame(self, socket: Socket) -> Json:
        text = str(socket.connection.recv(30))
        self.texts.append(text)
        return dict(json.loads(text))

    def picture(self, url: str) -> None:
        answer = self.visitor.image(url)
        assert answer.status_code == 200
        assert not [name for name in TELLING_HEADERS if name in answer.headers]
        self.texts.append(str(answer.headers))
        self.pictures.append(answer.content)

    def found(self, words: Sequence[str], prompt: str) -> list[str]:
        """Every telling word that was said; the prompt is the caller's own."""
        said = "\n".join(self.texts).replace(json.dumps(prompt)[1:-1], "").casefold()
        long = [word for word in words if len(word) >= SEEN_IN_BYTES]
        drawn = [word for word in long for data in self.pictures if word.encode() in data]
        return [word for word in words if word.casefold() in said] + drawn

    @property
    def size(self) -> int:
        return sum(map(len, self.texts)) + sum(map(len, self.pictures))


@pytest.fixture
def words(visitor: Visitor) -> list[str]:
    """The names, providers, ids and prices of all models, and their simulators' words."""
    models = visitor.call("GET", "/models").json()["models"]
    named = [str(model[key]) for model in models for key in ("name", "provider", "modelId")]
    prices = [f'"amount":{model["price"]["amount"]}' for model in models]
    keys = ("provider", "modelId", "index", "cost", "duration", "seed", "ignored")
    more = ("revisedPrompt", "startedAt", "errorCode", "bytes", "simulated.", "letter")
    return sorted({*named, *prices, '"model":"', *(f'"{key}":' for key in (*keys, *more))})


def listen_to_a_run(heard: Overheard, prompt: str, **settings: Any) -> Json:
    """Ask for a blind run, look at it wherever it is shown, and return it once it is drawn."""
    wish = {"prompt": prompt, "models": list(MODELS), "blind": True, **settings}
    job = heard.call("POST", "/generate", wish)
    job_id, states = job["jobId"], [job]
    with heard.visitor.socket() as socket:
        socket.send({"action": "subscribe", "jobId": job_id})
        states += [heard.frame(socket)["job"], heard.call("GET", f"/status/{job_id}")]
        heard.part("/jobs", "jobs", job_id)
        heard.call("POST", f"/jobs/{job_id}/cancel", {"models": [MODELS[0]]})
        heard.call("PUT", f"/jobs/{job_id}/results/A/star")
        while states[-1]["status"] not in ENDED:
            states.append(heard.frame(socket)["job"])
    check_states(states)

    def drawn() -> Json | None:
        state = heard.call("GET", f"/status/{job_id}")
        return state if all_drawn(state) else None

    done = wait_until(drawn)
    assert isinstance(done, dict)
    return done


def check_states(states: Sequence[Json]) -> None:
    """Until all have ended, all results are alike, whichever states were seen."""
    for state in states:
        assert [r["resultId"] for r in state["results"]] == ["A", "B", "C"]
        if state["status"] in ENDED:
            continue
        told = (state["seq"], state["completedModels"], state["failedModels"])
        assert told == (1 if state["status"] == "pending" else 2, 0, 0)
        assert {tuple(sorted(r)) for r in state["results"]} == {("attempt", "resultId", "status")}
        assert {r["status"] for r in state["results"]} == {state["status"]}


def look_everywhere(heard: Overheard, job: Json) -> None:
    """See the run wherever it is shown once it has ended, its pictures above all."""
    job_id = job["jobId"]
    for result in job["results"]:
        assert result.keys() <= KEYS
        for name in ("imageUrl", "previewUrl", "thumbUrl"):
            if name in result:
                heard.picture(result[name])
    assert wait_until(lambda: heard.part("/gallery?limit=100", "galleries", job_id))
    assert heard.part("/jobs", "jobs", job_id)
    heard.call("GET", f"/gallery/{job['target']}")
    token = heard.call("POST", f"/jobs/{job_id}/share", {})["token"]
    heard.call("GET", f"/shared/{token}")
    heard.call("POST", f"/jobs/{job_id}/retry", {"models": list(MODELS)})
    heard.call("PUT", f"/jobs/{job_id}/verdict", {"winner": "2"})
    drawn = next(r["resultId"] for r in job["results"] if "imageUrl" in r)
    heard.call("PUT", f"/jobs/{job_id}/results/{drawn}/star")


def check_alike(job: Json) -> None:
    """Pictures have the same fields, and addresses of the same length."""
    drawn = [result for result in job["results"] if "imageUrl" in result]
    assert len({tuple(sorted(result)) for result in drawn}) == 1
    assert len({len(r["imageUrl"].rpartition(".")[0]) for r in drawn}) == 1
    assert len({len(r["thumbUrl"]) for r in drawn}) == 1


def orders(revealed: Json) -> Iterator[tuple[str, str]]:
    """The letters in the order of the slots, and in that of the pictures' ends."""
    results = revealed["results"]
    yield "slots", "".join(r["letter"] for r in sorted(results, key=lambda r: r["index"]))
    yield "ends", "".join(r["letter"] for r in sorted(results, key=lambda r: r["completedAt"]))
    keys = sorted(results, key=lambda r: r["imageKey"])
    yield "names", "".join(str(MODELS.index(r["index"])) for r in keys)


def fit(counts: Counter[str]) -> float:
    """Chi-square of the six orders of three things against all being as likely."""
    expected = counts.total() / 6
    seen = [*counts.values(), *[0] * (6 - len(counts))]
    return sum((n - expected) ** 2 / expected for n in seen)


def test_nothing_before_the_verdict_tells_which_picture_is_whose(
    visitor: Visitor, words: list[str], record_figure: RecordFigure
) -> None:
    seen: dict[str, Counter[str]] = {}
    searched = 0
    for number in range(RUNS):
        heard, prompt = Overheard(visitor), f"{PROMPT} {number}"
        job = listen_to_a_run(heard, prompt)
        look_everywhere(heard, job)
        check_alike(job)
        assert heard.found(words, prompt) == []
        searched += heard.size
        revealed = visitor.call("PUT", f"/jobs/{job['jobId']}/verdict", {"winner": "B"}).json()
        assert revealed["verdict"]["winner"] in map(str, MODELS)
        for name, order in orders(revealed):
            seen.setdefault(name, Counter())[order] += 1
    fits = {name: fit(counts) for name, counts in seen.items()}
    assert max(fits.values()) < CHI_SQUARE_5, seen
    told = {f"{name}_chi_square_5": round(value, 1) for name, value in fits.items()}
    record_figure("blind", runs=RUNS, bytes=searched, found=0, **told)


def test_a_failure_is_told_without_saying_whose(visitor: Visitor, words: list[str]) -> None:
    provider = next(
        m["provider"] for m in visitor.call("GET", "/models").json()["models"] if m["index"] == 4
    )
    heard, prompt = Overheard(visitor), f"{PROMPT} [[{provider}:refuse]]"
    job = listen_to_a_run(heard, prompt)
    assert (job["status"], job["failedModels"]) == ("partial", 1)
    look_everywhere(heard, job)
    assert heard.found(words, prompt) == []
    revealed = visitor.call("PUT", f"/jobs/{job['jobId']}/verdict", {"winner": None}).json()
    (failed,) = [r for r in revealed["results"] if r["status"] == "error"]
    assert (failed["index"], failed["errorCode"]) == (4, "REFUSED")


def test_the_leaderboard_counts_a_blind_verdict_as_one(visitor: Visitor) -> None:
    def votes(blind: str) -> int:
        return int(visitor.call("GET", f"/leaderboard?blind={blind}&tag=seen").json()["votes"])

    before = votes("true"), votes("false")
    job = visitor.generate(PROMPT, models=list(MODELS), blind=True)
    visitor.wait(job["jobId"])
    verdict = {"winner": "A", "tags": ["seen"]}
    visitor.call("PUT", f"/jobs/{job['jobId']}/verdict", verdict)
    assert wait_until(lambda: (votes("true"), votes("false")) == (before[0] + 1, before[1]))
