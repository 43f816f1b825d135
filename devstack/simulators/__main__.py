"""Run the simulators alone: print one JSON line of addresses, end on SIGINT or SIGTERM.

SIMULATOR_KEY in the environment is the one key that the providers take; without it they take any.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal

from devstack.simulators import Simulators

LAST_IN_LINE = 10
"""They stand for other people's machines: what they draw should not slow down the product."""


async def serve(pace: float, key: str | None) -> None:
    """Serve until the process is asked to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    simulators = Simulators(pace, key=key)
    await simulators.start()
    addresses = {"base_urls": dict(simulators.base_urls), "control_url": simulators.control_url}
    print(json.dumps(addresses), flush=True)
    await ended.wait()
    await simulators.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0, help="scales the time pictures take")
    os.nice(LAST_IN_LINE)
    asyncio.run(serve(parser.parse_args().pace, os.environ.get("SIMULATOR_KEY")))
