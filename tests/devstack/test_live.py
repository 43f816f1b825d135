"""`make dev`: Python that changes is taken up, Python that is broken is not, the page is Vite's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from aiohttp import ClientSession

from tests.support.product import PROJECT, Product, running_product, wait_until

NEW_ROUTE = """

@app.route("/new-route")
def new_route():
    return {}
"""


@pytest.fixture
def live(checkout: Path) -> Iterator[Product]:
    """The product in live mode, from a checkout that may be changed."""
    (checkout / "frontend").symlink_to(PROJECT / "frontend")
    with running_product(checkout / ".local", project=checkout, arguments=["--live"]) as product:
        yield product


def has_new_route(product: Product) -> bool:
    return requests.get(f"{product.api}/new-route", timeout=10).ok


def test_python_that_changes_is_taken_up_and_broken_python_is_not(
    live: Product, checkout: Path
) -> None:
    entry = checkout / "app.py"
    sound, before = entry.read_text(), live.api_pid
    assert not has_new_route(live)
    entry.write_text(sound + NEW_ROUTE)
    wait_until(lambda: has_new_route(live))
    assert live.api_pid != before
    entry.write_text("this is no Python")
    output = live.process.stdout
    assert output is not None
    wait_until(lambda: "cannot be imported" in output.readline())
    assert has_new_route(live)
    entry.write_text(sound)
    wait_until(lambda: not has_new_route(live))


def test_the_page_comes_from_vite_with_its_updates(live: Product) -> None:
    page = requests.get(f"{live.url}/run/some-job", headers={"Accept": "text/html"}, timeout=30)
    assert "/@vite/client" in page.text
    client = requests.get(f"{live.url}/@vite/client", timeout=30)
    assert client.headers["Content-Type"].startswith("text/javascript")
    token = client.text.partition('wsToken = "')[2].partition('"')[0]
    assert asyncio.run(first_update(live, token)) == "connected"


async def first_update(product: Product, token: str) -> str:
    async with (
        ClientSession(headers={"Origin": product.url}) as session,
        session.ws_connect(f"{product.url}/?token={token}", protocols=["vite-hmr"]) as socket,
    ):
        message = await socket.receive_json(timeout=10)
    return str(message["type"])
