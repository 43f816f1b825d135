"""Fixed windows of time, and whom they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from chalicelib.config import Network

Scope = Literal["ip", "global"]
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Window:
    """At most `limit` admissions between `start` and `end` (epoch milliseconds, UTC aligned)."""

    scope: Scope
    name: str
    limit: int
    start: int
    end: int

    def seconds_left(self, now: int) -> int:
        return max(1, -(-(self.end - now) // 1000))


def window(scope: Scope, name: str, limit: int, length_ms: int, now: int) -> Window:
    start = now - now % length_ms
    return Window(scope, name, limit, start, start + length_ms)


def parse(address: str) -> IPv4Address | IPv6Address | None:
    """The address, an IPv4 one out of its IPv6 wrapping; None for what is no address."""
    try:
        parsed = ip_address(address.split("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def counted_as(address: str) -> str:
    """Whom an address counts as: IPv6 by its /64, since one host can have all of that."""
    parsed = parse(address)
    if parsed is None:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_included(address: str, networks: Sequence[Network]) -> bool:
    """Whether the address is on the bypass list."""
    parsed = parse(address)
    return parsed is not None and any(parsed in network for network in networks)
