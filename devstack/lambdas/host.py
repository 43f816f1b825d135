"""The process that runs the app's functions: reads invocations from a socket, answers on it.

    python -m devstack.lambdas.host FD PROJECT

One JSON object a line in both directions. The first line out describes the app, or says why it
cannot be imported. `{"id": …, "ping": true}` is answered at once; `{"drain": true}` lets running
calls end and takes no new one; a closed socket means that the engine is gone, and ends the process
at once.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from devstack.lambdas.application import Application
from devstack.lambdas.model import Invocation, Json

MAX_THREADS = 256


class Channel:
    """Lines of JSON over one end of a socket pair; sending is safe from any thread."""

    def __init__(self, fd: int) -> None:
        self._file = socket.socket(fileno=fd).makefile("rwb")
        self._lock = threading.Lock()

    def send(self, message: Json) -> None:
        line = json.dumps(message).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def receive(self) -> Json | None:
        """The next message; None once the engine is gone."""
        line = self._file.readline()
        return json.loads(line) if line.endswith(b"\n") else None


def main() -> None:
    channel, project = Channel(int(sys.argv[1])), Path(sys.argv[2])
    try:
        app = Application(project)
    except Exception as problem:
        traceback.print_exc()
        channel.send({"failed": f"{type(problem).__name__}: {problem}"})
        raise SystemExit(1) from None
    channel.send(app.describe().to_json())
    _serve(app, channel)


def _serve(app: Application, channel: Channel) -> None:
    with ThreadPoolExecutor(MAX_THREADS, "invocation") as pool:
        while message := channel.receive():
            if message.get("drain"):
                return
            if message.get("ping"):
                channel.send({"id": message["id"], "result": None})
                continue
            pool.submit(_answer, app, channel, message)
        os._exit(1)


def _answer(app: Application, channel: Channel, message: Json) -> None:
    """Calls the app and sends `{id, result}` or `{id, error}`; a broken pipe ends the process."""
    number = message.pop("id")
    try:
        reply = {"id": number, "result": _plain(app.call(Invocation(**message)))}
    except Exception as problem:
        traceback.print_exc()
        reply = {"id": number, "error": _failure(problem)}
    try:
        channel.send(reply)
    except OSError:
        os._exit(1)


def _plain(result: Any) -> Any:
    """The result as JSON; Lambda fails a function whose result is none."""
    return json.loads(json.dumps(result))


def _failure(problem: Exception) -> Json:
    return {
        "kind": type(problem).__name__,
        "message": str(problem),
        "trace": traceback.format_tb(problem.__traceback__),
    }


if __name__ == "__main__":
    main()
