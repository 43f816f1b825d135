"""docs/settings.md says what the code does: names, defaults, ranges and choices."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalicelib import config
from chalicelib.config import SettingsError
from devstack import settings as engine

DOCUMENT = Path(__file__).parents[2] / "docs/settings.md"
SLOT = {
    "MODEL_COUNT": "1",
    "MODEL_1_NAME": "a",
    "MODEL_1_KEY": "k",
    "TEXT_MODEL_COUNT": "1",
    "TEXT_MODEL_1_NAME": "a",
    "TEXT_MODEL_1_KEY": "k",
}
RANGE = re.compile(r"([\d.]+) to ([\d.]+)")


@dataclass(frozen=True)
class Row:
    name: str
    default: str
    holds: str

    @property
    def variable(self) -> str:
        return self.name.replace("<i>", "1")

    @property
    def choices(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.holds)


def rows() -> list[Row]:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    cells = ([c.strip() for c in line.strip("|").split("|")] for line in lines if "| `" in line)
    return [Row(name.strip("`"), default, holds) for name, default, holds, _ in cells]


class Recording(Mapping[str, str]):
    """An environment that keeps what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._held, self.asked = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(re.sub(r"^(TEXT_)?MODEL_1_", r"\1MODEL_<i>_", name))
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def accepts(variable: str, value: str) -> bool:
    load: Callable[[Mapping[str, str]], object] = (
        engine.load if variable in asked(engine.load) else config.load
    )
    try:
        load({**SLOT, "MODEL_COUNT": "1", variable: value})
    except SettingsError as error:
        # A higher count is a good value although its slots are missing here.
        return variable not in str(error)
    return True


def asked(load: Callable[[Mapping[str, str]], object]) -> set[str]:
    environment = Recording(SLOT)
    load(environment)
    return environment.asked


def numeric() -> list[tuple[str, str, str]]:
    found = ((row, RANGE.match(row.holds)) for row in rows())
    return [(row.variable, match[1], match[2]) for row, match in found if match]


def test_every_setting_is_listed_once_and_nothing_else_is() -> None:
    names = [row.name for row in rows()]
    assert sorted(names) == sorted(asked(config.load) | asked(engine.load))


@pytest.mark.parametrize(("variable", "low", "high"), numeric())
def test_ranges_are_as_listed(variable: str, low: str, high: str) -> None:
    assert accepts(variable, low)
    assert accepts(variable, high)
    assert not accepts(variable, str(round(float(high) + 1)))
    if float(low) > 0:
        assert not accepts(variable, "0")


@pytest.mark.parametrize(
    ("variable", "choices"),
    [
        (row.variable, row.choices)
        for row in rows()
        if row.name
        in (
            *("MODEL_<i>_PROVIDER", "MODERATION", "SIMULATED", "SIMULATE"),
            *("AUTH", "SIGN_UP", "MFA", "ALLOW_DELETE", "BATCHES"),
        )
    ],
)
def test_choices_are_as_listed(variable: str, choices: list[str]) -> None:
    assert all(accepts(variable, choice) for choice in choices)
    assert not accepts(variable, "something-else")


def test_all_providers_are_listed() -> None:
    [row] = [row for row in rows() if row.name == "MODEL_<i>_PROVIDER"]
    assert sorted(row.choices) == list(config.PROVIDER_IDS)


def defaults() -> Mapping[str, object]:
    product, local = config.load(SLOT), engine.load({})
    return {
        "MODEL_<i>_TIMEOUT": product.models.slots[0].timeout,
        "PROMPT_MODEL_INDEX": product.models.prompt_model_index,
        "GLOBAL_LIMIT": product.limits.global_limit,
        "IP_LIMIT": product.limits.ip_limit,
        "MODERATION": product.moderation,
        "RETENTION_DAYS": product.storage.retention_days,
        "AUTH": product.accounts.auth,
        "SIGN_UP": product.accounts.sign_up,
        "MFA": product.accounts.mfa,
        "USER_DAILY_LIMIT": product.accounts.user_daily_limit,
        "ALLOW_DELETE": int(product.accounts.allow_delete),
        "BATCHES": int(product.batches.open_to_all),
        "MAX_RUNNING_BATCHES": product.batches.most_running,
        "IMAGE_URL_SECONDS": product.pictures.url_seconds,
        "SIMULATED": int(product.models.simulated),
        "STAGE": product.stage,
        "PORT": local.port,
        "DATA_DIR": local.data_dir.name,
        "SIMULATE": int(local.simulate),
        "ENGINE_SCHEDULE_SECONDS": local.pace.schedule,
        "ENGINE_RETRY_SECONDS": local.pace.retry,
        "SIMULATOR_PACE": local.pace.simulators,
    }


def test_defaults_are_as_listed() -> None:
    values = defaults()
    listed = {row.name: row.default for row in rows() if row.name in values}
    assert listed == {
        name: f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in values.items()
    }


def test_settings_listed_without_a_default_are_empty_when_unset() -> None:
    product = config.load({})
    models, network, storage = product.models, product.network, product.storage
    unset = (models.slots, models.prompt_model_id, models.aws_id, models.aws_secret)
    texts = (storage.bucket, storage.table_name, network.ws_url, network.cloudfront_domain)
    assert not any(unset)
    assert not any(texts)
    assert product.limits.daily_spend_limit is product.accounts.user_daily_spend is None
    assert product.pictures.signing_key is None
    assert not any((product.accounts.user_pool_id, product.accounts.issuer))
    assert product.limits.ip_include == product.network.allowed_origins == ()
