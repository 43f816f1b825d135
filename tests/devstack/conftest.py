"""A small app in a project of its own, and an engine that runs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.product import PROJECT, Product, running_product

PROBE = Path(__file__).parent / "probe"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The probe app as a Chalice project, with the product's own resources and a built page."""
    project = tmp_path_factory.mktemp("probe")
    (project / ".chalice").mkdir()
    shutil.copy(PROBE / "probe_app.py", project / "app.py")
    shutil.copy(PROBE / "config.json", project / ".chalice" / "config.json")
    shutil.copy(PROJECT / ".chalice" / "resources.json", project / ".chalice" / "resources.json")
    built = project / "frontend" / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Probe</title>")
    (built / "assets" / "main-0a1b2c.js").write_text("export {};")
    return project


@pytest.fixture(scope="session")
def probe(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An engine that runs the probe app, shared by the tests that only talk to it."""
    with running_product(tmp_path_factory.mktemp("data"), project=project) as product:
        yield product


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The app by itself, as a checkout whose data directory is the default one."""
    for name in ("app.py", "chalicelib", ".chalice/config.json", ".chalice/resources.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, tmp_path / name)
    return tmp_path
