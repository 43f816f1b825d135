"""The page from Vite's development server, hot reload included."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import BinaryIO

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, web
from yarl import URL

from devstack.child import Child, clean_environment
from devstack.ports import free_port
from devstack.settings import EngineError

START_SECONDS, POLL_SECONDS = 60.0, 0.1
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-encoding"}

Socket = web.WebSocketResponse | ClientWebSocketResponse


class ViteServer:
    """Vite's development server as a child process."""

    def __init__(self, child: Child, port: int) -> None:
        self._child = child
        self.origin = f"http://127.0.0.1:{port}"

    @classmethod
    async def start(cls, frontend: Path, engine: str, log: BinaryIO) -> ViteServer:
        """Returns once it answers; raises EngineError when it does not."""
        port = free_port()
        vite = frontend / "node_modules" / ".bin" / "vite"
        child = await Child.start(
            [vite, "--host", "127.0.0.1", "--port", str(port), "--strictPort"],
            {**clean_environment(), "ENGINE_URL": engine},
            log,
            cwd=frontend,
        )
        server = cls(child, port)
        await server._answering()
        return server

    async def stop(self) -> None:
        await self._child.stop()

    async def _answering(self) -> None:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        async with ClientSession() as session:
            while asyncio.get_running_loop().time() < deadline and not self._child.ended:
                try:
                    async with session.get(self.origin):
                        return
                except ClientError:
                    await asyncio.sleep(POLL_SECONDS)
        await self.stop()
        raise EngineError("The page's development server did not start; see engine.log.")


class VitePages:
    """Passes on what is asked of the page, and the socket that carries its updates."""

    def __init__(self, session: ClientSession, origin: str) -> None:
        self._session = session
        self._origin = URL(origin)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        target = self._origin.join(URL(request.raw_path, encoded=True))
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._updates(request, target)
        headers = {"Accept": request.headers.get("Accept", "*/*")}
        try:
            async with self._session.get(target, headers=headers) as answer:
                kept = {k: v for k, v in answer.headers.items() if k.lower() not in HOP_BY_HOP}
                kept.pop("Content-Length", None)
                return web.Response(status=answer.status, headers=kept, body=await answer.read())
        except ClientError:
            return web.Response(status=503, text="The page's server is starting.\n")

    async def _updates(self, request: web.Request, target: URL) -> web.StreamResponse:
        browser = web.WebSocketResponse(protocols=["vite-hmr", "vite-ping"])
        await browser.prepare(request)
        protocols = [browser.ws_protocol] if browser.ws_protocol else []
        async with self._session.ws_connect(target, protocols=protocols) as vite:
            passing = {asyncio.create_task(_pass(a, b)) for a, b in _both(browser, vite)}
            _, pending = await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
        await browser.close()
        return browser


def _both(one: Socket, other: Socket) -> tuple[tuple[Socket, Socket], tuple[Socket, Socket]]:
    return (one, other), (other, one)


async def _pass(source: Socket, target: Socket) -> None:
    async for message in source:
        if message.type == WSMsgType.TEXT:
            await target.send_str(message.data)
