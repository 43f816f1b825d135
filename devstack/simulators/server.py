"""The simulators as servers: three ports on loopback, started and stopped together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from aiohttp import web

from devstack.simulators.bedrock import Bedrock
from devstack.simulators.bfl import BlackForestLabs
from devstack.simulators.generic import Generic
from devstack.simulators.google import Google
from devstack.simulators.image_host import ImageHost
from devstack.simulators.ledger import Ledger
from devstack.simulators.openai import OpenAI
from devstack.simulators.provider import Provider
from devstack.simulators.qwen import Qwen
from devstack.simulators.recraft import Recraft
from devstack.simulators.stability import Stability
from devstack.simulators.studio import Studio
from devstack.simulators.wire import MAX_BODY_BYTES, speak

BACKLOG = 512
SHUTDOWN_SECONDS = 0.1
START_SECONDS = 10.0


class Simulators:
    """Every provider on one port, with BFL's polling and the image host on two more.

    `pace` scales the time that pictures take; `calls` is the ledger, readable from any thread.
    """

    def __init__(self, pace: float = 1.0) -> None:
        self.calls = Ledger()
        self.base_urls: Mapping[str, str] = MappingProxyType({})
        self._studio = Studio(self.calls, pace)
        self._runners: list[web.AppRunner] = []

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listens on free ports of the host; `base_urls` is filled when this returns."""
        image_host = ImageHost()
        bfl = BlackForestLabs(self._studio, image_host)
        providers = self._providers(image_host, bfl)
        image_host.base_url = await self._listen(host, image_host.routes())
        bfl.polling_host_url = await self._listen(host, bfl.polling_routes())
        routes = [route for provider in providers for route in provider.routes()]
        origin = await self._listen(host, [*routes, *self._control_routes()])
        self.base_urls = MappingProxyType(
            {provider.id: origin + provider.base_path for provider in providers}
        )

    async def stop(self) -> None:
        """Ends every call, the hanging ones too, and closes the ports."""
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    def _providers(self, image_host: ImageHost, bfl: BlackForestLabs) -> Sequence[Provider]:
        return [
            OpenAI(self._studio),
            Google(self._studio),
            Bedrock(self._studio),
            Stability(self._studio),
            bfl,
            Recraft(self._studio, image_host),
            Qwen(self._studio, image_host),
            Generic(self._studio, image_host),
        ]

    async def _listen(self, host: str, routes: Sequence[web.RouteDef]) -> str:
        app = web.Application(middlewares=[speak], client_max_size=MAX_BODY_BYTES)
        app.add_routes(routes)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, host, 0, backlog=BACKLOG).start()
        return f"http://{host}:{runner.addresses[0][1]}"

    def _control_routes(self) -> Sequence[web.RouteDef]:
        return [
            web.get("/_simulator/calls", self._show_calls),
            web.delete("/_simulator/calls", self._clear_calls),
        ]

    async def _show_calls(self, _request: web.Request) -> web.Response:
        return web.json_response(self.calls.summary())

    async def _clear_calls(self, _request: web.Request) -> web.Response:
        self.calls.clear()
        return web.Response(status=204)


@contextmanager
def running_simulators(pace: float = 1.0) -> Iterator[Simulators]:
    """The simulators on a thread and loop of their own, until the block ends."""
    simulators = Simulators(pace)
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
