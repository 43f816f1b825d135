"""Starts a whole product for tests: the local engine on free ports, in a directory of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

PROJECT = Path(__file__).resolve().parents[2]
READY = "Pixel Prompt is ready at "
STOP_SECONDS = 30.0
PARTS = {
    "emulator": "devstack.state.emulator_process",
    "simulators": "devstack.simulators",
    "app": "devstack.lambdas.host",
}
"""The engine's parts by a word of their command lines."""
IN_THE_EMULATOR = ("dynamodb", "s3", "cognito-idp")
QUICK = {"SIMULATOR_PACE": "0.05", "ENGINE_RETRY_SECONDS": "0.2"}


class NotStarted(Exception):
    """The engine ended before it was ready; holds its exit status and what it printed."""

    def __init__(self, status: int, output: str) -> None:
        super().__init__(f"status {status}: {output}")
        self.status = status
        self.output = output


@dataclass(frozen=True)
class Product:
    """A running engine and the addresses of its parts."""

    process: subprocess.Popen[str]
    url: str
    data_dir: Path
    control: str
    emulator: str
    simulators: Mapping[str, str]
    simulator_control: str
    """GET counts the providers' calls, DELETE forgets them."""
    user_pool: str = ""
    user_pool_client: str = ""
    said: str = ""
    """What it printed until it was ready."""

    @property
    def api(self) -> str:
        return f"{self.url}/api"

    @property
    def websocket(self) -> str:
        return self.url.replace("http", "ws", 1) + "/ws"

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def worker_pid(self) -> int:
        """Of the process that runs the worker function now."""
        return int(self._last_start("worker")["pid"])

    @property
    def api_pid(self) -> int:
        """Of the process that answers HTTP and socket messages now."""
        return int(self._last_start("api")["pid"])

    def log(self) -> list[dict[str, Any]]:
        """The engine's own log lines so far."""
        lines = (self.data_dir / "engine.log").read_text().splitlines()
        return [json.loads(line) for line in lines if '"source": "engine"' in line]

    def aws(self, service: str) -> Any:
        """A client for a service that the engine serves; no retries."""
        endpoint = self.emulator if service in IN_THE_EMULATOR else self.control
        client: Any = boto3.Session("local", "local", region_name="us-east-1").client
        once = Config(retries={"total_max_attempts": 1})
        return client(service, endpoint_url=endpoint, config=once)

    def stop(self) -> None:
        """As Ctrl-C does; raises when it does not end."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """As a power cut does: every process of the engine at once."""
        for pid in (self.pid, *descendants(self.pid)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)

    def _last_start(self, role: str) -> dict[str, Any]:
        starts = [line for line in self.log() if line["message"] == f"{role} process started"]
        return starts[-1]


@contextmanager
def running_product(
    data_dir: Path,
    environment: Mapping[str, str] | None = None,
    *,
    project: Path = PROJECT,
    arguments: Sequence[str] = (),
) -> Iterator[Product]:
    """A ready product until the block ends; raises NotStarted.

    Nothing of the caller's environment reaches it: neither keys nor a `.env`. Pictures take a
    twentieth of their time unless `environment` says otherwise.
    """
    process = start(data_dir, environment or {}, project, arguments)
    try:
        yield _ready(process, data_dir)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def start(
    data_dir: Path,
    environment: Mapping[str, str],
    project: Path = PROJECT,
    arguments: Sequence[str] = (),
) -> subprocess.Popen[str]:
    """The engine's process, not waited for."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ours = {"PORT": "0", "DATA_DIR": str(data_dir), "ENV_FILE": os.devnull, **QUICK}
    return subprocess.Popen(
        [sys.executable, "-m", "devstack", "--project", str(project), *arguments],
        cwd=PROJECT,
        env={**inherited, **ours, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """The first true value of the condition; raises TimeoutError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} seconds")
        time.sleep(0.02)
    return value


def descendants(pid: int) -> list[int]:
    """Every process below this one, the nearest first (Linux)."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(children.get(pid, ()))
    for child in found:
        found.extend(children.get(child, ()))
    return found


def processes(product: Product, part: str) -> set[int]:
    """The engine's own children that run this part."""
    found = set()
    for pid in descendants(product.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == product.pid and PARTS[part].encode() in command:
            found.add(pid)
    return found


def _ready(process: subprocess.Popen[str], data_dir: Path) -> Product:
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if line.startswith(READY):
            facts = json.loads((data_dir / "engine.json").read_text())
            return Product(
                process=process,
                url=facts["url"],
                data_dir=data_dir,
                control=facts["control"],
                emulator=facts["emulator"],
                simulators=facts["simulators"] or {},
                simulator_control=facts["simulatorControl"] or "",
                user_pool=facts["userPoolId"] or "",
                user_pool_client=facts["userPoolClientId"] or "",
                said="".join(printed),
            )
    raise NotStarted(process.wait(STOP_SECONDS), "".join(printed))
