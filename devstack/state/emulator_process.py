"""MiniStack with snapshots: runs inside the emulator's own virtual environment.

    .venv-engine/bin/python -m devstack.state.emulator_process LOCK SECONDS

MiniStack writes objects at once but tables only on a clean stop. Here tables are written every
SECONDS as well, if anything wrote to them. Its own `save_state` replaces the old snapshot in one
step, so that a kill in the middle of a save leaves the old one whole.

The lock is held for as long as this process lives. One that outlives its engine stops by itself
(the lifeline), and the next waits for it here, so that two never write to one directory.
"""

import asyncio
import fcntl
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from devstack import lifeline
from devstack.state.guard import Guard

WAIT_SECONDS = 20.0
EXIT_LOCKED = 75
TOKEN, BUCKET = "ENGINE_TOKEN", "ENGINE_BUCKET"
READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


class Snapshots:
    """Wraps the emulator's application; saves its tables after writes."""

    def __init__(self, app: Asgi, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._written = False
        self._saving: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            self._saving = asyncio.create_task(self._save_for_ever())
        try:
            await self._app(scope, receive, send)
        finally:
            self._written = self._written or _writes(scope)

    async def _save_for_ever(self) -> None:
        from ministack.core.persistence import save_state
        from ministack.services import dynamodb, s3

        while True:
            await asyncio.sleep(self._seconds)
            if not self._written:
                continue
            self._written = False
            # Requests are served on this loop, so a state taken between two of them is whole.
            for name, service in (("dynamodb", dynamodb), ("s3", s3)):
                await asyncio.to_thread(save_state, name, service.get_state())


def _writes(scope: Scope) -> bool:
    headers = dict(scope.get("headers", ()))
    operation = headers.get(b"x-amz-target", b"").decode().rpartition(".")[2]
    return scope.get("method") in ("POST", "PUT", "DELETE") and operation not in READS


def _lock(path: str) -> int:
    """Takes the lock, waiting for a process that is on its way out."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(EXIT_LOCKED)
            time.sleep(0.05)
        else:
            os.truncate(fd, 0)
            os.write(fd, str(os.getpid()).encode())
            return fd


def main() -> None:
    os.umask(0o077)
    lifeline.hold()
    _lock(sys.argv[1])
    from ministack import app as ministack

    kept = Snapshots(ministack.app, float(sys.argv[2]))
    port = int(os.environ["GATEWAY_PORT"])
    ministack.app = Guard(kept, os.environ.pop(TOKEN), port, os.environ[BUCKET])
    sys.argv = sys.argv[:1]
    ministack.main()


if __name__ == "__main__":
    main()
