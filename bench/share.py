"""A share of a core, as Lambda gives it to a function by its memory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    group = CONTROLLER / f"pixel-prompt-{os.getpid()}"
    quota = round(PERIOD_US * min(1.0, megabytes / CORE_MB))
    try:
        group.mkdir(exist_ok=True)
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
        (group / "cgroup.procs").write_text(str(os.getpid()))
    except OSError as problem:
        raise RuntimeError(f"this machine lets nobody share a core: {problem}") from problem
    try:
        yield
    finally:
        (CONTROLLER / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()
