"""The emulator with a memory that lasts: an answer goes out once what it tells is on the disk."""

import asyncio
import contextlib
import gc
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from devstack.state.durable import Durable
from devstack.state.guard import HEALTH, WRITING
from devstack.state.pictures import Pictures, Written
from devstack.state.records import OBJECT
from devstack.state.small import SERVICE, Services, former_state
from devstack.state.store import (
    FILE,
    PREVIOUS,
    Batch,
    Damaged,
    Key,
    NotKept,
    Store,
    damage,
)
from devstack.state.tables import ITEM, Tables

logger = logging.getLogger("engine.state")
QUIET_S = 60.0
PROBE: Key = "PROBE", "health"
"""A record that nobody reads: it is written to see whether records can be."""

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]
ON_ITEMS = ("Get", "Put", "Update", "Delete", "BatchGet", "BatchWrite")
ITEM_OPERATIONS = frozenset(
    {*(f"{verb}Item" for verb in ON_ITEMS), "Query", "Scan"}
    | {"TransactGetItems", "TransactWriteItems"}
)
EXPIRY_S, DAY_S = 60.0, 86_400.0


class Kept:
    """Wraps the emulator's application."""

    def __init__(self, app: Asgi, data: Path, now_s: Callable[[], float], *, sync: bool) -> None:
        """Put back what the directory holds, before the first request; raise Damaged, NotKept."""
        logger.addFilter(Once())
        state, pictures = data / "state", data / "pictures"
        if not (state / FILE).exists() and pictures.exists():
            raise Damaged(damage(state, "it is missing, and there are pictures"))
        former = former_state(state)
        self._app = app
        self._now_s = now_s
        gc.disable()
        self._services, self._tables = Services(), Tables()
        self._store = Store(state, sync=sync)
        self._pictures = Pictures(pictures, self._store, sync=sync)
        if former and not self._store.read((SERVICE, "dynamodb")):
            self._take_over(former)
        else:
            self._load()
        self._pictures.adopt()
        # What was read stays: looking through it again and again would hold everybody up.
        gc.freeze()
        gc.enable()
        _put_away(former, state)
        self._expired_on = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] == "http" and _is_trial(scope):
            await self._try_out(scope, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _load(self) -> None:
        # Tables come before what is in them.
        load = {SERVICE: self._services.load, ITEM: self._tables.load}
        for kind, put_back in load.items():
            for name, value in self._store.records(kind):
                put_back(name, value)
        self._pictures.look()

    def _take_over(self, former: Mapping[str, Any]) -> None:
        """Keep what an earlier version left."""
        for name, held in former.items():
            self._services.put_back(name, held)
        batch: dict[Key, bytes | None] = {}
        self._services.note(batch.__setitem__)
        batch.update(self._tables.everything())
        batch.update(self._pictures.everything())
        self._store.write(batch)

    async def _lifespan(self, scope: Scope, receive: Any, send: Any) -> None:
        self._durable = Durable(self._store, self._restore)
        self._tables.follow(self._durable.note)
        expiring = asyncio.create_task(self._expire_for_ever())
        await self._app(scope, receive, send)
        expiring.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await expiring
        await self._durable.close()

    async def _request(self, scope: Scope, receive: Any, send: Any) -> None:
        failed = False
        with self._pictures.request() as written:

            async def held(message: Any) -> None:
                nonlocal failed
                if message["type"] == "http.response.start":
                    try:
                        await self._keep(scope, written)
                    except NotKept as problem:
                        failed = True
                        await _refuse(scope, send, str(problem))
                if not failed:
                    await send(message)

            await self._app(scope, receive, held)

    async def _try_out(self, scope: Scope, send: Any) -> None:
        """Answer whether a picture and a record can be kept now."""
        try:
            await asyncio.to_thread(self._pictures.try_out)
            self._durable.note(PROBE, b"")
            await self._durable.settle()
        except NotKept as problem:
            await _refuse(scope, send, str(problem))
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _keep(self, scope: Scope, written: list[Written]) -> None:
        if _is_other(scope):
            self._pictures.adopt()
            self._services.note(self._durable.note)
        async with self._pictures.alone(written):
            try:
                await self._pictures.keep(written, self._durable.note)
            except NotKept as problem:
                logger.error("%s", problem)
                self._restore({each.key: self._store.read(each.key) for each in written})
                raise
            await self._durable.settle()
            await self._pictures.clear(written)

    def _restore(self, batch: Batch) -> None:
        for (kind, name), value in batch.items():
            if kind == ITEM:
                self._tables.restore(name, value)
            elif kind == OBJECT:
                self._pictures.restore(name)
            elif kind == SERVICE:
                self._services.forget(name)

    async def _expire_for_ever(self) -> None:
        while True:
            try:
                await self._expire()
            except NotKept as problem:
                logger.error("%s", problem)
            await asyncio.sleep(EXPIRY_S)

    async def _expire(self) -> None:
        """Delete what is past its time, as DynamoDB does at any time and S3 at midnight (UTC)."""
        now_s = self._now_s()
        self._tables.expire(now_s)
        if self._expired_on != int(now_s // DAY_S):
            expired = await self._pictures.past(now_s)
            async with self._pictures.alone(expired):
                for each in filter(self._pictures.take, expired):
                    self._durable.note(each.key, None)
                await self._durable.settle()
                await self._pictures.clear(expired)
            self._expired_on = int(now_s // DAY_S)
        await self._durable.settle()


class Once(logging.Filter):
    """Lets what was just said be said again after a while only: a full disk fails every write."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now_s, text = time.monotonic(), record.getMessage()
        if now_s - self._said.get(text, -QUIET_S) < QUIET_S:
            return False
        self._said = {text: now_s}
        return True


def clock(ahead_s: float) -> Callable[[], float]:
    """Return a clock that goes so many seconds ahead of this machine's."""
    return lambda: time.time() + ahead_s


def _put_away(former: Iterable[str], state: Path) -> None:
    """Leave what an earlier version kept with the previous state."""
    previous = state.parent / PREVIOUS
    for name in former:
        previous.mkdir(mode=0o700, exist_ok=True)
        (state / f"{name}.json").replace(previous / f"{name}.json")


def _is_trial(scope: Scope) -> bool:
    return bool(scope["path"] == HEALTH and scope["query_string"] == WRITING.encode())


def _is_other(scope: Scope) -> bool:
    """Whether the request is about more than one item or object."""
    headers = dict(scope["headers"])
    target = headers.get(b"x-amz-target", b"").decode("latin-1")
    if target:
        return target.rpartition(".")[2] not in ITEM_OPERATIONS
    return scope["method"] not in ("GET", "HEAD") and "/" not in scope["path"].strip("/")


async def _refuse(scope: Scope, send: Any, why: str) -> None:
    """Answer a write that was not kept, in the words of its service."""
    if b"x-amz-target" in dict(scope["headers"]):
        kind, media = "InternalServerError", b"application/x-amz-json-1.0"
        body = json.dumps({"__type": kind, "message": why}).encode()
    else:
        kind, media = "InternalError", b"application/xml"
        body = f"<Error><Code>{kind}</Code><Message>{escape(why)}</Message></Error>".encode()
    headers = [
        (b"content-type", media),
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-errortype", kind.encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})
