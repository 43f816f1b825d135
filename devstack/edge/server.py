"""The one origin on PORT: routes, security headers, and who may be asked for by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Middleware
from yarl import URL

from devstack import log
from devstack.edge import api, images

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
REFUSAL = {"error": "This server answers to localhost only.", "code": "INVALID_INPUT"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OnPrepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


class Part(Protocol):
    async def serve(self, request: web.Request) -> web.StreamResponse: ...


def edge(
    parts: Mapping[str, Part], headers: Mapping[str, str], hosts: frozenset[str] = LOOPBACK_NAMES
) -> web.Application:
    """The application of `parts`: `api`, `sockets`, `images` and `pages`."""
    middlewares = [_only_for(hosts), _leaving]
    app = web.Application(middlewares=middlewares, client_max_size=api.MAX_BODY)
    app.on_response_prepare.append(_with(headers))
    app.router.add_get("/ws", parts["sockets"].serve)
    app.router.add_route("*", api.PREFIX, parts["api"].serve)
    app.router.add_route("*", api.PREFIX + r"/{path:[\s\S]*}", parts["api"].serve)
    app.router.add_get(images.PREFIX + "{key:.+}", parts["images"].serve)
    app.router.add_get("/{path:.*}", parts["pages"].serve)
    return app


def _only_for(hosts: frozenset[str]) -> Middleware:
    """Refuses foreign Host names: a page of another site could rebind its own name to loopback."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            name = URL(f"http://{request.host}").host
        except ValueError:
            name = None
        if name not in hosts:
            return web.json_response(REFUSAL, status=421)
        return await handler(request)

    return guard


@web.middleware
async def _leaving(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A browser that goes away in the middle of an answer is no failure of anybody's."""
    try:
        return await handler(request)
    except ConnectionResetError:
        if request.transport and not request.transport.is_closing():
            raise
        log.event("the browser left before the end", path=request.path)
        return web.Response()


def _with(headers: Mapping[str, str]) -> OnPrepare:
    async def add(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    return add
