"""The simulators as servers on loopback ports, found in this package, started together."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeGuard

from aiohttp import web

from devstack.simulators.backend import Backend
from devstack.simulators.ledger import Ledger
from devstack.simulators.simulator import Simulator
from devstack.simulators.wire import MAX_BODY_BYTES, end_calls, loopback_clients_only

Kind = Callable[[Backend], Simulator]
"""What makes a simulator."""
BACKLOG = 512
SHUTDOWN_SECONDS = 0.1
START_SECONDS = 10.0


class SimulatorCrashed(Exception):
    """A simulator raised an exception that is no answer of its protocol: a mistake in it."""


class Simulators:
    """Every provider on one port; polling hosts and the image host on ports of their own.

    `pace` scales the time that pictures take; `calls` is the ledger, readable from any thread.
    With a `key` every provider refuses all other keys; without one, only those marked invalid.
    `ports` are those of an earlier start, whose addresses these are to have; else any free ones.
    `control_url` shows the calls (GET) and forgets them (DELETE); the key is a part of it.
    """

    def __init__(
        self,
        pace: float = 1.0,
        kinds: Sequence[Kind] | None = None,
        key: str | None = None,
        ports: Sequence[int] = (),
    ) -> None:
        self.calls = Ledger()
        self.base_urls: Mapping[str, str] = MappingProxyType({})
        self.control_url = ""
        self._backend = Backend(self.calls, pace, key)
        self._kinds = discovered() if kinds is None else kinds
        self._crashes: list[Exception] = []
        self._runners: list[web.AppRunner] = []
        self._wanted = iter(ports)

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listen on free ports of the host; `base_urls` is filled when this returns."""
        simulators = [kind(self._backend) for kind in self._kinds]
        images = self._backend.image_host
        images.base_url = await self._listen(host, images.routes())
        for simulator in simulators:
            if routes := simulator.polling_routes():
                simulator.polling_url = await self._listen(host, routes)
        routes = [route for simulator in simulators for route in simulator.routes()]
        control_path = "/".join(("", "_simulator", self._backend.key or "any", "calls"))
        origin = await self._listen(host, [*routes, *self._control_routes(control_path)])
        self.control_url = origin + control_path
        self.base_urls = MappingProxyType(
            {simulator.id: origin + simulator.base_path for simulator in simulators}
        )

    async def stop(self) -> None:
        """End every call, the hanging ones too, and close the ports."""
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    @property
    def hosts(self) -> Sequence[str]:
        """The origins of all ports: the providers', the polling hosts', the image host's."""
        return [f"http://{runner.addresses[0][0]}:{_port(runner)}" for runner in self._runners]

    @property
    def ports(self) -> Sequence[int]:
        """The ports in the order of `hosts`."""
        return [_port(runner) for runner in self._runners]

    def raise_crash(self) -> None:
        """Raise the first crash since the last look, so that none passes for a provider's 500."""
        crashes, self._crashes[:] = list(self._crashes), []
        if crashes:
            raise SimulatorCrashed(repr(crashes[0])) from crashes[0]

    async def _listen(self, host: str, routes: Sequence[web.RouteDef]) -> str:
        app = web.Application(
            middlewares=[loopback_clients_only, end_calls(self._crashes)],
            client_max_size=MAX_BODY_BYTES,
        )
        app.add_routes(routes)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, host, next(self._wanted, 0), backlog=BACKLOG).start()
        return f"http://{host}:{_port(runner)}"

    def _control_routes(self, path: str) -> Sequence[web.RouteDef]:
        return [web.get(path, self._show_calls), web.delete(path, self._clear_calls)]

    async def _show_calls(self, _request: web.Request) -> web.Response:
        return web.json_response(self.calls.summary())

    async def _clear_calls(self, _request: web.Request) -> web.Response:
        self.calls.clear()
        return web.Response(status=204)


def _port(runner: web.AppRunner) -> int:
    port: int = runner.addresses[0][1]
    return port


def discovered() -> tuple[type[Simulator], ...]:
    """Return the simulator classes of this package's modules, by provider."""
    package = importlib.import_module(__package__)
    names = [entry.name for entry in pkgutil.iter_modules(package.__path__)]
    modules = [importlib.import_module(f"{__package__}.{n}") for n in names if n != "__main__"]
    classes = {value for module in modules for value in vars(module).values() if _is_one(value)}
    return tuple(sorted(classes, key=lambda kind: kind.id))


def _is_one(value: object) -> TypeGuard[type[Simulator]]:
    return isinstance(value, type) and issubclass(value, Simulator) and value is not Simulator


@contextmanager
def running_simulators(
    pace: float = 1.0,
    kinds: Sequence[Kind] | None = None,
    key: str | None = None,
) -> Iterator[Simulators]:
    """Run the simulators on a thread and loop of their own, until the block ends."""
    simulators = Simulators(pace, kinds, key)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulators", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(simulators.start(), loop).result(START_SECONDS)
        yield simulators
    finally:
        asyncio.run_coroutine_threadsafe(_shut_down(simulators), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


async def _shut_down(simulators: Simulators) -> None:
    await simulators.stop()
    await asyncio.get_running_loop().shutdown_default_executor()
