"""The section of text models: those that the steps of a batch write and judge with."""

import re
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from chalicelib.config.models import NAME_LENGTH, PROVIDER_IDS, ProviderId, read_key
from chalicelib.config.reader import Reader, Secret, SettingsError, is_entry, read_entries

Tier = Literal["cheap", "balanced", "premium"]
TIERS: tuple[Tier, ...] = get_args(Tier)
MAX_TEXTS = 12
DEAREST_MILLION_USD = 10_000
TEXT_FIELDS = ("name", "key", "provider", "id", "base_url", "timeout", "tier", "price_usd")
_AMOUNT = r"\d{1,5}(?:\.\d{1,6})?"
_PRICE = re.compile(rf"({_AMOUNT})/({_AMOUNT})", re.ASCII)


@dataclass(frozen=True)
class TextSettings:
    """One text model as the operator wrote it; `index` counts from 1, `timeout` in seconds.

    `price` is the operator's own: US dollars per million tokens read and written.
    """

    index: int
    name: str
    key: Secret
    provider: ProviderId | None = None
    model_id: str | None = None
    base_url: str | None = None
    timeout: float = 120.0
    tier: Tier | None = None
    price: tuple[float, float] | None = None


def read(env: Reader, in_secret: list[dict[str, Any]] | None) -> tuple[TextSettings, ...]:
    """Read the section, or the same fields of the models' secret; raise SettingsError."""
    if in_secret is not None:
        return _from_secret(in_secret)
    count = env.count_of("TEXT_MODEL_", "a text model", TEXT_FIELDS, 0, MAX_TEXTS)
    return tuple(_text(env, index) for index in range(1, count + 1))


def _text(env: Reader, index: int) -> TextSettings:
    prefix = f"TEXT_MODEL_{index}_"
    name = env.text(prefix + "NAME", NAME_LENGTH)
    if not name:
        raise SettingsError(f"{prefix}NAME is empty; text model {index} must have a name.")
    provider = env.text(prefix + "PROVIDER")
    if provider:
        env.choice(prefix + "PROVIDER", "", PROVIDER_IDS)
    tier = env.text(prefix + "TIER")
    if tier:
        env.choice(prefix + "TIER", "", TIERS)
    return TextSettings(
        index=index,
        name=name,
        key=read_key(prefix + "KEY", env.text(prefix + "KEY")),
        provider=provider or None,
        model_id=env.text(prefix + "ID") or None,
        base_url=env.address(prefix + "BASE_URL", "http", "https") or None,
        timeout=env.number(prefix + "TIMEOUT", 120, 1, 800),
        tier=cast(Tier, tier) if tier else None,
        price=_price(prefix + "PRICE_USD", env.text(prefix + "PRICE_USD")),
    )


def _price(name: str, raw: str) -> tuple[float, float] | None:
    if not raw:
        return None
    match = _PRICE.fullmatch(raw)
    amounts = (float(match[1]), float(match[2])) if match else None
    if amounts is None or max(amounts) > DEAREST_MILLION_USD:
        raise SettingsError(
            f"{name} is {raw!r}; it must be dollars per million tokens read and written, such as "
            f"0.25/1.5, each up to {DEAREST_MILLION_USD}."
        )
    return amounts


def _from_secret(entries: list[dict[str, Any]]) -> tuple[TextSettings, ...]:
    """The list in the secret has the settings of each in lower case, as that of the models."""
    if len(entries) > MAX_TEXTS:
        raise SettingsError(f"MODELS_SECRET names a secret with more than {MAX_TEXTS} text models.")
    for position, entry in enumerate(entries, start=1):
        if not is_entry(entry, TEXT_FIELDS):
            raise SettingsError(
                f"MODELS_SECRET names a secret whose text model {position} is no object with name "
                f"and key, and perhaps {', '.join(TEXT_FIELDS[2:])}."
            )
    reader = read_entries("TEXT_MODEL_", entries)
    return tuple(_text(reader, index) for index in range(1, len(entries) + 1))
