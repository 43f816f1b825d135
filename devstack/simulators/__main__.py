"""Runs the simulators alone: prints one JSON line of base URLs, ends on SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal

from devstack.simulators import Simulators

LAST_IN_LINE = 10
"""They stand for other people's machines: what they draw should not slow down the product."""


async def serve(pace: float) -> None:
    """Serves until the process is asked to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    simulators = Simulators(pace)
    await simulators.start()
    print(json.dumps(dict(simulators.base_urls)), flush=True)
    await ended.wait()
    await simulators.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0, help="scales the time pictures take")
    os.nice(LAST_IN_LINE)
    asyncio.run(serve(parser.parse_args().pace))
