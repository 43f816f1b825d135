"""Run the simulators alone: print one JSON line of addresses, end on SIGINT or SIGTERM.

SIMULATOR_KEY in the environment is the one key that the providers take; without it they take any.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
from collections.abc import Sequence
from functools import partial

from devstack.own_model import container
from devstack.own_model.delivery import LocalDelivery
from devstack.own_model.endpoint import OwnEndpoint
from devstack.simulators import Simulators
from devstack.simulators.server import Kind, discovered

LAST_IN_LINE = 10
"""They stand for other people's machines: what they draw should not slow down the product."""


async def serve(pace: float, key: str | None, ports: Sequence[int]) -> None:
    """Serve until the process is asked to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    simulators = Simulators(pace, kinds=_kinds(pace), key=key, ports=ports)
    await simulators.start()
    told = {
        "base_urls": dict(simulators.base_urls),
        "control_url": simulators.control_url,
        "ports": simulators.ports,
    }
    print(json.dumps(told), flush=True)
    await ended.wait()
    await simulators.stop()


def _kinds(pace: float) -> Sequence[Kind]:
    """Return every provider, and the endpoints of one's own where the engine wants them."""
    delivery = LocalDelivery.from_environment()
    if delivery is None:
        return discovered()
    draws = container.from_environment
    own = partial(OwnEndpoint, delivery=delivery, pace=pace, container=draws)
    return [*discovered(), own]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0, help="scales the time pictures take")
    parser.add_argument("--ports", type=int, nargs="*", default=[], help="those of an earlier run")
    os.nice(LAST_IN_LINE)
    asked = parser.parse_args()
    asyncio.run(serve(asked.pace, os.environ.get("SIMULATOR_KEY"), asked.ports))
