"""The provider simulators as a child process, so that drawing never delays the gateways."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import BinaryIO

from devstack.child import Child, clean_environment
from devstack.settings import PROJECT, EngineError


class Simulation:
    """Simulators on free loopback ports; `base_urls` by provider."""

    def __init__(self, child: Child, base_urls: Mapping[str, str]) -> None:
        self._child = child
        self.base_urls = base_urls

    @property
    def pid(self) -> int:
        return self._child.pid

    @classmethod
    async def start(cls, pace: float, log: BinaryIO) -> Simulation:
        """Returns once they listen; raises EngineError when they do not."""
        command = [sys.executable, "-m", "devstack.lifeline", "devstack.simulators"]
        child = await Child.start(
            [*command, "--pace", str(pace)],
            {**clean_environment(), "PYTHONPATH": str(PROJECT)},
            log,
            cwd=PROJECT,
            read_output=True,
        )
        line = await child.read_line()
        if not line:
            raise EngineError("The provider simulators did not start; see engine.log.")
        return cls(child, json.loads(line))

    async def stop(self) -> None:
        await self._child.stop()
