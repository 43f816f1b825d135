"""A part of the engine that dies or is stopped: back in seconds, at the same address."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.figures import RecordFigure
from tests.support.product import PARTS, Product, processes, running_product, wait_until

HEALED_SECONDS = 5.0
HUNG_SECONDS = 60.0
"""What hangs is ended after 17 s without an answer; the rest is for a busy machine."""
NO_ROOM = 1
"""Bytes that a file may have when the disk counts as full."""


@pytest.fixture(scope="module")
def product(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("data"), project=project) as running:
        yield running


def works(product: Product) -> bool:
    """Whether the app writes and reads, and the simulators count."""
    try:
        item = requests.put(f"{product.api}/items/one", json={}, timeout=HEALED_SECONDS)
        calls = requests.get(product.simulator_control, timeout=HEALED_SECONDS)
    except requests.RequestException:
        return False
    return item.ok and item.json() == {"value": "kept"} and calls.ok


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_replaced_at_the_same_address(
    product: Product, part: str, record_figure: RecordFigure
) -> None:
    old = processes(product, part)
    assert old
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(processes(product, part) - old) == len(old))
    wait_until(lambda: works(product), HEALED_SECONDS)
    assert not processes(product, part) & old
    record_figure("R13", part=part, killed=len(old), healed=len(old))


@pytest.mark.parametrize("part", PARTS)
def test_a_stopped_part_goes_on(product: Product, part: str, record_figure: RecordFigure) -> None:
    stopped = processes(product, part)
    assert stopped
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: works(product), HEALED_SECONDS)
    assert processes(product, part) == stopped
    record_figure("R13", part=part, stopped=len(stopped), healed=len(stopped))


def health(product: Product) -> int:
    """What /health says, 0 for nothing in time."""
    try:
        return requests.get(f"{product.api}/health", timeout=HEALED_SECONDS).status_code
    except requests.RequestException:
        return 0


def test_a_process_of_the_app_that_hangs_is_told_by_health_and_replaced(
    product: Product, record_figure: RecordFigure
) -> None:
    wait_until(lambda: health(product) == 200)
    hung = product.worker_pid
    product.aws("lambda").invoke(
        FunctionName="worker", InvocationType="Event", Payload=json.dumps({"hang": True})
    )
    wait_until(lambda: health(product) == 503, HUNG_SECONDS)
    wait_until(lambda: product.worker_pid != hung, HUNG_SECONDS)
    wait_until(lambda: works(product) and health(product) == 200)
    assert hung not in processes(product, "app")
    record_figure("R13", part="app", hung=1, healed=1)


def test_health_is_not_ok_on_a_full_disk_and_is_again_when_there_is_room(
    product: Product, record_figure: RecordFigure
) -> None:
    wait_until(lambda: health(product) == 200)
    [emulator] = processes(product, "emulator")
    before = resource.prlimit(emulator, resource.RLIMIT_FSIZE, (NO_ROOM, resource.RLIM_INFINITY))
    try:
        answer = requests.get(f"{product.api}/health", timeout=20)
    finally:
        resource.prlimit(emulator, resource.RLIMIT_FSIZE, before)
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert answer.json()["error"].startswith(f"{product.data_dir} cannot be written;")
    assert set(answer.json()) == {"error", "code", "requestId"}
    wait_until(lambda: health(product) == 200)
    record_figure("R13", case="full disk, told by health", lost=0)


def test_a_part_that_cannot_be_replaced_ends_the_engine_and_is_named(
    project: Path, tmp_path: Path
) -> None:
    with running_product(tmp_path, project=project) as product:
        # A directory in the lock's place: no emulator can begin here any more.
        lock = tmp_path / "emulator.lock"
        lock.unlink()
        lock.mkdir()
        for pid in processes(product, "emulator"):
            os.kill(pid, signal.SIGKILL)
        output, _ = product.process.communicate(timeout=30)
        assert product.process.returncode == 1
        assert output.splitlines()[-1].startswith(f"{tmp_path} cannot be written;")
        assert "Traceback" not in output
