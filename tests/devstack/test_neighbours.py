"""Mails hold first passwords: another user of the machine does not get them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from devstack.edge import mails
from devstack.edge.mails import Mails
from devstack.edge.neighbours import owner

NOBODY_PORT = 1


@asynccontextmanager
async def mail_server(user: int) -> AsyncIterator[str]:
    """The address of the mails of a user; the emulator behind it has sent none."""
    app = web.Application()
    runner = web.AppRunner(app)
    async with ClientSession() as session:
        app.router.add_get(
            mails.PATH, Mails(session, f"http://127.0.0.1:{NOBODY_PORT}", user).serve
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}{mails.PATH}"
        finally:
            await runner.cleanup()


async def status(user: int) -> int:
    async with (
        mail_server(user) as address,
        ClientSession() as session,
        session.get(address) as got,
    ):
        return got.status


@pytest.mark.parametrize(("another", "expected"), [(0, 200), (1, 403)])
def test_mails_are_for_the_user_who_runs_the_engine(another: int, expected: int) -> None:
    assert asyncio.run(status(os.getuid() + another)) == expected


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_kernel_knows_whose_a_connection_is(family: socket.AddressFamily) -> None:
    host = "127.0.0.1" if family is socket.AF_INET else "::1"
    with socket.socket(family) as server:
        server.bind((host, 0))
        server.listen()
        with socket.create_connection(server.getsockname()[:2]) as client:
            ports = client.getsockname()[1], server.getsockname()[1]
            assert owner(*ports) == os.getuid()
    assert owner(NOBODY_PORT, NOBODY_PORT) is None
