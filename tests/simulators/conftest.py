"""The simulators on their own thread, once for the whole set."""

from collections.abc import Iterator

import pytest

from devstack.simulators import Simulators, running_simulators


@pytest.fixture(scope="session")
def simulators() -> Iterator[Simulators]:
    with running_simulators(pace=0.02) as running:
        yield running


@pytest.fixture
def prompt(request: pytest.FixtureRequest) -> str:
    """A prompt that no other test uses, so that calls can be counted by it."""
    name = "".join(letter if letter.isalnum() else " " for letter in request.node.nodeid)
    return f"a small boat at sea, {name}"
