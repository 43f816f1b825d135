"""`make` tells in one sentence that Node.js is missing or too old."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.product import PROJECT

TOOLS = ("sh", "bash", "make", "awk", "find")


def make(directory: Path, node: str | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make where `node --version` prints this, or where there is none."""
    tools = directory / "tools"
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    if node:
        (tools / "node").write_text(f"#!/bin/sh\necho {node}\n")
        (tools / "node").chmod(0o755)
    frontend = directory / "frontend"
    for folder in ("src", "public", "node_modules"):
        (frontend / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(PROJECT / "Makefile", directory)
    (frontend / "package-lock.json").write_text("{}")
    return subprocess.run(
        ["make", f"PYTHON={sys.executable}", *arguments],
        cwd=directory,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize(
    ("node", "stamp", "named"),
    [
        ("v18.19.1", ".made-v18.19.1", "v18.19.1"),
        ("v20.9.0", ".made-v20.9.0", "v20.9.0"),
        (None, ".made-without-node", "none"),
    ],
)
def test_a_node_that_is_too_old_or_missing_stops_with_one_sentence(
    tmp_path: Path, node: str | None, stamp: str, named: str
) -> None:
    ended = make(tmp_path, node, f"frontend/node_modules/{stamp}")
    assert ended.returncode != 0
    assert f"Node.js 20.19 or newer is needed; this is {named}." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_packages_that_another_node_installed_do_not_count(tmp_path: Path) -> None:
    packages = tmp_path / "frontend" / "node_modules"
    packages.mkdir(parents=True)
    (packages / ".made-v20.19.0").touch()
    planned = make(tmp_path, "v22.12.0", "--dry-run", "frontend/dist/index.html")
    assert "npm --prefix frontend ci" in planned.stdout
