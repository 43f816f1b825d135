"""Structured log lines: ids and figures, never a prompt or a key."""

import json
import logging

_log = logging.getLogger("pixel_prompt")
_log.setLevel(logging.INFO)


def event(name: str, **fields: str | int | float | bool | None) -> None:
    """One line of JSON; the caller gives ids, codes, counts and durations only."""
    _log.info(json.dumps({"event": name, **fields}))


def failure(name: str, **fields: str | int | float | bool | None) -> None:
    """The same with the traceback of the exception being handled."""
    _log.exception(json.dumps({"event": name, **fields}))
