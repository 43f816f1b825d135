"""The settings: the only reader of the environment.

A wrong setting stops the start with one sentence that names the variable, what it holds and what
it may hold. Keys are never shown.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from pkgutil import iter_modules
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

ProviderId = str
"""The name of a folder in providers/adapters, and so one of `PROVIDER_IDS`."""
PROVIDER_IDS: tuple[ProviderId, ...] = tuple(
    sorted(
        found.name
        for found in iter_modules([str(Path(__file__).with_name("providers") / "adapters")])
    )
)
Moderation = Literal["off", "keywords", "llm"]
Network = IPv4Network | IPv6Network
ReadSecret = Callable[[str], str]

MAX_SLOTS = 20
AWS_CREDENTIALS = "N/A"
NAME_LENGTH = 100
NEGATIVE_LENGTH = 1000
_SLOT_FIELDS = ("name", "key", "provider", "id", "base_url", "timeout")
_OF_A_SLOT = re.compile(r"MODEL_\d+_.+", re.ASCII)
_SECRET_REFERENCE = re.compile(r"ssm:/.+|secret:[^#].*")
_ADDRESS = re.compile(r"([a-z]+)://[^\s/?#@\\]+(/[^\s?#@\\]*)?")
_ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", re.ASCII)


class SettingsError(Exception):
    """One sentence naming the variable, what it holds and what it may hold."""


class Secret:
    """A value that shows itself only when asked: never in a repr, a log line or an error."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def reveal(self) -> str:
        return self._value

    @property
    def is_reference(self) -> bool:
        """True for `ssm:/path` and `secret:NAME#key`, which are read when first needed."""
        return bool(_SECRET_REFERENCE.fullmatch(self._value))


@dataclass(frozen=True)
class SlotSettings:
    """One configured model as the operator wrote it; `index` counts from 1."""

    index: int
    name: str
    key: Secret
    provider: ProviderId | None = None
    model_id: str | None = None
    base_url: str | None = None
    timeout: float = 120.0


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, checked."""

    slots: tuple[SlotSettings, ...]
    prompt_model_index: int | None
    prompt_model_id: str | None
    global_limit: int
    ip_limit: int | None
    daily_spend_limit: float | None
    ip_include: tuple[Network, ...]
    perm_negative_prompt: str
    aws_id: str | None
    aws_secret: Secret | None
    bucket: str
    cloudfront_domain: str
    origin_secret: Secret | None
    allowed_origins: tuple[str, ...]
    moderation: Moderation
    table_name: str
    worker_function: str
    ws_push_endpoint: str
    ws_url: str
    simulated: bool
    stage: str
    retention_days: int


def load(environ: Mapping[str, str], read_secret: ReadSecret | None = None) -> Settings:
    """Reads and checks every setting.

    `read_secret` fetches a secret's text by name; it is called only when MODELS_SECRET is set.
    Raises SettingsError.
    """
    env = _Reader(environ)
    slots = _slots(env, read_secret)
    aws_id, aws_secret = _aws_credentials(env)
    return Settings(
        slots=slots,
        prompt_model_index=_prompt_model_index(env, slots),
        prompt_model_id=env.text("PROMPT_MODEL_ID") or None,
        global_limit=env.integer("GLOBAL_LIMIT", 1000, 1, 1_000_000),
        ip_limit=_ip_limit(env),
        daily_spend_limit=_daily_spend_limit(env),
        ip_include=_networks(env),
        perm_negative_prompt=env.text("PERM_NEGATIVE_PROMPT", NEGATIVE_LENGTH),
        aws_id=aws_id,
        aws_secret=aws_secret,
        bucket=env.text("S3_BUCKET"),
        cloudfront_domain=_domain(env),
        origin_secret=Secret(env.text("ORIGIN_SECRET")) if env.text("ORIGIN_SECRET") else None,
        allowed_origins=_origins(env),
        moderation=cast(Moderation, env.choice("MODERATION", "keywords", get_args(Moderation))),
        table_name=env.text("TABLE_NAME"),
        worker_function=env.text("WORKER_FUNCTION"),
        ws_push_endpoint=env.address("WS_PUSH_ENDPOINT", "http", "https"),
        ws_url=env.address("WS_URL", "ws", "wss"),
        simulated=env.flag("SIMULATED"),
        stage=env.text("STAGE") or "dev",
        retention_days=env.integer("RETENTION_DAYS", 30, 1, 366),
    )


class _Reader:
    """Typed look-ups that complain in the contract's words."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, longest: int | None = None) -> str:
        raw = self._environ.get(name, "").strip()
        if longest and len(raw) > longest:
            raise SettingsError(f"{name} holds {len(raw)} characters; it may hold {longest}.")
        return raw

    def names(self) -> list[str]:
        """What is set and not empty."""
        return [name for name in self._environ if self.text(name)]

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        return int(self.number(name, default, low, high, whole=True))

    def number(
        self, name: str, default: float, low: float, high: float, *, whole: bool = False
    ) -> float:
        raw = self.text(name)
        if not raw:
            return default
        pattern = r"\d{1,9}" if whole else r"\d{1,9}(\.\d{1,3})?"
        if not re.fullmatch(pattern, raw, re.ASCII) or not low <= float(raw) <= high:
            kind = "a whole number" if whole else "a number"
            raise SettingsError(f"{name} is {raw!r}; it must be {kind} from {low} to {high}.")
        return float(raw)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        raw = self.text(name) or default
        if raw not in choices:
            raise SettingsError(f"{name} is {raw!r}; it may be {', '.join(choices)}.")
        return raw

    def address(self, name: str, *schemes: str) -> str:
        """An absolute address without the slash at its end, or the empty text."""
        raw = self.text(name)
        if raw and not _is_address(raw, schemes):
            # What it holds is not shown: it may be a password.
            raise SettingsError(
                f"{name} is no address that can be called; it must begin with "
                f"{' or '.join(f'{scheme}://' for scheme in schemes)} and hold no user, password, "
                "query or fragment."
            )
        return raw.rstrip("/")

    def flag(self, name: str) -> bool:
        return self.choice(name, "0", ("0", "1", "true", "false")) in ("1", "true")


def _slots(env: _Reader, read_secret: ReadSecret | None) -> tuple[SlotSettings, ...]:
    secret = env.text("MODELS_SECRET")
    if secret:
        return _slots_from_secret(secret, read_secret)
    of_slots = [name for name in env.names() if _OF_A_SLOT.fullmatch(name)]
    _check_names(of_slots)
    models = [name for name in of_slots if name.endswith(("_NAME", "_KEY"))]
    if models and not env.text("MODEL_COUNT"):
        raise SettingsError(
            f"MODEL_COUNT is empty although {models[0]} is set; it must be a whole number from 1 "
            f"to {MAX_SLOTS}."
        )
    count = env.integer("MODEL_COUNT", 0, 1, MAX_SLOTS)
    return tuple(_slot(env, i) for i in range(1, count + 1))


def _check_names(of_slots: list[str]) -> None:
    """A misspelt BASE_URL would send its slot's key to somebody else."""
    fields = [field.upper() for field in _SLOT_FIELDS]
    for name in of_slots:
        if name.split("_", 2)[2] not in fields:
            raise SettingsError(
                f"{name} is no setting; those of a model are "
                f"{', '.join(f'MODEL_<i>_{field}' for field in fields)}."
            )


def _slot(env: _Reader, index: int) -> SlotSettings:
    prefix = f"MODEL_{index}_"
    name = env.text(prefix + "NAME", NAME_LENGTH)
    if not name:
        raise SettingsError(f"{prefix}NAME is empty; slot {index} must have a model's name.")
    provider = env.text(prefix + "PROVIDER")
    if provider:
        env.choice(prefix + "PROVIDER", "", PROVIDER_IDS)
    return SlotSettings(
        index=index,
        name=name,
        key=_key(prefix + "KEY", env.text(prefix + "KEY")),
        provider=provider or None,
        model_id=env.text(prefix + "ID") or None,
        base_url=env.address(prefix + "BASE_URL", "http", "https") or None,
        timeout=env.number(prefix + "TIMEOUT", 120, 1, 800),
    )


def _key(name: str, raw: str) -> Secret:
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
    flat = {
        f"MODEL_{i}_{field.upper()}": str(value)
        for i, entry in enumerate(entries, start=1)
        for field, value in entry.items()
    }
    reader = _Reader(flat)
    return tuple(_slot(reader, i) for i in range(1, len(entries) + 1))


def _entries(name: str, read_secret: ReadSecret | None) -> list[dict[str, object]]:
    wanted = (
        f"it must hold a JSON list of 1 to {MAX_SLOTS} objects with name and key, and perhaps "
        "provider, id, base_url and timeout"
    )
    text = _secret_text(name, read_secret)
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise SettingsError(f"MODELS_SECRET names {name!r}, which is no JSON; {wanted}.") from None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_SLOTS:
        raise SettingsError(f"MODELS_SECRET names {name!r}, which is no such list; {wanted}.")
    for position, entry in enumerate(entries, start=1):
        if not _is_entry(entry):
            raise SettingsError(
                f"MODELS_SECRET names {name!r}, whose entry {position} is no such object; {wanted}."
            )
    return entries


def _secret_text(name: str, read_secret: ReadSecret | None) -> str:
    if read_secret is None:
        raise SettingsError(f"MODELS_SECRET names {name!r}, but secrets cannot be read here.")
    try:
        return read_secret(name)
    except Exception as problem:  # Whoever reads secrets raises errors of their own.
        raise SettingsError(f"MODELS_SECRET names {name!r}, which cannot be read: {problem}") from (
            problem
        )


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() <= set(_SLOT_FIELDS)
        and all(isinstance(value, str | int | float) for value in entry.values())
    )


def _is_address(raw: str, schemes: tuple[str, ...]) -> bool:
    match = _ADDRESS.fullmatch(raw)
    try:
        parts = urlsplit(raw)
        return (
            match is not None
            and match[1] in schemes
            and parts.hostname is not None
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False


def _aws_credentials(env: _Reader) -> tuple[str | None, Secret | None]:
    identity, secret = env.text("AWS_ID"), env.text("AWS_SECRET")
    if bool(identity) != bool(secret):
        empty = "AWS_SECRET" if identity else "AWS_ID"
        raise SettingsError(f"{empty} is empty; AWS_ID and AWS_SECRET must be set together.")
    return identity or None, Secret(secret) if secret else None


def _domain(env: _Reader) -> str:
    raw = env.text("CLOUDFRONT_DOMAIN")
    if raw and not _DOMAIN.fullmatch(raw):
        raise SettingsError(
            f"CLOUDFRONT_DOMAIN is {raw!r}; it must be a domain alone, such as "
            "d111111abcdef8.cloudfront.net."
        )
    return raw


def _prompt_model_index(env: _Reader, slots: tuple[SlotSettings, ...]) -> int | None:
    if not slots or not env.text("PROMPT_MODEL_INDEX"):
        return 1 if slots else None
    return env.integer("PROMPT_MODEL_INDEX", 1, 1, len(slots))


def _ip_limit(env: _Reader) -> int | None:
    """`off` admits every address, which is what the local engine sets."""
    if env.text("IP_LIMIT") == "off":
        return None
    return env.integer("IP_LIMIT", 50, 1, 1_000_000)


def _daily_spend_limit(env: _Reader) -> float | None:
    """US dollars a UTC day for the whole installation; unset, there is no ceiling."""
    if not env.text("DAILY_SPEND_LIMIT_USD"):
        return None
    return env.number("DAILY_SPEND_LIMIT_USD", 0, 0.01, 1_000_000)


def _networks(env: _Reader) -> tuple[Network, ...]:
    entries = [e.strip() for e in env.text("IP_INCLUDE").split(",") if e.strip()]
    try:
        return tuple(ip_network(e, strict=False) for e in entries)
    except ValueError as problem:
        raise SettingsError(
            f"IP_INCLUDE holds something that is no address: {problem}; it must be a comma list "
            "of addresses or networks such as 203.0.113.7 or 2001:db8::/32."
        ) from None


def _origins(env: _Reader) -> tuple[str, ...]:
    raw = [o.strip().rstrip("/") for o in env.text("ALLOWED_ORIGINS").split(",") if o.strip()]
    for origin in raw:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"ALLOWED_ORIGINS holds {origin!r}; it must be a comma list of origins such as "
                "https://studio.example.org."
            )
    if raw:
        return tuple(origin.lower() for origin in raw)
    domain = env.text("CLOUDFRONT_DOMAIN")
    return (f"https://{domain}",) if domain else ()
