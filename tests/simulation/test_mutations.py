"""Each deliberate break of the product is noticed by the test that claims to notice it."""

import ast
import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest

from tests.simulation.breaking import Mutation, broken
from tests.simulation.mutations import DOCUMENT, MUTATIONS, document

ROOT = Path(__file__).parents[2]
COPIED = (
    "chalicelib",
    "tests/unit",
    "tests/simulation",
    "tests/__init__.py",
    "tests/conftest.py",
    "tests/figures.py",
    "tests/pictures.py",
    ".chalice/resources.json",
    "app.py",
    "pyproject.toml",
)
EVERY = int(os.environ.get("EVERY_BREAK", "3"))
"""One break in so many is made; the whole list is a set of the proofs."""
TESTS_FAILED = 1
"""pytest's status; 2 and above mean that the tests could not be run at all."""


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product and its tests, to be broken without harm."""
    home = tmp_path_factory.mktemp("product")
    for name in COPIED:
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    # By their contents, so that a break and its end within one second are seen.
    compileall.compile_dir(home, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return home


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutation", MUTATIONS[::EVERY], ids=lambda m: m.name.replace(" ", "-"))
def test_a_break_is_noticed(mutation: Mutation, copy: Path) -> None:
    path = copy / "chalicelib" / mutation.file
    whole = path.read_text()
    path.write_text(broken(whole, mutation))
    try:
        done = run(mutation.noticed_by, copy)
    finally:
        path.write_text(whole)
    assert done.returncode == TESTS_FAILED, done.stdout[-2000:]


def run(test: str, home: Path) -> subprocess.CompletedProcess[str]:
    quiet = ("-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout", "-o", "addopts=")
    return subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *quiet, test],
        cwd=home,
        env={**os.environ, "FIGURES_FILE": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name.replace(" ", "-"))
def test_a_break_can_be_made_once_wherever_its_lines_are_broken(mutation: Mutation) -> None:
    source = (ROOT / "chalicelib" / mutation.file).read_text()
    assert ast.dump(ast.parse(broken(source, mutation))) != ast.dump(ast.parse(source))


def test_the_document_lists_every_break() -> None:
    assert (ROOT / DOCUMENT).read_text() == document()
