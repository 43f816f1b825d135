"""The provider simulators as a child process, so that drawing never delays the gateways.

Each start has its own random key, which is the only one that the simulated providers take: other
users of the machine can reach the ports, but use nothing and read no prompt.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from devstack.child import Child, clean_environment
from devstack.environment import SimulatedProviders
from devstack.own_model import container
from devstack.own_model.delivery import VARIABLE, LocalDelivery
from devstack.pulse import any_answer
from devstack.settings import PROJECT, EngineError

KEY_BYTES = 16


class Simulation:
    """Simulators on free loopback ports; `control_url` shows and forgets their calls."""

    providers: SimulatedProviders
    control_url: str

    def __init__(
        self,
        pace: float,
        log: BinaryIO,
        delivery: LocalDelivery | None = None,
        pipeline: Path | None = None,
    ) -> None:
        """`delivery` is where a model of one's own leaves its pictures.

        With a `pipeline` its real container draws them.
        """
        self._pace = pace
        own = {VARIABLE: json.dumps(asdict(delivery))} if delivery else {}
        drawn = {container.VARIABLE: str(pipeline)} if pipeline else {}
        self._own: Mapping[str, str] = {**own, **drawn}
        self._log = log
        self._key = secrets.token_hex(KEY_BYTES)
        self._ports: list[int] = []

    async def begin(self) -> Child:
        """Start their process, again at the same ports; return it once they listen.

        Raises EngineError when they do not.
        """
        command = [sys.executable, "-m", "devstack.lifeline", "devstack.simulators"]
        child = await Child.start(
            [*command, "--pace", str(self._pace), "--ports", *map(str, self._ports)],
            # Not an argument: other users of the machine see those.
            {
                **clean_environment(),
                "PYTHONPATH": str(PROJECT),
                "SIMULATOR_KEY": self._key,
                **self._own,
            },
            self._log,
            cwd=PROJECT,
            read_output=True,
        )
        line = await child.read_line()
        if not line:
            await child.stop()
            raise EngineError("The provider simulators did not start; see engine.log.")
        told = json.loads(line)
        self.providers = SimulatedProviders(told["base_urls"], self._key)
        self.control_url, self._ports = told["control_url"], told["ports"]
        return child

    async def ask(self) -> None:
        """Return once they answer anything."""
        await any_answer(next(iter(self.providers.base_urls.values())))
