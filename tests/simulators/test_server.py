import ast
import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from aiohttp import web

import devstack.simulators
from devstack.simulators import Ledger, Simulators, running_simulators
from devstack.simulators.backend import Backend, Order
from devstack.simulators.faults import Faults, parse_faults
from devstack.simulators.generic import Generic
from devstack.simulators.server import SimulatorCrashed
from tests.simulators.asking import asked
from tests.support.providers import ANSWERING

PACKAGE = Path(devstack.simulators.__file__).parent
PROVIDERS = set(ANSWERING)


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


def test_the_simulators_share_nothing_with_the_product() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not [name for name in names if name.split(".")[0] == "chalicelib"], path


def test_every_provider_of_the_product_has_a_simulator_on_loopback(simulators: Simulators) -> None:
    assert set(simulators.base_urls) == PROVIDERS
    assert {urlsplit(url).hostname for url in simulators.base_urls.values()} == {"127.0.0.1"}


class Broken(Generic):
    """A simulator with a mistake in it."""

    def check_key(self, request: web.Request) -> None:
        raise KeyError("a table without this model")


def test_a_crash_of_a_simulator_is_raised_and_not_mistaken_for_the_providers_fault() -> None:
    with running_simulators(pace=0, kinds=[Broken]) as simulators:
        simulators.raise_crash()
        answer = asked("generic").send(simulators)

        with pytest.raises(SimulatorCrashed, match="a table without this model"):
            simulators.raise_crash()
        simulators.raise_crash()

    assert answer.status_code == 500


def test_a_hundred_calls_at_once_are_all_answered(simulators: Simulators, prompt: str) -> None:
    request = asked("openai").prompting(prompt)

    with ThreadPoolExecutor(100) as threads:
        answers = list(threads.map(lambda _: request.send(simulators), range(100)))

    assert [answer.status_code for answer in answers] == [200] * 100
    assert simulators.calls.count("openai", prompt) == 100


def test_a_chunked_body_is_read(simulators: Simulators) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"prompt": "a cat", '
        yield b'"model": "hunyuan-image-3"}'

    answer = requests.post(
        f"{simulators.base_urls['generic']}/images/generations",
        chunks(),
        headers={"Authorization": "Bearer a-key"},
        timeout=10,
    )

    assert answer.ok


def test_calls_can_be_counted_and_forgotten_over_http(prompt: str) -> None:
    with running_simulators(pace=0) as simulators:
        asked("bfl").prompting(prompt).send(simulators)
        asked("bfl").prompting(f"{prompt} [[bfl:no_credit]]").send(simulators)
        counted = requests.get(simulators.control_url, timeout=10).json()
        forgotten = requests.delete(simulators.control_url, timeout=10)

        assert counted["images"]["providers"]["bfl"]["prompts"] == {prompt: 1}
        assert counted["attempts"]["total"] == 2
        assert forgotten.status_code == 204
        assert simulators.calls.all() == ()


def test_stopping_ends_the_calls_that_hang_and_closes_the_ports() -> None:
    ended = threading.Event()

    request = asked("openai").prompting("a cat [[openai:hang]]")

    def hang(running: Simulators) -> None:
        with pytest.raises(requests.ConnectionError):
            request.send(running)
        ended.set()

    with running_simulators(pace=0) as simulators:
        caller = threading.Thread(target=hang, args=(simulators,))
        caller.start()
        _wait_until_called(simulators)
        stopping = time.monotonic()

    assert ended.wait(5)
    caller.join()
    assert time.monotonic() - stopping < 5
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", _port(simulators.base_urls["openai"])), 5)


def _wait_until_called(simulators: Simulators) -> None:
    deadline = time.monotonic() + 5
    while not simulators.calls.all():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_they_can_be_started_and_stopped_on_the_callers_own_loop() -> None:
    async def start_and_stop() -> set[str]:
        simulators = Simulators(pace=0)
        await simulators.start()
        await simulators.stop()
        return set(simulators.base_urls)

    assert asyncio.run(start_and_stop()) == PROVIDERS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_prints_its_base_urls_and_ends_when_asked(number: int) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "devstack.simulators", "--pace", "0"],
        cwd=PACKAGE.parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout
        addresses = json.loads(program.stdout.readline())
        assert requests.get(addresses["control_url"], timeout=10).ok
        program.send_signal(number)
        _, errors = program.communicate(timeout=10)
    finally:
        program.kill()

    assert (program.returncode, errors) == (0, "")
    assert set(addresses["base_urls"]) == PROVIDERS


def test_every_model_has_a_pace_of_its_own_between_a_third_of_a_second_and_three() -> None:
    backend = Backend(Ledger())
    models = [f"model-{number}" for number in range(50)]
    seconds = [backend.seconds(Order("bfl", model, "a cat"), Faults()) for model in models]

    assert len(set(seconds)) == len(models)
    assert 0.3 <= min(seconds) < 0.7
    assert 2.5 < max(seconds) <= 3.0
    assert seconds == [backend.seconds(Order("bfl", model, "a cat"), Faults()) for model in models]


def test_pace_scales_the_models_time_and_not_the_marks() -> None:
    order = Order("bfl", "model", "a cat")
    slow = parse_faults("[[bfl:slow=2]]", "bfl")

    assert Backend(Ledger(), 0.1).seconds(order, Faults()) == pytest.approx(
        Backend(Ledger(), 1).seconds(order, Faults()) / 10
    )
    assert Backend(Ledger(), 0.1).seconds(order, slow) == 2
