"""The section of the models: the slots, their keys, and what concerns all of them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from chalicelib.config.reader import Reader, Secret, SettingsError, is_entry, read_entries

ProviderId = str
"""The name of a folder in providers/adapters, and so one of `PROVIDER_IDS`."""
_ADAPTERS = Path(__file__).parents[1] / "providers" / "adapters"
PROVIDER_IDS: tuple[ProviderId, ...] = tuple(
    sorted(found.name for found in iter_modules([str(_ADAPTERS)]))
)
ReadSecret = Callable[[str], str]

MAX_SLOTS = 20
AWS_CREDENTIALS = "N/A"
OWN_MODEL = "sagemaker"
"""The provider of models that the operator hosts, which may have to wake first."""
NAME_LENGTH = 100
NEGATIVE_LENGTH = 1000
DEAREST_PICTURE_USD = 100
_SLOT_FIELDS = (
    "name",
    "key",
    "provider",
    "id",
    "base_url",
    "timeout",
    "size",
    "quality",
    "price_usd",
)
_SIZE = re.compile(r"auto|none|[1-9]\d{1,4}x[1-9]\d{1,4}", re.ASCII)
_TIMEOUTS = {False: (120, 1, 800), True: (900, 60, 3600)}
"""Seconds by default, at least and at most: for models that answer, and for those that sleep."""
_QUALITY = re.compile(r"[a-z0-9_-]{1,20}", re.ASCII)


@dataclass(frozen=True)
class SlotSettings:
    """One configured model as the operator wrote it; `index` counts from 1, `timeout` in seconds.

    `size` is "auto", "none" or "WxH" for a gateway that needs it, `quality` likewise in its own
    words; `price_usd` is the operator's own price of a picture.
    """

    index: int
    name: str
    key: Secret
    provider: ProviderId | None = None
    model_id: str | None = None
    base_url: str | None = None
    timeout: float = 120.0
    size: str | None = None
    quality: str | None = None
    price_usd: float | None = None


@dataclass(frozen=True)
class ModelSettings:
    """The slots, the one whose provider also writes, and what every picture must not show."""

    slots: tuple[SlotSettings, ...]
    prompt_model_index: int | None
    prompt_model_id: str | None
    perm_negative_prompt: str
    aws_id: str | None
    aws_secret: Secret | None
    simulated: bool


def read(env: Reader, read_secret: ReadSecret | None) -> ModelSettings:
    """Read the section; raise SettingsError."""
    slots = _slots(env, read_secret)
    aws_id, aws_secret = _aws_credentials(env)
    return ModelSettings(
        slots=slots,
        prompt_model_index=_prompt_model_index(env, slots),
        prompt_model_id=env.text("PROMPT_MODEL_ID") or None,
        perm_negative_prompt=env.text("PERM_NEGATIVE_PROMPT", NEGATIVE_LENGTH),
        aws_id=aws_id,
        aws_secret=aws_secret,
        simulated=env.flag("SIMULATED"),
    )


def _slots(env: Reader, read_secret: ReadSecret | None) -> tuple[SlotSettings, ...]:
    secret = env.text("MODELS_SECRET")
    if secret:
        return _slots_from_secret(secret, read_secret)
    count = env.count_of("MODEL_", "a model", _SLOT_FIELDS, 1, MAX_SLOTS)
    return tuple(_slot(env, i) for i in range(1, count + 1))


def _slot(env: Reader, index: int) -> SlotSettings:
    prefix = f"MODEL_{index}_"
    name = env.text(prefix + "NAME", NAME_LENGTH)
    if not name:
        raise SettingsError(f"{prefix}NAME is empty; slot {index} must have a model's name.")
    provider = env.text(prefix + "PROVIDER")
    if provider:
        env.choice(prefix + "PROVIDER", "", PROVIDER_IDS)
    if provider == OWN_MODEL:
        _check_own(env, prefix)
    return SlotSettings(
        index=index,
        name=name,
        key=read_key(prefix + "KEY", env.text(prefix + "KEY")),
        provider=provider or None,
        model_id=env.text(prefix + "ID") or None,
        base_url=env.address(prefix + "BASE_URL", "http", "https") or None,
        timeout=env.number(prefix + "TIMEOUT", *_TIMEOUTS[provider == OWN_MODEL]),
        size=_words(env, prefix + "SIZE", _SIZE, "auto, none, or a size such as 1024x1024"),
        quality=_words(env, prefix + "QUALITY", _QUALITY, "a word of the provider's, such as high"),
        price_usd=_price(env, prefix + "PRICE_USD"),
    )


def _check_own(env: Reader, prefix: str) -> None:
    if not env.text(prefix + "ID"):
        raise SettingsError(f"{prefix}ID is empty; it must be the name of your endpoint.")
    if env.text(prefix + "KEY") != AWS_CREDENTIALS:
        raise SettingsError(
            f"{prefix}KEY must be {AWS_CREDENTIALS}: an endpoint of your own is called with the "
            "function's role."
        )


def _words(env: Reader, name: str, pattern: re.Pattern[str], wanted: str) -> str | None:
    raw = env.text(name)
    if raw and not pattern.fullmatch(raw):
        raise SettingsError(f"{name} is {raw!r}; it must be {wanted}.")
    return raw or None


def _price(env: Reader, name: str) -> float | None:
    """US dollars of one picture; zero for a model that costs nothing."""
    return env.number(name, 0, 0, DEAREST_PICTURE_USD) if env.text(name) else None


def read_key(name: str, raw: str) -> Secret:
    """Return a provider's key or the reference to one; raise SettingsError."""
    key = Secret(raw)
    names_nothing = raw.startswith(("ssm:", "secret:")) and not key.is_reference
    if not raw or names_nothing or not (raw.isascii() and raw.isprintable()):
        state = "neither a key nor a reference" if raw else "empty"
        raise SettingsError(
            f"{name} is {state}; it must hold the provider's key, {AWS_CREDENTIALS} for AWS "
            "credentials, or a reference such as ssm:/path or secret:NAME#json-key."
        )
    return key


def _slots_from_secret(name: str, read_secret: ReadSecret | None) -> tuple[SlotSettings, ...]:
    """The list in the secret has the per-slot settings in lower case: name, key, provider, …"""
    entries = _entries(name, read_secret)
    reader = read_entries("MODEL_", entries)
    return tuple(_slot(reader, i) for i in range(1, len(entries) + 1))


def _entries(name: str, read_secret: ReadSecret | None) -> list[dict[str, object]]:
    wanted = (
        f"it must hold a JSON list of 1 to {MAX_SLOTS} objects with name and key, and perhaps "
        "provider, id, base_url, timeout, size, quality and price_usd, or an object with such a "
        "list as models and another as textModels"
    )
    text = _secret_text(name, read_secret)
    try:
        entries = json.loads(text)
        if isinstance(entries, dict) and entries.keys() <= {"models", "textModels"}:
            entries = entries.get("models")
    except (ValueError, RecursionError):
        raise SettingsError(f"MODELS_SECRET names {name!r}, which is no JSON; {wanted}.") from None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_SLOTS:
        raise SettingsError(f"MODELS_SECRET names {name!r}, which is no such list; {wanted}.")
    for position, entry in enumerate(entries, start=1):
        if not is_entry(entry, _SLOT_FIELDS):
            raise SettingsError(
                f"MODELS_SECRET names {name!r}, whose entry {position} is no such object; {wanted}."
            )
    return entries


def texts_in_secret(env: Reader, read_secret: ReadSecret | None) -> list[Any] | None:
    """Return the text models of the secret, unchecked; None where there is no secret."""
    name = env.text("MODELS_SECRET")
    if not name:
        return None
    held = json.loads(_secret_text(name, read_secret))
    texts = held.get("textModels", []) if isinstance(held, dict) else []
    if not isinstance(texts, list):
        raise SettingsError(f"MODELS_SECRET names {name!r}, whose textModels are no list.")
    return texts


def _secret_text(name: str, read_secret: ReadSecret | None) -> str:
    if read_secret is None:
        raise SettingsError(f"MODELS_SECRET names {name!r}, but secrets cannot be read here.")
    try:
        return read_secret(name)
    except Exception as problem:  # Whoever reads secrets raises errors of their own.
        raise SettingsError(f"MODELS_SECRET names {name!r}, which cannot be read: {problem}") from (
            problem
        )


def _aws_credentials(env: Reader) -> tuple[str | None, Secret | None]:
    identity, secret = env.text("AWS_ID"), env.text("AWS_SECRET")
    if bool(identity) != bool(secret):
        empty = "AWS_SECRET" if identity else "AWS_ID"
        raise SettingsError(f"{empty} is empty; AWS_ID and AWS_SECRET must be set together.")
    return identity or None, Secret(secret) if secret else None


def _prompt_model_index(env: Reader, slots: tuple[SlotSettings, ...]) -> int | None:
    if not slots or not env.text("PROMPT_MODEL_INDEX"):
        return 1 if slots else None
    return env.integer("PROMPT_MODEL_INDEX", 1, 1, len(slots))
