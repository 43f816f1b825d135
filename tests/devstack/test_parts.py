"""A part of the engine that dies or is stopped: back in seconds, at the same address."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.figures import RecordFigure
from tests.support.product import PARTS, Product, processes, running_product, wait_until

HEALED_SECONDS = 5.0


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
