"""Starts and stops the emulator: loopback only, policies enforced, none of our environment."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import boto3
import requests

from deploy.stage import PROJECT

REGION, ACCOUNT, KEY = "us-east-1", "000000000000", "test"
PYTHON = PROJECT / ".venv-engine" / "bin" / "python"
PROCESS = Path(__file__).with_name("process.py")
START_SECONDS, STOP_SECONDS = 60.0, 30.0


class EmulatorError(Exception):
    """Why the emulator does not run."""


class Emulator:
    """One emulator on one port with its state in a directory; stopped, it can start again."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> dict[str, str]:
        """What the AWS command line and boto3 need to speak to it as the account's owner."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "PATH": os.environ["PATH"],
        }

    @property
    def session(self) -> boto3.Session:
        return boto3.Session(KEY, KEY, region_name=REGION)

    def client(self, service: str) -> Any:
        factory: Any = self.session.client
        return factory(service, endpoint_url=self.endpoint)

    def start(self) -> None:
        """Returns once it answers; raises EmulatorError."""
        with self._log("ab") as log:
            self._process = subprocess.Popen(
                [PYTHON, PROCESS],
                env=self._environment(),
                cwd=self.directory,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise EmulatorError(f"The AWS emulator did not start; see {self.directory}/log.")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends it and its functions after its state is saved."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            _end_session(self._process.pid)
            if self._process.stdin:
                self._process.stdin.close()
            self._process = None

    def log(self) -> str:
        """What it and the functions have written so far."""
        with self._log("rb") as log:
            return log.read().decode(errors="replace")

    def _log(self, mode: str) -> BinaryIO:
        opened: Any = (self.directory / "log").open(mode)
        result: BinaryIO = opened
        return result

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.endpoint}/_ministack/health", timeout=2).ok
        except requests.RequestException:
            return False

    def _environment(self) -> dict[str, str]:
        scratch = self.directory / "tmp"
        scratch.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "TMPDIR": str(scratch),
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.directory / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.directory / "objects"),
            "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
            "LOG_LEVEL": "INFO",
        }


@contextmanager
def running_emulator(directory: Path) -> Iterator[Emulator]:
    """An empty emulator until the block ends."""
    emulator = Emulator(directory)
    emulator.start()
    try:
        yield emulator
    finally:
        emulator.stop()


def _end_session(leader: int) -> None:
    """Functions run as its children and may outlive it."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
