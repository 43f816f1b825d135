"""What all protocols share: answers, ends of a call, strict bodies and keys."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import BaseModel, ConfigDict
from pydantic_core import ErrorDetails

MAX_BODY_BYTES = 64 * 1024 * 1024
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Answer:
    """A JSON answer in a provider's own form."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Return the answer as aiohttp sends it."""
        return web.json_response(self.body, status=self.status, headers=self.headers)


class WireError(Exception):
    """End the call with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class ConnectionDropped(Exception):
    """End the call by closing the connection."""


class NonsenseSent(Exception):
    """End the call with JSON that breaks off in the middle."""


class Strict(BaseModel):
    """A request body that takes no unknown field and converts no type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def bearer_key(request: web.Request) -> str | None:
    """Return the key of an `Authorization: Bearer` header."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def field_of(problem: ErrorDetails) -> str:
    """Return the dotted name of a problem's field."""
    return ".".join(str(part) for part in problem["loc"])


def plain_problems(problems: Sequence[ErrorDetails]) -> list[dict[str, Any]]:
    """Return the problems as JSON: type, place and message."""
    return [
        {"type": problem["type"], "loc": ["body", *problem["loc"]], "msg": problem["msg"]}
        for problem in problems
    ]


@web.middleware
async def loopback_clients_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a page in a browser can send: a foreign Host (DNS rebinding), or any Origin."""
    if "Origin" in request.headers or request.url.host not in LOOPBACK_HOSTS:
        return web.Response(status=403, text="Only clients on this machine are served.")
    return await handler(request)


def end_calls(crashes: list[Exception]) -> Middleware:
    """Turn the ends a protocol can have into answers; note every other exception in `crashes`."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except WireError as error:
            return error.answer.response()
        except ConnectionDropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        except NonsenseSent:
            return web.Response(text='{"id": "nonsense", "', content_type="application/json")
        except (web.HTTPException, web.RequestPayloadError, OSError):
            raise  # An unknown route, or a client that went away.
        except Exception as error:
            crashes.append(error)
            raise

    return middleware


async def forever() -> None:
    """Never return; end with the connection or the server."""
    await asyncio.Event().wait()
