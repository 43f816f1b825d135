"""The Dockerfile, as far as it can be read without Docker."""

from __future__ import annotations

import json
import re

import pytest

from tests.model.container import PROJECT

FOLDER = PROJECT / "model"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()


def instructions(name: str) -> list[str]:
    """What follows each instruction of that name; continued lines are one."""
    whole = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"^{name} (.+)$", whole, re.M)


def test_the_process_is_started_without_a_shell() -> None:
    """A shell would keep SIGTERM to itself."""
    (entrypoint,) = instructions("ENTRYPOINT")
    assert json.loads(entrypoint)[1:] == ["-m", "model"]
    assert not instructions("CMD")


def test_it_stands_on_a_pinned_public_cuda_base() -> None:
    (base,) = instructions("FROM")
    assert re.fullmatch(r"nvidia/cuda:\d+\.\d+\.\d+-base-ubuntu\d\d\.04", base)


def test_it_runs_offline_and_not_as_root() -> None:
    assert instructions("USER") == ["10001"]
    (settings,) = instructions("ENV")
    assert "HF_HUB_OFFLINE=1" in settings.split()


def test_every_module_and_only_the_modules_are_in_it() -> None:
    copied = [text.split()[0] for text in instructions("COPY")]
    assert copied == ["model/requirements.txt", "model/*.py"]
    assert not [path for path in FOLDER.rglob("*.py") if path.parent != FOLDER]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_library_is_pinned(name: str) -> None:
    lines = (FOLDER / name).read_text().splitlines()
    named = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert named
    assert not [line for line in named if not re.fullmatch(r"[\w-]+==[\w.]+", line)]
