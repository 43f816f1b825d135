"""What the documents promise is there: commands, links, settings, the API document."""

import json
import re
from pathlib import Path

import pytest

from chalicelib import config
from chalicelib.providers.registry import slots
from chalicelib.routes.openapi import document
from devstack import envfile

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text()
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (PROJECT / "Makefile").read_text(), re.M))


def name(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_command_that_is_told_exists(page: Path) -> None:
    told = set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", page.read_text(), re.M))
    assert told <= TARGETS


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_module_command_that_is_told_exists(page: Path) -> None:
    for module in re.findall(
        r"python -m ((?:bench|deploy|tests|devstack)[\w.]*)", page.read_text()
    ):
        place = PROJECT.joinpath(*module.split("."))
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_test_that_is_told_exists(page: Path) -> None:
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text()):
        assert re.search(rf"^def {test}\(", (PROJECT / file).read_text(), re.M), (file, test)


def test_the_promises_of_the_local_engine_are_each_tried() -> None:
    page = (PROJECT / "docs" / "local-engine.md").read_text()
    rows = [row for row in page.splitlines() if row.startswith("| ") and "promise" not in row]
    assert len(rows) > 30
    assert not [row for row in rows if not re.search(r"\| `tests/[\w/]+\.py::\w+` \|$", row)]


def test_the_readmes_example_configures_two_models(tmp_path: Path) -> None:
    (block,) = [b for b in re.findall(r"```sh\n(.*?)```", README, re.S) if "MODEL_COUNT" in b]
    (tmp_path / ".env").write_text(block)
    configured = slots(config.load(envfile.read(tmp_path / ".env")))
    assert [slot.model.provider for slot in configured] == ["openai", "bfl"]


def test_the_pages_api_document_is_current() -> None:
    kept = json.loads((PROJECT / "frontend" / "openapi.json").read_text())
    assert kept == document(), "run `make schema`"
