"""The provider simulators as a child process, so that drawing never delays the gateways.

Each start has its own random key, which is the only one that the simulated providers take: other
users of the machine can reach the ports, but use nothing and read no prompt.
"""

from __future__ import annotations

import json
import secrets
import sys
from typing import BinaryIO

from devstack.child import Child, clean_environment
from devstack.environment import SimulatedProviders
from devstack.settings import PROJECT, EngineError

KEY_BYTES = 16


class Simulation:
    """Simulators on free loopback ports; `control_url` shows and forgets their calls."""

    def __init__(self, child: Child, providers: SimulatedProviders, control_url: str) -> None:
        self._child = child
        self.providers = providers
        self.control_url = control_url

    @property
    def pid(self) -> int:
        return self._child.pid

    @classmethod
    async def start(cls, pace: float, log: BinaryIO) -> Simulation:
        """Return once they listen; raise EngineError when they do not."""
        key = secrets.token_hex(KEY_BYTES)
        command = [sys.executable, "-m", "devstack.lifeline", "devstack.simulators"]
        child = await Child.start(
            [*command, "--pace", str(pace)],
            # Not an argument: other users of the machine see those.
            {**clean_environment(), "PYTHONPATH": str(PROJECT), "SIMULATOR_KEY": key},
            log,
            cwd=PROJECT,
            read_output=True,
        )
        line = await child.read_line()
        if not line:
            raise EngineError("The provider simulators did not start; see engine.log.")
        told = json.loads(line)
        return cls(child, SimulatedProviders(told["base_urls"], key), told["control_url"])

    async def stop(self) -> None:
        await self._child.stop()
