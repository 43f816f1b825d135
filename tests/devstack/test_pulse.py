"""A child that hangs is noticed, ended and replaced; one that answers is left alone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from aiohttp import ClientSession

from devstack.child import Child, clean_environment
from devstack.kept import Kept
from devstack.ports import free_port
from devstack.pulse import any_answer
from devstack.settings import EngineError

SERVER = """
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404)
        self.end_headers()
        if self.path == "/hang":
            self.wfile.flush()
            time.sleep(3600)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
SECONDS = 90.0


class Part:
    """A server that hangs when it is asked to, kept alive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._url = f"http://127.0.0.1:{free_port()}"
        self.started: list[Child] = []
        self.problems: list[EngineError] = []
        self.asked = 0
        self.kept = Kept("server", self._begin, self._ask)

    async def _begin(self) -> Child:
        with (self._folder / "log").open("ab") as log:
            child = await Child.start(
                [sys.executable, "-c", SERVER, self._url.rpartition(":")[2]],
                clean_environment(),
                log,
                cwd=self._folder,
            )
        self.started.append(child)
        while True:
            try:
                await any_answer(self._url)
                return child
            except OSError:
                await asyncio.sleep(0.02)

    async def _ask(self) -> None:
        await any_answer(self._url)
        self.asked += 1

    async def hang(self) -> None:
        async with ClientSession() as session, session.get(f"{self._url}/hang"):
            return


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.02)


def test_a_child_that_hangs_is_ill_until_it_is_replaced(tmp_path: Path) -> None:
    async def story() -> None:
        part = Part(tmp_path)
        await part.kept.start(part.problems.append)
        try:
            await until(lambda: part.kept.is_well)
            await part.hang()
            await until(lambda: not part.kept.is_well)
            await until(lambda: len(part.started) == 2 and part.kept.is_well)
            assert part.started[0].ended
            assert not part.started[1].ended
        finally:
            await part.kept.stop()
        assert part.problems == []

    asyncio.run(asyncio.wait_for(story(), SECONDS))


def test_a_child_that_answers_is_left_alone(tmp_path: Path) -> None:
    async def story() -> None:
        part = Part(tmp_path)
        await part.kept.start(part.problems.append)
        try:
            await until(lambda: part.asked > 2)
            assert part.kept.is_well
            assert len(part.started) == 1
        finally:
            await part.kept.stop()

    asyncio.run(asyncio.wait_for(story(), SECONDS))
