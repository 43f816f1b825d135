"""docs/adding-a-provider.md is true: its example works, and every provider went its way."""

import re
import types
from pathlib import Path
from typing import Any, cast

import pytest

from chalicelib.config import Secret
from chalicelib.providers.base import CallContext, EndsAt, ImageProvider, ImageRequest
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.models.catalog import FAMILIES, resolve
from chalicelib.providers.models.family import Family
from tests.contract.case import PROVIDERS, Answer, ProviderTests
from tests.contract.servers import PNG, replay_server
from tests.support.providers import ANSWERING

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "adding-a-provider.md").read_text(encoding="utf-8")
FAMILY, ADAPTER, TESTS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
ADAPTERS = ROOT / "chalicelib" / "providers" / "adapters"


def module(source: str) -> dict[str, Any]:
    made = types.ModuleType("acme")
    vars(made)["__builtins__"] = __builtins__
    exec(source, vars(made))
    return vars(made)


@pytest.fixture(autouse=True)
def acme_in_the_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    known = cast(dict[str, Family], FAMILIES)
    monkeypatch.setitem(known, "acme", module(FAMILY)["FAMILY"])


def acme(base_url: str) -> ImageProvider:
    adapter = module(ADAPTER)
    client = adapter["connect"](Credentials(Secret("key"), base_url))
    made: ImageProvider = adapter["image"](client, resolve("Acme", provider="acme"))
    return made


def draw(answer: Answer) -> bytes:
    context = CallContext(EndsAt(10, lambda: 0.0), sleep=lambda _: None)
    with replay_server((answer,)) as server:
        return acme(server.origin).generate(ImageRequest("a fox", seed=7), context).data


@pytest.mark.parametrize("replay", module(TESTS)["TESTS"].replays, ids=lambda replay: replay.name)
def test_the_examples_own_replays_hold(replay: Any) -> None:
    if replay.code is None:
        assert draw(replay.answers[0]) == PNG
        return
    with pytest.raises(ProviderError) as caught:
        draw(replay.answers[0])
    assert caught.value.code == replay.code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "BAD_KEY"),
        (429, "RATE_LIMITED"),
        (404, "BAD_REQUEST"),
        (500, "UNAVAILABLE"),
        (200, "BAD_RESPONSE"),
    ],
)
def test_the_example_tells_its_failures_apart(status: int, code: str) -> None:
    with pytest.raises(ProviderError) as caught:
        draw(Answer(status, {}))

    assert caught.value.code == code


def test_the_examples_family_resolves_retired_names_and_ids() -> None:
    assert resolve("Acme 1", provider="acme").replaces == "Acme 1"
    assert resolve("Acme", provider="acme", model_id="acme-image-1").successor == "acme-image-2"


def test_the_examples_tests_are_of_the_kind_that_the_suite_finds() -> None:
    assert isinstance(module(TESTS)["TESTS"], ProviderTests)


def test_every_path_that_the_guide_names_exists() -> None:
    paths = set(re.findall(r"`((?:chalicelib|devstack|tests)/[\w/.-]+)`", GUIDE))

    assert len(paths) > 6
    assert [p for p in sorted(paths) if "acme" not in p and not (ROOT / p).exists()] == []


def test_every_name_that_the_guide_uses_exists() -> None:
    folders = ("chalicelib", "devstack", "tests/contract")
    modules = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in modules)
    names = set(re.findall(r"`(\w+)`", GUIDE)) - {"acme"}

    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", source)] == []


@pytest.mark.parametrize("provider", ANSWERING)
def test_every_provider_has_its_four_files(provider: str) -> None:
    adapter = (ADAPTERS / provider / "adapter.py").read_text(encoding="utf-8")
    tests = PROVIDERS[provider]

    assert "\ndef connect(credentials: Credentials)" in adapter
    assert (ROOT / "devstack" / "simulators" / f"{provider}.py").exists()
    assert {case.provider for case in tests.cases} == {provider}
    assert any(replay.code is None for replay in tests.replays)
    assert any(replay.code for replay in tests.replays)
    assert FAMILIES[provider].any_model or FAMILIES[provider].prices


def test_there_are_no_tests_of_providers_that_do_not_exist() -> None:
    assert set(PROVIDERS) == set(ANSWERING)
