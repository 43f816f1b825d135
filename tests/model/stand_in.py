"""The real server with a pipeline that needs no torch: `python -m tests.model.stand_in`.

What the prompt says decides how it behaves; LOAD=never or LOAD=broken decide how it loads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from PIL import Image

from model.__main__ import run
from model.device import Pipeline
from model.errors import ContentFiltered, OutOfMemory, Stopping
from model.order import Order
from model.picture import Drawn

STEP_SECONDS = 0.05
STUCK_SECONDS = 60.0


class StandIn:
    """Draws noise of the order's size from its seed."""

    def draw(self, order: Order, is_given_up: Callable[[], bool]) -> Drawn:
        _behave(order.prompt)
        for _ in range(order.steps or 1):
            if is_given_up():
                raise Stopping
            if order.prompt == "slow":
                time.sleep(STEP_SECONDS)
        size = (order.width or 64, order.height or 64)
        seed = 1 if order.seed is None else order.seed
        noise = Random(seed).randbytes(size[0] * size[1] * 3)
        told = order.model_dump(exclude_none=True)
        return Drawn(Image.frombytes("RGB", size, noise), told | {"seed": seed})


def _behave(prompt: str) -> None:
    if prompt == "broken":
        raise RuntimeError("canary")
    if prompt == "huge":
        raise OutOfMemory
    if prompt == "filtered":
        raise ContentFiltered
    if prompt == "stuck":
        time.sleep(STUCK_SECONDS)


def load(folder: Path) -> Pipeline:
    """As LOAD says."""
    wanted = os.environ.get("LOAD", "")
    if wanted == "broken":
        raise RuntimeError("no such folder")
    while wanted == "never":
        time.sleep(STEP_SECONDS)
    return StandIn()


if __name__ == "__main__":
    run(load)
