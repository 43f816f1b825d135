"""Runs the whole product on this machine.

    python -m devstack [--live] [--project DIRECTORY]

Exit status: 0 after Ctrl-C or SIGTERM, 1 with one sentence when it cannot start.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from chalicelib.config import SettingsError
from devstack import settings
from devstack.edge import mails
from devstack.engine import Engine
from devstack.environment import unproxied
from devstack.reload import reload_on_change
from devstack.settings import PROJECT, EngineError
from devstack.state.pool import Person


def main() -> int:
    parser = argparse.ArgumentParser(prog="devstack", description="Runs Pixel Prompt locally.")
    parser.add_argument("--live", action="store_true", help="reload Python and page on change")
    parser.add_argument("--project", type=Path, default=PROJECT, help="where app.py is")
    asked = parser.parse_args()
    # What the engine and its parts write is for this user only.
    os.umask(0o077)
    try:
        person = settings.person_environment(asked.project)
        # The engine's own clients call the emulator.
        os.environ.update(unproxied(os.environ))
        chosen = settings.load(person, asked.project.resolve())
        engine = Engine(chosen, person, live=asked.live)
        asyncio.run(_until_stopped(_run(engine, chosen.project if asked.live else None)))
    except (SettingsError, EngineError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


async def _run(engine: Engine, watched: Path | None) -> None:
    print("Starting the local engine …", flush=True)
    async with engine:
        if engine.newcomer:
            print(_welcome(engine.url, engine.newcomer), flush=True)
        print(f"Pixel Prompt is ready at {engine.url}", flush=True)
        reloading = [reload_on_change(engine.app, watched)] if watched else []
        await asyncio.gather(engine.run(), *reloading)


def _welcome(url: str, administrator: Person) -> str:
    return (
        f"The first administrator is {administrator.email}, password {administrator.password}\n"
        f"  This is shown once. Mails of accounts come here and to {url}{mails.PATH}"
    )


async def _until_stopped(work: Any) -> None:
    """Ends the work on the first SIGINT or SIGTERM; further ones do not disturb its clean-up."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    sys.exit(main())
