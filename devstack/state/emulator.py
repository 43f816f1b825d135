"""MiniStack as a child process: loopback only, no key of the person's in its environment."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from devstack.child import Child, clean_environment
from devstack.datadir import unwritable
from devstack.ports import free_port
from devstack.settings import PROJECT, EngineError
from devstack.state.bootstrap import BUCKET
from devstack.state.emulator_process import (
    ACCOUNTS,
    AHEAD,
    EXIT_LOCKED,
    EXIT_NO_ROOM,
    EXIT_REFUSED,
    SYNC,
    TOKEN,
)
from devstack.state.emulator_process import BUCKET as BUCKET_VARIABLE
from devstack.state.guard import HEALTH, WRITING

MODULE = "devstack.state.emulator_process"
START_SECONDS = 40.0
TOKEN_BYTES = 16
POLL_SECONDS = 0.05
WRITE_SECONDS = 10.0


class Emulator:
    """DynamoDB and S3, kept under a directory; `url` is known to this start of the engine only.

    Without `sync`, writes wait for the operating system only, not for the disk: for measurements
    of the product, which shall not depend on this machine's disk. `ahead_s` sets the clock by
    which things expire. With `accounts` it serves Cognito as well.
    """

    def __init__(
        self,
        data: Path,
        bucket: str = BUCKET,
        *,
        sync: bool = True,
        ahead_s: float = 0,
        accounts: bool = False,
    ) -> None:
        self._data = data
        self._bucket = bucket
        self._sync, self._ahead_s = sync, ahead_s
        self._accounts = accounts
        self._port, self._token = free_port(), secrets.token_hex(TOKEN_BYTES)
        self.url = f"http://127.0.0.1:{self._port}/{self._token}"

    async def takes_more(self) -> bool:
        """Ask it whether it can keep what is written now; False where it does not answer."""
        limit = ClientTimeout(total=WRITE_SECONDS)
        try:
            async with (
                ClientSession(timeout=limit) as session,
                session.get(f"{self.url}{HEALTH}?{WRITING}") as answer,
            ):
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False

    async def begin(self) -> Child:
        """Start its process, always at the same address; return it once it answers.

        Raises EngineError when it does not.
        """
        python = PROJECT / ".venv-engine" / "bin" / "python"
        if not python.exists():
            raise EngineError("The AWS emulator is not set up; `make run` does it.")
        data = self._data
        with (data / "emulator.log").open("ab") as log:
            child = await Child.start(
                [python, "-m", MODULE, data],
                self._environment(),
                log,
                cwd=data,
            )
        await self._answering(child)
        return child

    async def _answering(self, child: Child) -> None:
        data = self._data
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        async with ClientSession() as session:
            while asyncio.get_running_loop().time() < deadline:
                if child.ended:
                    raise EngineError(_why_ended(await child.wait(), data))
                try:
                    async with session.get(f"{self.url}{HEALTH}") as answer:
                        if answer.status == 200:
                            return
                except ClientError:
                    await asyncio.sleep(POLL_SECONDS)
        await child.stop()
        raise EngineError(f"The AWS emulator did not start; see {data / 'emulator.log'}.")

    def _environment(self) -> dict[str, str]:
        data = self._data
        scratch = data / "tmp"
        scratch.mkdir(exist_ok=True)
        return {
            **clean_environment(),
            **({ACCOUNTS: "1"} if self._accounts else {}),
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(scratch),
            "GATEWAY_PORT": str(self._port),
            "BIND_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "PERSIST_STATE": "0",
            "STATE_DIR": str(data / "state"),
            # It hands its objects over, and reads the directory of an earlier version once.
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(data / ("objects" if has_former_state(data) else "none")),
            "LOG_LEVEL": "WARNING",
            # Not an argument: other users of the machine see those.
            TOKEN: self._token,
            BUCKET_VARIABLE: self._bucket,
            SYNC: str(int(self._sync)),
            AHEAD: str(self._ahead_s),
        }


def has_former_state(data: Path) -> bool:
    """Whether an earlier version left its state, which was not taken over yet."""
    return (data / "state" / "dynamodb.json").exists()


def _why_ended(status: int, data: Path) -> str:
    log = data / "emulator.log"
    if status == EXIT_REFUSED:
        return log.read_text(errors="replace").splitlines()[-1]
    if status == EXIT_NO_ROOM:
        return unwritable(data)
    if status != EXIT_LOCKED:
        return f"The AWS emulator ended with status {status}; see {log}."
    pid = (data / "emulator.lock").read_text().strip()
    return f"The emulator of an earlier engine (process {pid}) still uses {data}; end it first."
