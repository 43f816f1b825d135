"""The directory that keeps the data: one engine at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path

from devstack.settings import EngineError


class DataDir:
    """Holds the directory for this process until `release`, or until the process dies."""

    def __init__(self, path: Path) -> None:
        """Raises EngineError when another engine uses it or it cannot be made."""
        self.path = path
        self._lock = os.open(_prepared(path) / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(self._lock, 20).decode().strip()
            os.close(self._lock)
            raise EngineError(
                f"Another engine (process {pid}) uses {path}; stop it, or choose another directory "
                "with DATA_DIR=…."
            ) from None
        os.truncate(self._lock, 0)
        os.write(self._lock, str(os.getpid()).encode())

    def tell(self, facts: Mapping[str, object]) -> None:
        """Writes `engine.json`: where the running engine's parts are."""
        whole = self.path / "engine.json"
        part = whole.with_suffix(".part")
        part.write_text(json.dumps(facts, indent=2) + "\n")
        part.replace(whole)

    def release(self) -> None:
        """Another engine may have it."""
        with contextlib.suppress(OSError):
            (self.path / "engine.json").unlink(missing_ok=True)
        os.close(self._lock)


def unwritable(path: Path) -> str:
    """Return the sentence about a directory that takes no more."""
    return (
        f"{path} cannot be written; nothing in it was changed. Make room on its disk or make it "
        "writable, or choose another directory with DATA_DIR=…."
    )


def _prepared(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as problem:
        raise EngineError(f"DATA_DIR {path} cannot be made: {problem.strerror}.") from None
    return path
