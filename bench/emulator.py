"""The AWS emulator by itself, as the local engine runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from devstack.settings import PROJECT
from devstack.state.bootstrap import bootstrap
from devstack.state.emulator import Emulator
from devstack.template import Template

NEVER = 86_400.0


@contextmanager
def emulator() -> Iterator[str]:
    """Its address, with the product's table and bucket; empty, and gone afterwards.

    It writes no snapshots, so that they do not fall into a measurement.
    """
    with TemporaryDirectory() as directory, asyncio.Runner() as runner:
        state = Emulator(Path(directory), NEVER)
        process = runner.run(state.begin())
        try:
            bootstrap(state.url, Template.read(PROJECT))
            yield state.url
        finally:
            runner.run(process.stop())
