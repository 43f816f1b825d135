"""The process that compiles and renders: one JSON line in, one JSON line out, until its input ends.

It has no environment, no files beyond its three pipes, and little memory. Whatever a template
does, it does it here; the parent (`renderer`) ends what takes too long.
"""

import json
import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from chalicelib.batches.templates.language import (
    HARMLESS,
    OWN,
    SEED,
    Language,
    SecurityError,
    TemplateSyntaxError,
    UndefinedError,
)

MEMORY = 40 * 1024 * 1024
"""Bytes beyond what the interpreter has after it has loaded the language: under 64 MB in all."""
CPU_SECONDS, MOST_CPU_SECONDS = 3, 3600
"""For one line; the parent's limit comes first, this one holds where the parent is gone."""
LONGEST = 256 * 1024
LONGEST_SENTENCE = 300
PIPES = 3
Message = dict[str, Any]


class TooLong(Exception):
    """More text than a model takes."""


class Renderer:
    """Compiles each text once and renders it for one row after the other."""

    def __init__(self) -> None:
        self._language = Language()
        self._compiled: dict[tuple[str, str], Callable[[Message], object]] = {}

    def answer(self, message: Message) -> Message:
        """Return `{"text"}`, `{"holds"}` or `{"ok"}`, or `{"error", "line"}`.

        Of many `prompts` it is `{"answers"}`, one for each.
        """
        if message["kind"] == "prompts":
            asked = message["asked"]
            return {"answers": [self.answer({"kind": "prompt", **each}) for each in asked]}
        if message["kind"] == "match":
            return {"holds": re.search(message["source"], message["text"]) is not None}
        Language.row = message.get("context", {})
        try:
            compiled = self._known(message["kind"], message["source"])
            if "context" not in message:
                return {"ok": True}
            found = compiled({**message["context"], SEED: message.get("seed", "")})
        except Exception as problem:
            return {"error": sentence(problem), "line": line_of(problem)}
        return {"text" if message["kind"] == "prompt" else "holds": found}

    def _known(self, kind: str, source: str) -> Callable[[Message], object]:
        if (kind, source) not in self._compiled:
            make = self._prompt if kind == "prompt" else self._expression
            self._compiled[kind, source] = make(source)
        return self._compiled[kind, source]

    def _prompt(self, source: str) -> Callable[[Message], object]:
        template = self._language.from_string(source)

        def render(context: Message) -> str:
            parts: list[str] = []
            length = 0
            for part in template.generate(context):
                length += len(part)
                if length > LONGEST:
                    raise TooLong
                parts.append(part)
            return "".join(parts)

        return render

    def _expression(self, source: str) -> Callable[[Message], object]:
        expression = self._language.compile_expression(source, undefined_to_none=False)
        return lambda context: bool(expression(context))


def sentence(problem: BaseException) -> str:
    """Return what went wrong as people can read it."""
    if isinstance(problem, MemoryError):
        return "needs more than 64 MB of memory"
    if isinstance(problem, RecursionError):
        return "nests or repeats itself too deeply"
    if isinstance(problem, OSError | ImportError):
        return "wants something that there is not in here"
    if isinstance(problem, TooLong):
        return f"makes a text of more than {LONGEST // 1024} KB"
    told = str(problem) or type(problem).__name__
    plain = isinstance(problem, UndefinedError | SecurityError | TemplateSyntaxError | ValueError)
    return (told if plain else f"{type(problem).__name__}: {told}")[:LONGEST_SENTENCE]


def line_of(problem: BaseException) -> int:
    """Return the template's line in which it happened, counted from 1."""
    if isinstance(problem, TemplateSyntaxError):
        return problem.lineno
    line, trace = 1, problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def confine() -> None:
    """Give up everything that rendering does not need; where a limit is unknown, the next holds."""
    wanted = [
        (resource.RLIMIT_AS, _address_space()),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, PIPES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    for limit, value in wanted:
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):
            continue


def _address_space() -> int:
    """Return what is taken now and a little: shared libraries count here, and are nobody's."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return 400 * 1024 * 1024
    return pages * resource.getpagesize() + MEMORY


def _allow_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (min(most, MOST_CPU_SECONDS), MOST_CPU_SECONDS))


def _load_all(renderer: Renderer) -> None:
    """What Python and Jinja load late has to be there before no file can be opened any more."""
    text = "'<b>\\u00e9 &amp; a</b>'"
    arguments = {"format": "(1)", "replace": "('a', 'b')", "batch": "(1)", "slice": "(1)"}
    sources = [f"{{{{ {text} | {name}{arguments.get(name, '')} }}}}" for name in (*HARMLESS, *OWN)]
    sources += [
        "{{ missing }}",
        "{{ 1 + }}",
        "{{ '{:>3} {}'.format(1, 1.5) }}",
        "{{ ''.__class__ }}",
    ]
    sources += ["{{ [[1, 2]] | map('first') | list | tojson }}{{ 'a'.encode() }}{{ 1 / 0 }}"]
    for source in sources:
        renderer.answer({"kind": "prompt", "source": source, "context": {}})
    renderer.answer({"kind": "when", "source": "missing"})


def serve(lines: TextIO, answers: TextIO) -> None:
    """Answer line after line."""
    renderer = Renderer()
    _load_all(renderer)
    confine()
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in lines:
        _allow_cpu()
        try:
            answer = json.dumps(renderer.answer(json.loads(line)))
        except (MemoryError, RecursionError) as problem:
            answer = json.dumps({"error": sentence(problem), "line": 1})
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
