"""`chalice local --stage local` from a plain shell, against an engine that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from devstack.ports import free_port
from tests.support.product import running_product, wait_until

SHELL = ("PATH", "HOME")


@pytest.fixture
def standalone(checkout: Path) -> Iterator[str]:
    """The address of a `chalice local` beside a running engine."""
    port = str(free_port())
    chalice = Path(sys.executable).with_name("chalice")
    with running_product(checkout / ".local", project=checkout):
        process = subprocess.Popen(
            [chalice, "local", "--stage", "local", "--port", port, "--no-autoreload"],
            cwd=checkout,
            env={name: os.environ[name] for name in SHELL if name in os.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: answers(url))
            yield url
        finally:
            process.terminate()
            process.wait(10)


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def finished(url: str, job: str) -> Any:
    answer = requests.get(f"{url}/status/{job}", timeout=10).json()
    return answer if answer["status"] not in ("pending", "in_progress") else None


def test_a_job_posted_to_chalice_local_is_drawn_by_the_engine(standalone: str) -> None:
    models = requests.get(f"{standalone}/models", timeout=10).json()
    assert len(models["models"]) == 9
    assert all(model["simulated"] for model in models["models"])
    posted = requests.post(f"{standalone}/generate", json={"prompt": "a lamp"}, timeout=10)
    assert posted.status_code == 202
    job = wait_until(lambda: finished(standalone, posted.json()["jobId"]))
    assert job["status"] == "completed"
    gallery = f"{standalone}/gallery"
    assert wait_until(lambda: requests.get(gallery, timeout=10).json()["galleries"])


def test_enhancing_reaches_the_engines_simulators(standalone: str) -> None:
    answer = requests.post(f"{standalone}/enhance", json={"prompt": "a lamp"}, timeout=30).json()
    assert answer["enhanced"] != "a lamp"
    assert answer["model"]
