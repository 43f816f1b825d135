"""The container's process as SageMaker meets it: started, asked over a socket, told to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from model.picture import PARAMETERS

PROJECT = Path(__file__).resolve().parents[2]
TINY = PROJECT / "build" / "tiny-pipeline"
STAND_IN = "tests.model.stand_in"
JSON = {"Content-Type": "application/json"}
PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> tuple[int, str]:
        """Status and code of a failure in the contract's form."""
        told = json.loads(self.body)
        assert told.keys() == {"error", "code"}
        assert told["error"].endswith(".")
        return self.status, told["code"]

    @property
    def picture(self) -> Image.Image:
        assert (self.status, self.headers["Content-Type"]) == (200, "image/png"), self.body[:200]
        return Image.open(BytesIO(self.body))

    @property
    def parameters(self) -> dict[str, Any]:
        """What the picture says of how it was made."""
        found: dict[str, Any] = json.loads(self.picture.info[PARAMETERS])
        return found


class Container:
    """One process; `module` is the real one or the stand-in."""

    def __init__(self, module: str, **settings: str) -> None:
        command: Sequence[str] = (sys.executable, "-m", module, "serve")
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, "HOST": "127.0.0.1", "PORT": "0", **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.port = int(self.wait_for("listening")["port"])

    def wait_for(self, event: str) -> dict[str, Any]:
        """The log's next line of that name; what it reads on the way is kept in `lines`."""
        assert self._process.stdout is not None
        for text in self._process.stdout:
            self.lines.append(text)
            line = json.loads(text) if text.startswith("{") else {}
            if line.get("event") == event:
                found: dict[str, Any] = line
                return found
        raise AssertionError(f"ended without {event}: {''.join(self.lines)}")

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def invoke(self, **order: Any) -> Answer:
        """Ask for a picture."""
        return self.ask("POST", "/invocations", json.dumps(order).encode(), JSON)

    def hang_up_on(self, **order: Any) -> None:
        """Ask for a picture, and close once it is being drawn."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", "/invocations", json.dumps(order).encode(), JSON)
        time.sleep(0.3)
        connection.close()

    def is_ready(self) -> bool:
        return self.ask("GET", "/ping").status == 200

    def resident_bytes(self) -> int:
        """The process's memory, as Linux counts it."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (kilobytes,) = [s.split()[1] for s in status.splitlines() if s.startswith("VmRSS")]
        return int(kilobytes) * 1024

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Its exit status."""
        status = self._process.wait(PATIENCE)
        assert self._process.stdout is not None
        self.lines += self._process.stdout.readlines()
        return status

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
