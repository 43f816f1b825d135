"""Fixed windows of time, and the key under which an address is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from chalicelib.config import Network

Scope = Literal["ip", "user", "global"]
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Window:
    """At most `limit` admissions between `start_ms` and `end_ms` (epoch, UTC aligned)."""

    scope: Scope
    name: str
    limit: int
    start_ms: int
    end_ms: int

    def seconds_left(self, now_ms: int) -> int:
        """Return the whole seconds until the window ends, at least 1."""
        return max(1, -(-(self.end_ms - now_ms) // 1000))


def window(scope: Scope, name: str, limit: int, length_ms: int, now_ms: int) -> Window:
    """Return the window that is open now."""
    start_ms = now_ms - now_ms % length_ms
    return Window(scope, name, limit, start_ms, start_ms + length_ms)


def parse(address: str) -> IPv4Address | IPv6Address | None:
    """Return the address, unwrapping IPv4 from IPv6; None for text that is not an address."""
    try:
        parsed = ip_address(address.split("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def counted_as(address: str) -> str:
    """Return the rate-limit key for an address: IPv6 by /64, since one host can have all of it."""
    parsed = parse(address)
    if parsed is None:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_included(address: str, networks: Sequence[Network]) -> bool:
    """Return whether the address is on the bypass list."""
    parsed = parse(address)
    return parsed is not None and any(parsed in network for network in networks)
