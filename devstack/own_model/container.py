"""The real container of an own model (`model/`) on this machine, in the place of a simulated one.

Started when its endpoint wakes and ended when it falls asleep, so that it holds no memory between.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from devstack.child import Child, clean_environment
from devstack.own_model.answers import Answered
from devstack.settings import PROJECT, EngineError

VARIABLE = "OWN_MODEL_PIPELINE"
PYTHON = PROJECT / ".venv-model" / "bin" / "python"
NOT_RUNNING = Answered(503, b'{"error": "The container did not start.", "code": "LOADING"}')


def check(folder: Path) -> None:
    """Raise EngineError where the container could not be started with this pipeline."""
    if not PYTHON.exists():
        raise EngineError(
            f"{VARIABLE} is set, but torch and diffusers are not installed; `make model` does that."
        )
    if not (folder / "model_index.json").exists():
        raise EngineError(
            f"{VARIABLE} is {str(folder)!r}, where no pipeline lies (model_index.json); `make "
            "model` leaves a tiny one in build/tiny-pipeline."
        )


@dataclass
class LocalContainer:
    """One process with the pipeline in `folder`."""

    folder: Path
    # `devstack.lifeline` ends it with this process, whatever happens to that.
    command: Sequence[str | Path] = (PYTHON, "-m", "devstack.lifeline", "model")
    _child: Child | None = None
    _url: str = ""
    _following: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        return self._child is not None and not self._child.ended

    async def start(self) -> None:
        """Return once it draws, or has ended; its log goes where this process's errors go."""
        if self.is_running:
            return
        self._child = await Child.start(
            self.command, self._environment(), sys.stderr.buffer, cwd=PROJECT, read_output=True
        )
        ready = asyncio.Event()
        self._following = asyncio.create_task(self._follow(self._child, ready))
        await ready.wait()

    async def invoke(self, body: bytes, name: str) -> Answered:
        """Ask for a picture as SageMaker does."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "image/png",
            "X-Amzn-SageMaker-Inference-Id": name,
        }
        try:
            async with (
                ClientSession() as session,
                session.post(self._url, data=body, headers=headers) as answer,
            ):
                return Answered(answer.status, await answer.read())
        except ClientError:
            return NOT_RUNNING

    async def stop(self) -> None:
        """End it; it has some seconds for what it draws."""
        if self._child:
            await self._child.stop()
        self._child = None

    async def _follow(self, child: Child, ready: asyncio.Event) -> None:
        """Pass on what it prints until its end, and say once it draws or has ended."""
        while line := await child.read_line():
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
            event = _event(line)
            if event.get("event") == "listening":
                self._url = f"http://127.0.0.1:{event['port']}/invocations"
            if event.get("event") == "ready":
                ready.set()
        ready.set()

    def _environment(self) -> dict[str, str]:
        return {
            **clean_environment(),
            "PYTHONPATH": str(PROJECT),
            "MODEL_DIR": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": "0",
        }


def from_environment() -> LocalContainer | None:
    """Return a container with the pipeline that the engine asked for, None for a simulated one."""
    folder = os.environ.get(VARIABLE)
    return LocalContainer(Path(folder)) if folder else None


def _event(line: bytes) -> Mapping[str, object]:
    """Return a line of its log; other lines, as libraries print them, are none of its events."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
