"""The settings: the only reader of the environment.

A wrong setting stops the start with one sentence that names the variable, what it holds and what
it may hold. Keys are never shown.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

ProviderId = Literal[
    "openai", "google", "bedrock", "stability", "bfl", "recraft", "qwen", "generic"
]
PROVIDER_IDS: tuple[ProviderId, ...] = get_args(ProviderId)
Moderation = Literal["off", "keywords", "llm"]
Network = IPv4Network | IPv6Network
ReadSecret = Callable[[str], str]

MAX_SLOTS = 20
AWS_CREDENTIALS = "N/A"
_SECRET_REFERENCE = re.compile(r"^(ssm:/|secret:).+")


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
        return bool(_SECRET_REFERENCE.match(self._value))


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
    return Settings(
        slots=slots,
        prompt_model_index=_prompt_model_index(env, slots),
        prompt_model_id=env.text("PROMPT_MODEL_ID") or None,
        global_limit=env.integer("GLOBAL_LIMIT", 1000, 1, 1_000_000),
        ip_limit=_ip_limit(env),
        daily_spend_limit=_daily_spend_limit(env),
        ip_include=_networks(env),
        perm_negative_prompt=env.text("PERM_NEGATIVE_PROMPT"),
        aws_id=env.text("AWS_ID") or None,
        aws_secret=Secret(env.text("AWS_SECRET")) if env.text("AWS_SECRET") else None,
        bucket=env.text("S3_BUCKET"),
        cloudfront_domain=env.text("CLOUDFRONT_DOMAIN"),
        origin_secret=Secret(env.text("ORIGIN_SECRET")) if env.text("ORIGIN_SECRET") else None,
        allowed_origins=_origins(env),
        moderation=cast(Moderation, env.choice("MODERATION", "keywords", get_args(Moderation))),
        table_name=env.text("TABLE_NAME"),
        worker_function=env.text("WORKER_FUNCTION"),
        ws_push_endpoint=env.text("WS_PUSH_ENDPOINT"),
        ws_url=env.text("WS_URL"),
        simulated=env.flag("SIMULATED"),
        stage=env.text("STAGE") or "dev",
        retention_days=env.integer("RETENTION_DAYS", 30, 1, 366),
    )


class _Reader:
    """Typed look-ups that complain in the contract's words."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

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

    def flag(self, name: str) -> bool:
        return self.choice(name, "0", ("0", "1", "true", "false")) in ("1", "true")


def _slots(env: _Reader, read_secret: ReadSecret | None) -> tuple[SlotSettings, ...]:
    secret = env.text("MODELS_SECRET")
    if secret:
        return _slots_from_secret(secret, read_secret)
    count = env.integer("MODEL_COUNT", 0, 1, MAX_SLOTS)
    return tuple(_slot(env, i) for i in range(1, count + 1))


def _slot(env: _Reader, index: int) -> SlotSettings:
    prefix = f"MODEL_{index}_"
    name, key = env.text(prefix + "NAME"), env.text(prefix + "KEY")
    if not name:
        raise SettingsError(f"{prefix}NAME is empty; MODEL_COUNT says that slot {index} exists.")
    if not key:
        raise SettingsError(
            f"{prefix}KEY is empty; it must hold the provider's key, {AWS_CREDENTIALS} for AWS "
            "credentials, or a reference such as ssm:/path or secret:NAME."
        )
    provider = env.text(prefix + "PROVIDER")
    if provider:
        env.choice(prefix + "PROVIDER", "", PROVIDER_IDS)
    return SlotSettings(
        index=index,
        name=name,
        key=Secret(key),
        provider=cast(ProviderId, provider) if provider else None,
        model_id=env.text(prefix + "ID") or None,
        base_url=_url(prefix + "BASE_URL", env.text(prefix + "BASE_URL")),
        timeout=env.number(prefix + "TIMEOUT", 120, 1, 800),
    )


def _slots_from_secret(name: str, read_secret: ReadSecret | None) -> tuple[SlotSettings, ...]:
    """The list in the secret has the per-slot settings in lower case: name, key, provider, …"""
    wanted = "it must hold a JSON list of 1 to 20 objects with name and key"
    try:
        entries = json.loads(read_secret(name)) if read_secret else None
    except ValueError:
        raise SettingsError(f"MODELS_SECRET names {name!r}, which is no JSON; {wanted}.") from None
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise SettingsError(f"MODELS_SECRET names {name!r}; {wanted}.")
    if not 1 <= len(entries) <= MAX_SLOTS:
        raise SettingsError(f"MODELS_SECRET names {name!r}; {wanted}.")
    flat = {
        f"MODEL_{i}_{field.upper()}": str(value)
        for i, entry in enumerate(entries, start=1)
        for field, value in entry.items()
    }
    reader = _Reader(flat)
    return tuple(_slot(reader, i) for i in range(1, len(entries) + 1))


def _url(name: str, raw: str) -> str | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise SettingsError(f"{name} must be an http or https address without user and password.")
    return raw.rstrip("/")


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
        if not re.fullmatch(r"https?://[^/\s@]+", origin):
            raise SettingsError(
                f"ALLOWED_ORIGINS holds {origin!r}; it must be a comma list of origins such as "
                "https://studio.example.org."
            )
    if raw:
        return tuple(raw)
    domain = env.text("CLOUDFRONT_DOMAIN")
    return (f"https://{domain}",) if domain else ()
