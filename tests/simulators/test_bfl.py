from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from devstack.simulators import Simulators
from tests.simulators.doors import Door, door_to

SMALL: dict[str, Any] = {"width": 256, "height": 256}


@pytest.fixture
def door(simulators: Simulators) -> Door:
    return door_to(simulators, "bfl")


def _problem(answer: requests.Response) -> tuple[str, str]:
    """The type of the first problem, and the field it names."""
    assert answer.status_code == 422
    problem = answer.json()["detail"][0]
    return problem["type"], problem["loc"][-1]


def _poll(url: str, key: str = "a-key") -> requests.Response:
    return requests.get(url, headers={"x-key": key}, timeout=10)


def test_a_ticket_promises_a_picture_at_another_host(simulators: Simulators, door: Door) -> None:
    ticket = door.ask("a cat", **SMALL).json()

    assert set(ticket) == {"id", "polling_url", "cost", "input_mp", "output_mp"}
    assert urlsplit(ticket["polling_url"]).netloc != urlsplit(simulators.base_urls["bfl"]).netloc


def test_a_rebuilt_polling_url_is_not_found(simulators: Simulators, door: Door) -> None:
    ticket = door.ask("a cat", **SMALL).json()
    base = simulators.base_urls["bfl"]

    assert _poll(f"{base}/v1/get_result?id={ticket['id']}").status_code in (404, 405)


def test_a_job_is_ready_after_it_was_pending(door: Door) -> None:
    url = door.ask("a cat [[bfl:slow=0.3]]", model="flux-3-image").json()["polling_url"]
    seen: list[str] = []
    while not seen or seen[-1] != "Ready":
        state = _poll(url).json()
        if not seen or seen[-1] != state["status"]:
            seen.append(state["status"])

    assert seen == ["Pending", "Reasoning", "Generating", "Ready"]
    assert state["result"]["sample"]


def test_the_sample_is_given_to_nobody_who_shows_a_key(door: Door) -> None:
    state = door.finished(door.ask("a cat", **SMALL).json()["polling_url"])
    sample = state["result"]["sample"]

    for headers in ({"x-key": "a-key"}, {"Authorization": "Bearer a-key"}):
        assert requests.get(sample, headers=headers, timeout=10).status_code == 403
    answer = requests.get(sample, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")


def test_polling_needs_the_key(door: Door) -> None:
    url = door.ask("a cat", **SMALL).json()["polling_url"]

    assert requests.get(url, timeout=10).status_code == 403
    assert _poll(url, "invalid-key").status_code == 403


def test_an_unknown_task_is_said_to_be_so(door: Door) -> None:
    url = door.ask("a cat", **SMALL).json()["polling_url"]

    answer = _poll(url.split("?")[0] + "?id=nothing")
    assert (answer.status_code, answer.json()["status"]) == (404, "Task not found")


@pytest.mark.parametrize(
    "name", ["seed", "width", "height", "output_format", "guidance", "steps", "negative_prompt"]
)
def test_flux_3_takes_none_of_the_older_fields(door: Door, name: str) -> None:
    fields: dict[str, Any] = {name: 512}
    answer = door.ask("a cat", model="flux-3-image", **fields)

    assert _problem(answer) == ("extra_forbidden", name)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("flux-3-image", {"aspect_ratio": "7:3"}),
        ("flux-3-image", {"resolution": "8k"}),
        ("flux-3-image", {"safety_tolerance": 5}),
        ("flux-2-pro", {"width": 1000}),
        ("flux-2-pro", {"width": 32}),
        ("flux-2-pro", {"aspect_ratio": "1:1"}),
        ("flux-2-pro", {"steps": 10}),
        ("flux-2-pro", {"output_format": "webp"}),
        ("flux-2-klein-9b", {"input_image_5": "aGk="}),
        ("flux-2-flex", {"steps": 51}),
        ("flux-2-flex", {"guidance": 1.0}),
        ("flux-pro-1.1", {"width": 1472}),
        ("flux-pro-1.1", {"height": 240}),
        ("flux-pro-1.1", {"width": 1000}),
        ("flux-pro-1.1", {"steps": 20}),
        ("flux-pro-1.1-ultra", {"width": 1024}),
        ("flux-dev", {"guidance": 9.0}),
        ("flux-dev", {"seed": -1}),
    ],
)
def test_a_value_outside_a_familys_limits_is_named(
    door: Door, model: str, fields: dict[str, Any]
) -> None:
    assert _problem(door.ask("a cat", model=model, **fields))[1] == next(iter(fields))


def test_flux_2_draws_at_most_four_megapixels(door: Door) -> None:
    assert door.ask("a cat", model="flux-2-pro", width=2048, height=2048).ok
    assert door.ask("a cat", model="flux-2-pro", width=2064, height=2048).status_code == 422


@pytest.mark.parametrize(
    ("model", "fields", "cost"),
    [
        ("flux-3-image", {}, 4.8),
        ("flux-2-pro", {}, 3.0),
        ("flux-2-pro", {"width": 2048, "height": 2048}, 7.5),
        ("flux-2-max", {}, 7.0),
        ("flux-2-flex", {"steps": 20, "guidance": 4}, 5.0),
        ("flux-2-klein-4b", {}, 1.4),
        ("flux-2-klein-9b", {}, 1.5),
        ("flux-pro-1.1", {}, 4.0),
        ("flux-pro-1.1-ultra", {"aspect_ratio": "16:9"}, 6.0),
        ("flux-dev", {"steps": 28, "guidance": 3}, 2.5),
    ],
)
def test_a_ticket_says_what_the_picture_costs(
    door: Door, model: str, fields: dict[str, Any], cost: float
) -> None:
    assert door.ask("a cat", model=model, **fields).json()["cost"] == cost


def test_moderation_is_a_status_and_not_billed(
    simulators: Simulators, door: Door, prompt: str
) -> None:
    marked = f"{prompt} [[bfl:refuse]]"
    answer = door.ask(marked, **SMALL)

    state = door.finished(answer.json()["polling_url"])
    assert (state["status"], state["result"]) == ("Request Moderated", None)
    assert simulators.calls.count("bfl", marked) == 0


def test_a_dropped_poll_loses_nothing(simulators: Simulators, door: Door, prompt: str) -> None:
    marked = f"{prompt} [[bfl:drop]]"
    url = door.ask(marked, **SMALL).json()["polling_url"]

    with pytest.raises(requests.ConnectionError):
        _poll(url)
    assert door.finished(url)["status"] == "Ready"
    assert simulators.calls.count("bfl", marked) == 1


def test_a_hanging_job_stays_pending(door: Door) -> None:
    url = door.ask("a cat [[bfl:hang]] [[bfl:slow=0]]", **SMALL).json()["polling_url"]

    assert {_poll(url).json()["status"] for _ in range(5)} == {"Pending"}
