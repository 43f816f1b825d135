"""Starts each engine once for all the tests that need it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.emulator.product import opened
from tests.e2e.engines import Running, Stack, running_engine, running_stack
from tests.e2e.guest import Guest, Person
from tests.e2e.own_model import SETTINGS as OWN_MODEL

ENGINES = ("packaged", "local", "local with accounts")
PATIENCE = 900
"""Seconds: the first test of an engine waits for packaging and deploying."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {"ALLOW_DELETE": "1", "BATCHES": "1", **OWN_MODEL}
    with running_stack(tmp_path_factory.mktemp("stack"), settings=settings) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def stack_url(stack: Stack) -> Iterator[str]:
    with opened(stack.emulator, stack.outputs) as url:
        yield url


@pytest.fixture(scope="session", params=ENGINES)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    if request.param == "packaged":
        yield Running(request.getfixturevalue("stack_url"))
        return
    has_accounts = request.param == "local with accounts"
    with running_engine(tmp_path_factory.mktemp("engine"), has_accounts) as local:
        yield local


@pytest.fixture
def guest(running: Running) -> Guest:
    """Whoever may use the product: everybody, or somebody who has signed in."""
    return Person(running.url, token=running.token) if running.token else Guest(running.url)
