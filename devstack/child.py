"""Child processes of the engine: each in a session of its own, none outliving the engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

STOP_SECONDS = 10.0
RESUME_SECONDS = 1.0
INHERITED = ("PATH", "HOME", "LANG", "TZ")


def clean_environment() -> dict[str, str]:
    """For children that have no business with anybody's keys."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


class Child:
    """A started process; its standard input is the lifeline that only the engine holds."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._resuming = asyncio.create_task(self._resume())

    @classmethod
    async def start(
        cls,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        log: BinaryIO,
        *,
        cwd: Path,
        pass_fds: Sequence[int] = (),
        read_output: bool = False,
    ) -> Child:
        """Errors go to the log, and so does the output unless it is to be read."""
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            env=dict(environment),
            cwd=cwd,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE if read_output else log,
            stderr=log,
            pass_fds=pass_fds,
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    async def read_line(self) -> bytes:
        """The next line of its output; empty once it has ended."""
        assert self._process.stdout is not None, "started without read_output"
        return await self._process.stdout.readline()

    async def wait(self) -> int:
        """Its exit status, negative for a signal."""
        return await self._process.wait()

    async def _resume(self) -> None:
        """Let it go on when somebody has stopped it (SIGSTOP); one that runs does not notice."""
        while not self.ended:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGCONT)
            await asyncio.sleep(RESUME_SECONDS)

    def kill(self) -> None:
        """End the whole session at once."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    async def stop(self, patience: float = STOP_SECONDS) -> None:
        """Asks the whole session to end, and insists when it does not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.ended:
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.wait(), patience)
