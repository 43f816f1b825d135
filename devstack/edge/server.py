"""The one origin on PORT: routes, security headers, and who may be asked for by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Middleware
from yarl import URL

from devstack import log
from devstack.edge import api, images, mails, sign_in, uploads

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OnPrepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


class Part(Protocol):
    async def serve(self, request: web.Request) -> web.StreamResponse: ...


def edge(
    parts: Mapping[str, Part], headers: Mapping[str, str], hosts: frozenset[str] = LOOPBACK_NAMES
) -> web.Application:
    """The application of `parts`: `api`, `sockets`, `images`, `uploads` and `pages`.

    Where there are accounts also `mails` and `sign_in`.
    """
    middlewares = [_only_for(hosts), _leaving]
    app = web.Application(middlewares=middlewares, client_max_size=api.MAX_BODY)
    app.on_response_prepare.append(_with(headers))
    app.router.add_get("/ws", parts["sockets"].serve)
    app.router.add_route("*", api.PREFIX, parts["api"].serve)
    app.router.add_route("*", api.PREFIX + r"/{path:[\s\S]*}", parts["api"].serve)
    app.router.add_get(images.PREFIX + r"{key:[\s\S]*}", parts["images"].serve)
    app.router.add_put(uploads.PATH + r"/{key:[\s\S]*}", parts["uploads"].serve)
    app.router.add_get(uploads.PATH + r"/{key:[\s\S]*}", parts["uploads"].serve, allow_head=False)
    if "sign_in" in parts:
        app.router.add_post(sign_in.PATH + "{slash:/?}", parts["sign_in"].serve)
        app.router.add_get(mails.PATH, parts["mails"].serve)
    app.router.add_get("/{path:.*}", parts["pages"].serve)
    return app


def _only_for(hosts: frozenset[str]) -> Middleware:
    """Refuses foreign Host names: a page of another site could rebind its own name to loopback."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_loopback(request, hosts):
            return _refused(421, "INVALID_INPUT", "This server answers to localhost only.")
        if request.method not in READING and not _is_own(request):
            return _refused(403, "FORBIDDEN", "Only this server's own page may change anything.")
        return await handler(request)

    return guard


def is_loopback(request: web.Request, hosts: frozenset[str] = LOOPBACK_NAMES) -> bool:
    """Return whether the request names one of our hosts."""
    try:
        return URL(f"http://{request.host}").host in hosts
    except ValueError:
        return False


def _is_own(request: web.Request) -> bool:
    """Return whether a page of this origin asks, or a program, which sends no Origin."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        asking, asked = URL(origin), URL(f"http://{request.host}")
        return asking.host in LOOPBACK_NAMES and asking.port == asked.port
    except ValueError:
        return False


def _refused(status: int, code: str, sentence: str) -> web.Response:
    body = {"error": sentence, "code": code, "requestId": str(uuid4())}
    return web.json_response(body, status=status)


@web.middleware
async def _leaving(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A browser that goes away in the middle of an answer is no failure of anybody's.

    aiohttp tells it as a reset connection while it writes, as a plain one while it waits to write.
    """
    try:
        return await handler(request)
    except ConnectionError:
        if request.transport and not request.transport.is_closing():
            raise
        log.event("the browser left before the end", path=request.path)
        return web.Response()


def _with(headers: Mapping[str, str]) -> OnPrepare:
    async def add(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    return add
