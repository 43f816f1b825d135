"""A machine that sleeps while a picture is made takes it all the same when it wakes: it is paid."""

import time
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.providers.base import EndsAt
from tests.contract.case import Answer, ModelCase, Replay
from tests.contract.driving import driver_at
from tests.contract.servers import PNG, ReplayServer, replay_server
from tests.contract.test_stalls import COLLECTED, STEPS

AN_HOUR = 3600.0


@dataclass
class Sleeper:
    """A clock that goes an hour ahead while the given answer is on its way."""

    server: ReplayServer
    step: int
    began: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        slept = len(self.server.paths) >= self.step
        return time.monotonic() - self.began + (AN_HOUR if slept else 0.0)


@pytest.mark.parametrize(
    ("provider", "replay", "step"), STEPS, ids=[f"{p}-{step}" for p, _, step in STEPS]
)
def test_a_picture_that_was_made_while_the_machine_slept_is_collected(
    provider: str, replay: Replay, step: int
) -> None:
    with replay_server(replay.answers) as server:
        driver = driver_at(ModelCase(provider, replay.model_id), server.origin)
        told: list[str] = []
        context = replace(
            driver.context(),
            deadline=EndsAt(20.0, Sleeper(server, step).now),
            answered=lambda: told.append(server.paths[-1]),
        )
        picture = driver.draw("a slow river", context)
        collected = server.paths[-1]

    assert picture.data == PNG
    assert len(told) == 1
    assert told != [collected], "whoever waits is told before the picture is collected"


@pytest.mark.parametrize("provider", COLLECTED)
def test_a_picture_that_never_comes_ends_soon_after_the_machine_woke(provider: str) -> None:
    replay = COLLECTED[provider]
    last = len(replay.answers) - 1
    answers = (*replay.answers[:-1], Answer(200, stall="drips"))
    with replay_server(answers) as server:
        driver = driver_at(ModelCase(provider, replay.model_id), server.origin)
        sleeper = Sleeper(server, last)
        context = replace(driver.context(), deadline=EndsAt(20.0, sleeper.now))
        error = driver.error("a slow river", context)

    assert error is not None
    assert (error.code, error.billed) == ("TIMEOUT", "yes")
    assert sleeper.now() < AN_HOUR + 20.0
