"""The section of limits: who may ask how often, and for how much."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from chalicelib.config.reader import Reader, SettingsError

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class LimitSettings:
    """Requests an hour, requests a day and address, who is exempt, and the dollars of a day."""

    global_limit: int
    ip_limit: int | None
    ip_include: tuple[Network, ...]
    daily_spend_limit: float | None


def read(env: Reader) -> LimitSettings:
    """Read the section; raise SettingsError."""
    return LimitSettings(
        global_limit=env.integer("GLOBAL_LIMIT", 1000, 1, 1_000_000),
        ip_limit=_ip_limit(env),
        ip_include=_networks(env),
        daily_spend_limit=_daily_spend_limit(env),
    )


def _ip_limit(env: Reader) -> int | None:
    """`off` admits every address, which is what the local engine sets."""
    if env.text("IP_LIMIT") == "off":
        return None
    return env.integer("IP_LIMIT", 50, 1, 1_000_000)


def _daily_spend_limit(env: Reader) -> float | None:
    """US dollars a UTC day for the whole installation; unset, there is no ceiling."""
    if not env.text("DAILY_SPEND_LIMIT_USD"):
        return None
    return env.number("DAILY_SPEND_LIMIT_USD", 0, 0.01, 1_000_000)


def _networks(env: Reader) -> tuple[Network, ...]:
    entries = [e.strip() for e in env.text("IP_INCLUDE").split(",") if e.strip()]
    try:
        return tuple(ip_network(e, strict=False) for e in entries)
    except ValueError as problem:
        raise SettingsError(
            f"IP_INCLUDE holds something that is no address: {problem}; it must be a comma list "
            "of addresses or networks such as 203.0.113.7 or 2001:db8::/32."
        ) from None
