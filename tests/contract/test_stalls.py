"""Whatever a provider stops at after its first answer, the picture ends at its deadline."""

import time

import pytest

from tests.contract.case import ADAPTERS, PROVIDERS, Answer, ModelCase, Replay
from tests.contract.driving import driver_at
from tests.contract.servers import replay_server
from tests.contract.test_tickets import RESUMABLE
from tests.support.providers import ANSWERING

SECONDS, SOON = 0.4, 6.0


def _exchange(provider: str) -> Replay | None:
    """The shortest documented exchange in which a picture is collected, if it ever is."""
    replays = (r for r in PROVIDERS[provider].replays if len(r.answers) > 1)
    collected = [r for r in replays if not r.code and r.answers[-1].picture]
    return min(collected, key=lambda r: len(r.answers), default=None)


COLLECTED = {provider: found for provider in ANSWERING if (found := _exchange(provider))}
STEPS = [(p, r, step) for p, r in COLLECTED.items() for step in range(1, len(r.answers))]


@pytest.mark.parametrize("how", ["silent", "drips"])
@pytest.mark.parametrize(
    ("provider", "replay", "step"), STEPS, ids=[f"{p}-{step}" for p, _, step in STEPS]
)
def test_an_exchange_that_stalls_at_any_step_ends_at_the_deadline(
    provider: str, replay: Replay, step: int, how: str
) -> None:
    answers = (*replay.answers[:step], Answer(200, stall=how))
    with replay_server(answers) as server:
        driver = driver_at(ModelCase(provider, replay.model_id), server.origin)
        context = driver.context(SECONDS)
        began = time.monotonic()
        error = driver.error("a slow river", context)
    assert time.monotonic() - began < SECONDS + SOON
    assert error is not None
    assert (error.code, error.billed != "no") == ("TIMEOUT", True)


def test_every_provider_that_names_an_address_has_such_an_exchange() -> None:
    fetching = {
        case.provider
        for case in ADAPTERS
        if "fetcher" in _names(driver_at(case, "http://127.0.0.1:9").provider)
    }
    assert {case.provider for case in RESUMABLE} <= set(COLLECTED)
    assert fetching - set(COLLECTED) <= {"stability"}, "it asks for bytes, and collects nothing"


def _names(provider: object) -> set[str]:
    client = getattr(provider, "client", None)
    return {*vars(provider), *(vars(client) if hasattr(client, "__dict__") else ())}
