"""Compiling and rendering in a process of its own, which ends when it takes too long.

What a template could do to a process it does to that one: the parent keeps its memory and goes on.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

SECONDS = 1.5
"""For one text, compiling included."""
TOGETHER_BYTES = 1024 * 1024
"""Of texts with their data that are rendered in one exchange."""
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


class Prompt(NamedTuple):
    """A text to be rendered; `seed` names the row and the step."""

    source: str
    context: Mapping[str, Any]
    seed: str


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
        self._together = True

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

    def render_many(self, prompts: Iterable[Prompt]) -> list[str | None]:
        """Return the prompts, None for each that cannot be rendered.

        Some go together, which is ten times faster, and have the time of one. Once that has been
        too short, each goes by itself.
        """
        found: list[str | None] = []
        for group in _groups(prompts):
            found += self._rendered(group)
        return found

    def _rendered(self, group: Sequence[tuple[Prompt, str]]) -> list[str | None]:
        if self._together:
            line = f'{{"kind":"prompts","asked":[{",".join(told for _, told in group)}]}}'
            try:
                return [answer.get("text") for answer in self._ask_line(line)["answers"]]
            except NotRendered:
                self._together = False
        return [self._rendered_alone(each) for each, _ in group]

    def _rendered_alone(self, prompt: Prompt) -> str | None:
        try:
            return self.render(prompt.source, prompt.context, prompt.seed)
        except NotRendered:
            return None

    def holds(self, source: str, context: Mapping[str, Any], seed: str) -> bool:
        """Return whether an expression is true; raise NotRendered."""
        asked = {"kind": "when", "source": source, "context": context, "seed": seed}
        return bool(self._ask(asked)["holds"])

    def matches(self, pattern: str, text: str) -> bool:
        """Return whether a regular expression is found in a text; raise NotRendered."""
        return bool(self._ask({"kind": "match", "source": pattern, "text": text})["holds"])

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask_line(json.dumps(message))

    def _ask_line(self, asked: str) -> dict[str, Any]:
        process = self._running()
        line = _within(self._seconds, process, lambda: _exchange(process, asked))
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


def _groups(prompts: Iterable[Prompt]) -> Iterator[list[tuple[Prompt, str]]]:
    """Yield prompts with their JSON, so many together as a small process has room for."""
    group: list[tuple[Prompt, str]] = []
    size = 0
    for prompt in prompts:
        told = json.dumps(prompt._asdict())
        size += len(told)
        if group and size > TOGETHER_BYTES:
            yield group
            group, size = [], len(told)
        group.append((prompt, told))
    if group:
        yield group


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


def _exchange(process: subprocess.Popen[str], asked: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(asked + "\n")
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
