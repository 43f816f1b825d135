"""Who may talk to the simulators: whoever has the key of this start, and no page in a browser."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from devstack.simulators import Simulators, running_simulators
from tests.simulators.asking import asked
from tests.support.providers import ANSWERING

KEY = "the-key-of-this-start"
HOSTILE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8000"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": ""},
]


@pytest.fixture(scope="module")
def guarded() -> Iterator[Simulators]:
    """Simulators that take one key only."""
    with running_simulators(pace=0, key=KEY) as running:
        yield running


@pytest.mark.parametrize("provider", ANSWERING)
def test_the_key_of_this_start_is_taken_and_any_other_is_a_bad_key(
    provider: str, guarded: Simulators, prompt: str
) -> None:
    request = asked(provider).prompting(prompt)
    marked = asked(provider).prompting(f"{prompt} [[{provider}:bad_key]]").with_key(KEY)
    own_way = marked.send(guarded)

    assert request.with_key(KEY).send(guarded).ok
    for wrong in ("simulated", f"{KEY}-and-more", KEY[:-1]):
        refused = request.with_key(wrong).send(guarded)
        assert (refused.status_code, refused.content) == (own_way.status_code, own_way.content)


@pytest.mark.parametrize("headers", HOSTILE, ids=str)
@pytest.mark.parametrize("provider", ANSWERING)
def test_a_page_in_a_browser_has_no_effect_and_reads_nothing(
    provider: str, headers: dict[str, str], guarded: Simulators, prompt: str
) -> None:
    request = asked(provider).prompting(prompt).with_key(KEY)
    answer = replace(request, headers={**request.headers, **headers}).send(guarded)

    assert answer.status_code in (400, 403)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert not [call for call in guarded.calls.all() if call.prompt == prompt]


@pytest.mark.parametrize("headers", HOSTILE, ids=str)
def test_no_port_answers_a_page_in_a_browser(headers: dict[str, str], guarded: Simulators) -> None:
    for url in (guarded.control_url, *guarded.hosts):
        assert requests.get(url, headers=headers, timeout=10).status_code in (400, 403)


def test_the_calls_are_shown_to_who_has_the_key(guarded: Simulators) -> None:
    assert requests.get(guarded.control_url, timeout=10).ok
    for other in ("any", "simulated", ""):
        url = guarded.control_url.replace(KEY, other)
        assert requests.get(url, timeout=10).status_code == 404
