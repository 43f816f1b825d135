"""Reading `.env`: every line counts, and none is dropped silently."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from chalicelib.config import SettingsError

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
ASSIGNMENT = re.compile(r"\n\s*(export\s+)?\w+\s*=", re.ASCII)


def read(path: Path) -> dict[str, str]:
    """Return the variables of the file.

    Raise SettingsError, naming the file and the line but never what it holds, for a line that
    sets nothing.
    """
    text = _text(path)
    for binding in parse_stream(StringIO(text)):
        problem = _problem(binding)
        if problem:
            raise SettingsError(f"{path}, line {_line(binding)}: {problem}")
    values = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise SettingsError(f"{path} cannot be read: {problem.strerror}.") from None
    if data.startswith(UTF16_MARKS) or b"\0" in data:
        raise SettingsError(f"{path}, line 1: it is written in UTF-16; save the file as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise SettingsError(
            f"{path}, line {line}: a character is not written in UTF-8; save the file as UTF-8."
        ) from None


def _problem(binding: Binding) -> str | None:
    """Return what is wrong with a binding of the file, if anything."""
    line = binding.original.string.strip()
    if not line or line.startswith("#"):
        return None
    _, equals, value = line.partition("=")
    if not equals or (binding.value is None and not binding.error):
        return "it has no =; a setting is written NAME=value."
    if ASSIGNMENT.search(binding.value or ""):
        return "a quote is opened and not closed before the next setting."
    if binding.error:
        quote = value.strip()[:1]
        if quote in ('"', "'"):
            return f"the quote {quote} is not closed, or something follows it."
        return "it is not of the form NAME=value."
    return None if binding.key else "it has no name before its =."


def _line(binding: Binding) -> int:
    """Return the line of the binding itself: blank lines before it are counted to it."""
    string = binding.original.string
    blank = string[: len(string) - len(string.lstrip())]
    return binding.original.line + len(re.findall(r"\r\n|\n|\r", blank))
