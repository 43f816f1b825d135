"""A share of a core, as Lambda gives it to a function by its memory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.scorecard import PROJECT

CORE_MB = 1769
"""The memory at which Lambda gives a whole core."""
PERIOD_US = 20_000
"""Lambda's own: a function that used up its share waits for the rest of these microseconds."""
CONTROLLER = Path("/sys/fs/cgroup/cpu")


def memory_mb(function: str) -> int:
    """Return what the template gives the function."""
    config = json.loads((PROJECT / ".chalice" / "config.json").read_text())
    return int(config["lambda_functions"][function]["lambda_memory_size"])


@contextmanager
def core_share(megabytes: int) -> Iterator[None]:
    """Give this process, all of its threads, what a function of this size has; at most a core.

    Raise RuntimeError where the kernel does not let this user do so.
    """
    with shared({os.getpid(): megabytes}):
        yield


@contextmanager
def shared(megabytes: Mapping[int, int]) -> Iterator[None]:
    """Give each of these processes, by pid, what a function of its size has; at most a core.

    Raise RuntimeError where the kernel does not let this user do so.
    """
    groups: list[tuple[int, Path]] = []
    try:
        for pid, size in megabytes.items():
            groups.append((pid, _group(pid, size)))
        yield
    except OSError as problem:
        raise RuntimeError(f"this machine lets nobody share a core: {problem}") from problem
    finally:
        for pid, group in groups:
            _leave(pid, group)


def _group(pid: int, megabytes: int) -> Path:
    group = CONTROLLER / f"pixel-prompt-{pid}"
    quota = round(PERIOD_US * min(1.0, megabytes / CORE_MB))
    group.mkdir(exist_ok=True)
    (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
    (group / "cpu.cfs_quota_us").write_text(str(quota))
    (group / "cgroup.procs").write_text(str(pid))
    return group


def _leave(pid: int, group: Path) -> None:
    with suppress(ProcessLookupError):
        (CONTROLLER / "cgroup.procs").write_text(str(pid))
    group.rmdir()


def emulated_functions() -> dict[int, int]:
    """Return the megabytes of every function that an emulator of this user runs now, by pid."""
    found = {}
    for directory in Path("/proc").iterdir():
        if directory.name.isdigit():
            with suppress(OSError):
                environ = dict(
                    entry.split(b"=", 1)
                    for entry in (directory / "environ").read_bytes().split(b"\0")
                    if b"=" in entry
                )
                if size := environ.get(b"AWS_LAMBDA_FUNCTION_MEMORY_SIZE"):
                    found[int(directory.name)] = int(size)
    return found
