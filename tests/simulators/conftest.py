"""The simulators on their own thread, once for the whole set."""

import hashlib
from collections.abc import Iterator

import pytest

from devstack.simulators import Simulators, running_simulators

LETTERS = str.maketrans("0123456789", "ghijklmnop")


@pytest.fixture(scope="session")
def simulators() -> Iterator[Simulators]:
    with running_simulators(pace=0.02) as running:
        yield running


@pytest.fixture
def prompt(request: pytest.FixtureRequest) -> str:
    """A prompt that no other test uses, so that calls can be counted by it.

    What makes it unique is a mark that no simulator knows: the picture stays the same, and is
    drawn once for all tests.
    """
    digest = hashlib.sha256(request.node.nodeid.encode()).hexdigest()
    return f"a small boat at sea [[test:{digest.translate(LETTERS)[:24]}]]"


@pytest.fixture(autouse=True)
def no_crash(simulators: Simulators) -> Iterator[None]:
    """Fail the test whose request made a simulator raise what no protocol knows."""
    yield
    simulators.raise_crash()
