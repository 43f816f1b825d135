"""Compiling and rendering in a process of its own, which ends when it takes too long.

What a template could do to a process it does to that one: the parent keeps its memory and goes on.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

SECONDS = 1.5
"""For one text, compiling included."""
START_SECONDS = 20.0
"""For the process to be there; a busy machine is slow, and this is nobody's template."""
_LIBRARIES = ("jinja2", "markupsafe")
_PROGRAM = (
    "import sys; sys.path[:0] = {paths!r}; "
    "from chalicelib.batches.templates.child import serve; serve(sys.stdin, sys.stdout)"
)
Kind = Literal["prompt", "when"]


@dataclass
class NotRendered(Exception):
    """A text that could not be rendered: why, and in which of its lines."""

    problem: str
    line: int = 1


class NotStarted(Exception):
    """The process could not be started; a fault of ours."""


class Renderer:
    """One process, for one template after the other; not for several threads at once.

    `environment` is what the interpreter itself needs to start; nothing else of ours is in it.
    """

    def __init__(
        self, environment: Mapping[str, str] | None = None, seconds: float = SECONDS
    ) -> None:
        self._environment = dict(environment or {})
        self._seconds = seconds
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next question starts another."""
        self._end()

    def compile(self, kind: Kind, source: str) -> None:
        """Raise NotRendered for a text that cannot be compiled within the limits."""
        self._ask({"kind": kind, "source": source})

    def render(self, source: str, context: Mapping[str, Any], seed: str) -> str:
        """Return the prompt; raise NotRendered. `seed` names the row and the step."""
        asked = {"kind": "prompt", "source": source, "context": context, "seed": seed}
        return str(self._ask(asked)["text"])

    def holds(self, source: str, context: Mapping[str, Any], seed: str) -> bool:
        """Return whether an expression is true; raise NotRendered."""
        asked = {"kind": "when", "source": source, "context": context, "seed": seed}
        return bool(self._ask(asked)["holds"])

    def matches(self, pattern: str, text: str) -> bool:
        """Return whether a regular expression is found in a text; raise NotRendered."""
        return bool(self._ask({"kind": "match", "source": pattern, "text": text})["holds"])

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        process = self._running()
        line = _within(self._seconds, process, lambda: _exchange(process, message))
        if not line:
            self._end()
            raise NotRendered(f"takes longer than {self._seconds:g} s or too much memory")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise NotRendered(answer["error"], answer["line"])
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = process = _start(self._environment)
            assert process.stdout is not None
            if not _within(START_SECONDS, process, process.stdout.readline):
                self._end()
                raise NotStarted
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:
                continue


def _start(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Isolated: no site packages but the two that are named, no variables, no errors shown."""
    roots = [Path(__file__).parents[3]]
    for library in _LIBRARIES:
        found = find_spec(library)
        assert found is not None
        assert found.origin is not None
        roots.append(Path(found.origin).parents[1])
    paths = list(dict.fromkeys(str(root) for root in roots))
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", _PROGRAM.format(paths=paths)],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def _exchange(process: subprocess.Popen[str], message: Mapping[str, Any]) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    return process.stdout.readline()


def _within(seconds: float, process: subprocess.Popen[str], act: Callable[[], str]) -> str:
    """Return what comes in time; the empty text when the process ended or had to be ended."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return act()
    except OSError:
        return ""
    finally:
        timer.cancel()
