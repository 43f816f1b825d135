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

RETENTION_DAYS = 30


@contextmanager
def emulator() -> Iterator[str]:
    """Its address, with the product's table and bucket; empty, and gone afterwards.

    It does not wait for the disk, so that this machine's does not fall into a measurement.
    """
    with TemporaryDirectory() as directory, emulator_in(Path(directory)) as url:
        yield url


@contextmanager
def emulator_in(directory: Path) -> Iterator[str]:
    """The same, with what the directory holds."""
    with asyncio.Runner() as runner:
        state = Emulator(directory, sync=False)
        process = runner.run(state.begin())
        try:
            bootstrap(state.url, Template.read(PROJECT), RETENTION_DAYS)
            yield state.url
        finally:
            runner.run(process.stop())
