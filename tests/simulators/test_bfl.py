"""The queue behind a submitted picture: tickets, polls and the host that pictures come from."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.asking import asked

TIMEOUT_S = 10.0


def _ticket(simulators: Simulators, prompt: str, model: str = "flux-2-klein-4b") -> dict[str, Any]:
    answer = asked("bfl", model).prompting(prompt).send(simulators)
    ticket: dict[str, Any] = answer.json()
    return ticket


def _poll(url: str, key: str = "a-key") -> requests.Response:
    return requests.get(url, headers={"x-key": key}, timeout=TIMEOUT_S)


def _states(url: str) -> list[dict[str, Any]]:
    """The states of a job until its last, the same one after another only once."""
    deadline, seen = time.monotonic() + TIMEOUT_S, [{"status": "none"}]
    while seen[-1]["status"] in ("none", "Pending", "Reasoning", "Generating"):
        assert time.monotonic() < deadline, seen
        state = _poll(url).json()
        if state["status"] != seen[-1]["status"]:
            seen.append(state)
    return seen[1:]


def test_a_ticket_promises_a_picture_at_another_host(simulators: Simulators, prompt: str) -> None:
    ticket = _ticket(simulators, prompt)

    assert set(ticket) == {"id", "polling_url", "cost", "input_mp", "output_mp"}
    base = simulators.base_urls["bfl"]
    assert urlsplit(ticket["polling_url"]).netloc != urlsplit(base).netloc
    rebuilt = f"{base}/v1/get_result?id={ticket['id']}"
    assert _poll(rebuilt).status_code in (404, 405)


def test_a_job_is_ready_after_it_was_pending(simulators: Simulators, prompt: str) -> None:
    url = _ticket(simulators, f"{prompt} [[bfl:slow=0.3]]", "flux-3-image")["polling_url"]

    states = _states(url)

    assert [state["status"] for state in states] == ["Pending", "Reasoning", "Generating", "Ready"]
    assert "seed" not in states[-1]["result"]


def test_a_ready_job_says_what_it_drew(simulators: Simulators, prompt: str) -> None:
    result = _states(_ticket(simulators, prompt)["polling_url"])[-1]["result"]

    assert result["prompt"] == prompt
    assert result["seed"] == 4_294_967_294


def test_the_sample_is_given_to_nobody_who_shows_a_key(simulators: Simulators, prompt: str) -> None:
    sample = _states(_ticket(simulators, prompt)["polling_url"])[-1]["result"]["sample"]

    for headers in ({"x-key": "a-key"}, {"Authorization": "Bearer a-key"}):
        assert requests.get(sample, headers=headers, timeout=TIMEOUT_S).status_code == 403
    assert requests.get(f"{sample}x", timeout=TIMEOUT_S).status_code == 404
    answer = requests.get(sample, timeout=TIMEOUT_S)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")


def test_polling_needs_the_key_and_a_known_task(simulators: Simulators, prompt: str) -> None:
    url = _ticket(simulators, prompt)["polling_url"]

    assert requests.get(url, timeout=TIMEOUT_S).status_code == 403
    assert _poll(url, "invalid-key").status_code == 403
    unknown = _poll(url.split("?")[0] + "?id=nothing")
    assert (unknown.status_code, unknown.json()["status"]) == (404, "Task not found")


def test_moderation_is_a_status_and_not_billed(simulators: Simulators, prompt: str) -> None:
    marked = f"{prompt} [[bfl:refuse]]"

    state = _states(_ticket(simulators, marked)["polling_url"])[-1]

    assert (state["status"], state["result"]) == ("Request Moderated", None)
    assert simulators.calls.count("bfl", marked) == 0


def test_a_dropped_poll_loses_nothing(simulators: Simulators, prompt: str) -> None:
    marked = f"{prompt} [[bfl:drop]]"
    url = _ticket(simulators, marked)["polling_url"]

    with pytest.raises(requests.ConnectionError):
        _poll(url)
    assert _states(url)[-1]["status"] == "Ready"
    assert simulators.calls.count("bfl", marked) == 1


def test_a_hanging_job_stays_pending(simulators: Simulators, prompt: str) -> None:
    url = _ticket(simulators, f"{prompt} [[bfl:hang]] [[bfl:slow=0]]")["polling_url"]

    assert {_poll(url).json()["status"] for _ in range(5)} == {"Pending"}
