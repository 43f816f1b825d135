"""What a deployment is tried with."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from deploy.smoke import Smoke, SmokeError, cheapest


def model(name: str, amount: float | None, **more: bool) -> dict[str, Any]:
    return {"name": name, "price": {"amount": amount}, **more}


def test_the_cheapest_model_that_is_awake_is_tried() -> None:
    asleep, dear = model("mine", 0.001, deferred=True), model("dear", 0.08)
    cheap, unknown = model("cheap", 0.03), model("unknown", None)
    assert cheapest([asleep, unknown, dear, cheap]) == cheap
    assert cheapest([asleep, unknown]) == unknown
    assert cheapest([asleep]) == asleep


async def tried(statuses: list[int], starting_seconds: float) -> list[str]:
    """The lines of a product that answers its first requests with these statuses."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html>", content_type="text/html")

    async def health(_: web.Request) -> web.Response:
        status = statuses.pop(0) if statuses else 200
        return web.json_response({"stage": "dev"}, status=status)

    async def auth(_: web.Request) -> web.Response:
        return web.json_response({"mode": "cognito"})

    async def gallery(_: web.Request) -> web.Response:
        return web.Response(status=401)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/api/health", health)
    app.router.add_get("/api/auth", auth)
    app.router.add_get("/api/gallery", gallery)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        smoke = Smoke(url, "dev", url, starting_seconds)
        return await asyncio.to_thread(smoke.test)


def test_a_function_that_is_still_starting_is_waited_for() -> None:
    assert len(asyncio.run(tried([504], 30))) == 2


@pytest.mark.parametrize(("status", "patience"), [(503, 0), (500, 30)])
def test_what_does_not_start_or_is_broken_is_said(status: int, patience: float) -> None:
    with pytest.raises(SmokeError, match=f"/api/health answers {status}"):
        asyncio.run(tried([status], patience))
