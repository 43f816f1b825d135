"""The engine's own log: one JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

logger = logging.getLogger("devstack")


class JsonLines(logging.Formatter):
    """Renders a record and its `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "source": "engine",
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def event(message: str, level: int = logging.INFO, **fields: object) -> None:
    """Writes one line."""
    logger.log(level, message, extra={"fields": fields})


def open_log(directory: Path) -> BinaryIO:
    """Starts a new `engine.log`, keeps the last one, and sends the engine's records there."""
    path = directory / "engine.log"
    if path.exists():
        path.replace(directory / "engine.log.1")
    stream = path.open("ab", buffering=0)
    handler = logging.FileHandler(path)
    handler.setFormatter(JsonLines())
    # A line that finds no room is lost, and says nothing in its place.
    logging.raiseExceptions = False
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return stream
