"""What the adapter of one's own models promises, against the double that speaks the wire."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from chalicelib.config import SettingsError, load
from chalicelib.generation.outputs import told_seed
from chalicelib.providers.adapters.sagemaker.notices import (
    failure_key,
    failure_of,
    output_key,
    read_notice,
)
from chalicelib.providers.base import CallContext, Deferred, EndsAt, ImageRequest
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from devstack.own_model.container import LocalContainer, check
from devstack.own_model.endpoint import OwnEndpoint
from devstack.settings import EngineError
from devstack.simulators import Simulators, running_simulators
from tests.contract.case import Answer
from tests.contract.driving import Driver
from tests.contract.servers import closed_port, replay_server
from tests.support.product import wait_until

NAME = "0f8fad5b-d9cb-469f-a165-70867728950e.3.1"
PATIENCE_S = 20.0
STAND_IN = (sys.executable, "-m", "devstack.lifeline", "tests.model.stand_in")


@dataclass
class Memory:
    """What was delivered; `told` is set by each notice."""

    output: str = "s3://bucket/own-models"
    objects: dict[str, bytes] = field(default_factory=dict)
    notices: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    told: threading.Event = field(default_factory=threading.Event)

    async def put(self, location: str, data: bytes) -> None:
        self.objects[location] = data

    async def publish(self, subject: str, message: str, attributes: Mapping[str, str]) -> None:
        self.notices.append((subject, message, attributes))
        self.told.set()


@contextmanager
def endpoints(
    pace: float = 0.001, container: LocalContainer | None = None
) -> Iterator[tuple[Simulators, Memory]]:
    memory = Memory()
    kind = partial(OwnEndpoint, delivery=memory, pace=pace, container=lambda: container)
    with running_simulators(pace, [kind]) as running:
        yield running, memory


@pytest.fixture(autouse=True)
def role(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the function's role, which is all that an endpoint of one's own is called with."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "role")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def driver(base_url: str, **chosen: str) -> Driver:
    own = {"NAME": "Ours", "PROVIDER": "sagemaker", "ID": "own", "KEY": "N/A", **chosen}
    slot = {f"MODEL_1_{name}": value for name, value in own.items()}
    return Driver(load({"MODEL_COUNT": "1", "MODEL_1_BASE_URL": base_url, **slot}))


def hand_over(at: Driver, prompt: str, name: str = NAME, seconds: float = 900.0) -> Deferred:
    """Return how the call was handed over; raise the ProviderError that prevents it."""
    now = 0.0
    context = CallContext(EndsAt(now + seconds, lambda: now), at.sleep, name=name)
    try:
        at.provider.generate(at.request(prompt), context)
    except Deferred as handed_over:
        return handed_over
    raise AssertionError("a call that is handed over never returns")


def test_a_call_is_handed_over_drawn_and_told_where_its_name_says() -> None:
    with endpoints() as (running, memory):
        ticket = hand_over(driver(running.base_urls["sagemaker"]), "a lighthouse").ticket
        assert memory.told.wait(PATIENCE_S)

    assert ticket is not None
    assert failure_key(ticket, "bucket")
    (picture,) = memory.objects.values()
    assert list(memory.objects) == [f"s3://bucket/{output_key(NAME)}"]
    assert type(told_seed(picture)) is int
    subject, message, attributes = memory.notices[0]
    assert (subject, attributes) == (
        "Amazon SageMaker Async Inference Completed",
        {"invocationStatus": "Completed"},
    )
    notice = read_notice(message)
    assert (notice.name, notice.is_completed) == (NAME, True)


@pytest.mark.parametrize(
    ("fault", "code", "billed"),
    [
        ("bad_key", "BAD_KEY", "no"),
        ("rate_limit", "RATE_LIMITED", "no"),
        ("server_error", "UNAVAILABLE", "unknown"),
        ("retired", "MODEL_RETIRED", "no"),
    ],
)
def test_what_the_service_refuses_ends_as_ours(fault: str, code: str, billed: str) -> None:
    with endpoints() as (running, memory):
        at = driver(running.base_urls["sagemaker"])
        with pytest.raises(ProviderError) as caught:
            hand_over(at, f"a lighthouse [[*:{fault}]]")

    assert (caught.value.code, caught.value.billed) == (code, billed)
    assert memory.objects == {}


def test_an_answer_that_was_lost_leaves_the_call_to_its_notice() -> None:
    with endpoints() as (running, memory):
        handed = hand_over(driver(running.base_urls["sagemaker"]), "a pier [[*:drop]]")
        assert memory.told.wait(PATIENCE_S)

    assert handed.ticket is None
    assert list(memory.objects) == [f"s3://bucket/{output_key(NAME)}"]


def test_a_container_that_refuses_is_told_by_a_notice_in_our_words() -> None:
    with endpoints() as (running, memory):
        at = driver(running.base_urls["sagemaker"])
        handed = hand_over(at, "a pier [[*:refuse]]")
        assert memory.told.wait(PATIENCE_S)

    assert handed.ticket is not None
    assert b"INVALID_INPUT" in memory.objects[handed.ticket]
    notice = read_notice(memory.notices[0][1])
    error = failure_of(notice, Failures.of(at.slot.model))
    assert (notice.is_completed, error.code, error.billed) == (False, "BAD_REQUEST", "no")
    assert "empty" not in error.sentence


def test_nobody_there_is_no_call() -> None:
    with pytest.raises(ProviderError) as caught:
        hand_over(driver(closed_port()), "a lighthouse")

    assert (caught.value.code, caught.value.billed) == ("UNAVAILABLE", "no")


def test_an_endpoint_sleeps_wakes_and_sleeps_again() -> None:
    with endpoints(pace=0.01) as (running, memory):
        at = driver(running.base_urls["sagemaker"])
        assert at.providers.is_warm("own") is False
        hand_over(at, "a lighthouse")
        assert memory.told.wait(PATIENCE_S)
        assert at.providers.is_warm("own") is True
        wait_until(lambda: at.providers.is_warm("own") is False)


def test_the_real_server_draws_in_the_simulators_place_and_ends_when_it_sleeps(
    tmp_path: Path,
) -> None:
    container = LocalContainer(tmp_path, STAND_IN)
    with endpoints(pace=0.02, container=container) as (running, memory):
        at = driver(running.base_urls["sagemaker"], SIZE="64x64")
        assert (at.providers.is_warm("own"), container.is_running) == (False, False)
        hand_over(at, "a lighthouse")
        assert memory.told.wait(PATIENCE_S)
        assert (at.providers.is_warm("own"), container.is_running) == (True, True)
        memory.told.clear()
        refused = hand_over(at, "huge")
        assert memory.told.wait(PATIENCE_S)
        wait_until(lambda: not container.is_running)
        assert at.providers.is_warm("own") is False

    assert told_seed(memory.objects[f"s3://bucket/{output_key(NAME)}"]) == at.request("").seed
    assert b"OUT_OF_MEMORY" in memory.objects[refused.ticket or ""]
    assert '"failureReason": "ServerError: Received server error (500)' in memory.notices[1][1]


@pytest.mark.parametrize(
    ("made", "told"),
    [((), "`make model` does that"), (("python",), "where no pipeline lies")],
)
def test_a_container_that_cannot_start_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Sequence[str], told: str
) -> None:
    monkeypatch.setattr("devstack.own_model.container.PYTHON", tmp_path / "python")
    for name in made:
        (tmp_path / name).touch()
    with pytest.raises(EngineError, match=told):
        check(tmp_path)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, {"__type": "ValidationException", "message": "Could not find endpoint"}),
        Answer(200, {}),
        Answer(200, []),
        Answer(200, {"ProductionVariants": [{}]}),
        Answer(200, raw="<html>"),
        Answer(200, drop=True),
    ],
)
def test_whoever_does_not_say_leaves_it_unknown(answer: Answer) -> None:
    with replay_server((answer,) * 4) as server:
        assert driver(server.origin).providers.is_warm("own") is None


@pytest.mark.parametrize(
    ("chosen", "size"),
    [
        ({}, {"width": 1024, "height": 1024}),
        ({"SIZE": "256x320"}, {"width": 256, "height": 320}),
        ({"SIZE": "none"}, {}),
        ({"SIZE": "auto"}, {}),
    ],
)
def test_what_is_sent(chosen: dict[str, str], size: dict[str, int]) -> None:
    with replay_server((Answer(202, {"InferenceId": NAME}),)) as server:
        at = driver(server.origin, **chosen)
        request = ImageRequest("a lamp", seed=7)
        context = CallContext(EndsAt(900, lambda: 0), at.sleep, name=NAME)
        with pytest.raises(Deferred):
            at.provider.generate(request, context)

    assert json.loads(server.bodies[0]) == {"prompt": "a lamp", "seed": 7, **size}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ID": ""}, "MODEL_1_ID is empty"),
        ({"KEY": "sk-1"}, "MODEL_1_KEY must be N/A"),
        ({"TIMEOUT": "3601"}, "MODEL_1_TIMEOUT is '3601'"),
        ({"TIMEOUT": "59"}, "MODEL_1_TIMEOUT is '59'"),
    ],
)
def test_a_wrong_setting_stops_the_start(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        driver("http://127.0.0.1:9", **wrong)


@pytest.mark.parametrize(("timeout", "seconds"), [("", 900), ("60", 60), ("3600", 3600)])
def test_a_model_of_ones_own_may_take_an_hour(timeout: str, seconds: int) -> None:
    assert driver("http://127.0.0.1:9", TIMEOUT=timeout).slot.timeout == seconds
