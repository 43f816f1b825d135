"""The HTTP that SageMaker speaks with a container: `GET /ping` and `POST /invocations`."""

import re
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from model import log
from model.device import Device
from model.errors import (
    DrawingFailed,
    Loading,
    MethodNotAllowed,
    ModelError,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from model.order import BODY_BYTES, Caps, read

INFERENCE_ID = "X-Amzn-SageMaker-Inference-Id"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """What the two addresses answer, for one device."""

    def __init__(self, device: Device, caps: Caps) -> None:
        self._device = device
        self._caps = caps

    async def ping(self, request: web.Request) -> web.Response:
        """200 once pictures can be drawn, until the container stops."""
        if not self._device.is_ready:
            raise Loading
        return web.json_response({"status": "ready"})

    async def invocations(self, request: web.Request) -> web.Response:
        """Answers image/png; every failure is a JSON body with `error` and `code`."""
        if request.content_type != "application/json":
            raise UnsupportedMediaType
        began = time.monotonic()
        picture = await self._device.draw(read(await request.read(), self._caps))
        seconds = round(time.monotonic() - began, 3)
        log.line("drawn", seconds=seconds, bytes=len(picture), **_names(request))
        return web.Response(body=picture, content_type="image/png")


def application(device: Device, caps: Caps) -> web.Application:
    """The application that answers with this device."""
    app = web.Application(middlewares=[_in_the_form_of_errors], client_max_size=BODY_BYTES)
    routes = Routes(device, caps)
    app.router.add_get("/ping", routes.ping)
    app.router.add_post("/invocations", routes.invocations)
    return app


@web.middleware
async def _in_the_form_of_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ModelError as error:
        return _answer(request, error)
    except web.HTTPNotFound:
        return _answer(request, NotFound())
    except web.HTTPMethodNotAllowed:
        return _answer(request, MethodNotAllowed())
    except web.HTTPRequestEntityTooLarge:
        return _answer(request, PayloadTooLarge(f"The body is longer than {BODY_BYTES} bytes."))
    except Exception:
        log.failure("failed", **_names(request))
        return _answer(request, DrawingFailed())


def _answer(request: web.Request, error: ModelError) -> web.Response:
    if request.path == "/invocations":
        log.line("refused", code=error.code, status=error.status, **_names(request))
    return web.json_response({"error": str(error), "code": error.code}, status=error.status)


def _names(request: web.Request) -> dict[str, str]:
    """The invocation's id as SageMaker tells it, if it is one."""
    named = request.headers.get(INFERENCE_ID, "")
    return {"inferenceId": named} if re.fullmatch(r"[\w.:-]{1,64}", named, re.ASCII) else {}
