"""The container under test: a stand-in pipeline, or with CONTAINER=diffusers the tiny real one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.model.container import STAND_IN, TINY, Container

Start = Callable[..., Container]
TINY_SETTINGS = {
    "MODEL_DIR": str(TINY),
    # Threads that wait for each other over such small tensors take far longer than one.
    "OMP_NUM_THREADS": "1",
}
IS_REAL = os.environ.get("CONTAINER") == "diffusers"


@pytest.fixture(scope="session")
def start_container() -> Iterator[Start]:
    """Starts one with these settings; `module` and `MODEL_DIR` say another pipeline."""
    started: list[Container] = []

    def start(module: str = "model" if IS_REAL else STAND_IN, **settings: Any) -> Container:
        started.append(Container(module, **{**TINY_SETTINGS, **settings}))
        return started[-1]

    yield start
    for container in started:
        container.close()


@pytest.fixture(scope="session")
def container(start_container: Start) -> Container:
    """One that is ready."""
    ready = start_container()
    ready.wait_for("ready")
    return ready
