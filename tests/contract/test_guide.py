"""docs/adding-a-provider.md is true: its example works, and every provider went its way."""

import re
import types
from pathlib import Path
from typing import Any, cast

import pytest

from chalicelib.config import PROVIDER_IDS, ProviderId, Secret
from chalicelib.providers.base import (
    CallContext,
    Capabilities,
    EndsAt,
    ImageProvider,
    ImageRequest,
)
from chalicelib.providers.catalog import resolve
from chalicelib.providers.connection import Account, Connection
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.families import FAMILIES, Family, Named
from chalicelib.providers.prices import priced_models
from tests.contract.models import MODELS
from tests.contract.servers import PNG, replay_server
from tests.contract.test_replays import REPLAYS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "adding-a-provider.md").read_text(encoding="utf-8")
ENTRY, MODULE = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
ACME = cast(ProviderId, "acme")


@pytest.fixture(autouse=True)
def acme_in_the_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"Family": Family, "Named": Named, "Capabilities": Capabilities}
    entry: dict[ProviderId, Family] = eval(f"{{{ENTRY}}}", names)
    monkeypatch.setitem(cast(dict[ProviderId, Family], FAMILIES), ACME, entry[ACME])


def acme(base_url: str) -> ImageProvider:
    module = types.ModuleType("chalicelib.providers.acme")
    vars(module)["__builtins__"] = __builtins__
    exec(MODULE, vars(module))
    connection: Connection = vars(module)["connect"](Account(Secret("key"), base_url))
    return connection.image(resolve("Acme", provider=ACME))


def draw(status: int, body: dict[str, Any]) -> bytes:
    context = CallContext(EndsAt(10, lambda: 0.0), sleep=lambda _: None)
    with replay_server([{"status": status, "body": body}]) as server:
        return acme(server.origin).generate(ImageRequest("a fox", seed=7), context).data


def test_the_example_draws() -> None:
    assert draw(200, {"image": "{png}"}) == PNG


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {}, "BAD_KEY"),
        (400, {"reason": "unsafe"}, "REFUSED"),
        (429, {}, "RATE_LIMITED"),
        (404, {}, "MODEL_RETIRED"),
        (500, {}, "UNAVAILABLE"),
        (200, {}, "BAD_RESPONSE"),
    ],
)
def test_the_example_tells_its_failures_apart(status: int, body: dict[str, Any], code: str) -> None:
    with pytest.raises(ProviderError) as caught:
        draw(status, body)

    assert caught.value.code == code


def test_the_examples_entry_resolves_retired_names_and_ids() -> None:
    assert resolve("Acme 1", provider=ACME).replaces == "Acme 1"
    assert resolve("Acme", provider=ACME, model_id="acme-image-1").successor == "acme-image-2"


def test_every_path_that_the_guide_names_exists() -> None:
    paths = set(re.findall(r"`((?:chalicelib|devstack|tests)/[\w/.-]+)`", GUIDE))

    assert len(paths) > 8
    assert [p for p in sorted(paths) if "acme" not in p and not (ROOT / p).exists()] == []


def test_every_name_that_the_guide_uses_exists() -> None:
    modules = [*(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "devstack").rglob("*.py")]
    source = "".join(module.read_text(encoding="utf-8") for module in modules)
    names = set(re.findall(r"`(\w+)`", GUIDE)) - {"acme", "tokens", "ignored"}

    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", source)] == []


@pytest.mark.parametrize("provider", PROVIDER_IDS)
def test_every_provider_went_the_guides_way(provider: ProviderId) -> None:
    module = ROOT / "chalicelib" / "providers" / f"{provider}.py"

    assert provider in FAMILIES
    assert "\ndef connect(account: Account)" in module.read_text(encoding="utf-8")
    assert (ROOT / "devstack" / "simulators" / f"{provider}.py").exists()
    assert any(case.provider == provider for case in MODELS)
    assert any(replay["provider"] == provider for replay in REPLAYS)
    assert provider == "generic" or priced_models(provider)
