"""Limit how often an address, and everybody together, may call an operation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.callers import Caller
from chalicelib.config import Network
from chalicelib.errors import RateLimited
from chalicelib.limits.model import DAY_MS, HOUR_MS, Window, counted_as, is_included, window
from chalicelib.limits.store import WindowStore


@dataclass(frozen=True)
class Limiter:
    """The limits of one operation: per address and day first, then for everybody per hour.

    `ip_limit` None admits every address. `use` names the operation; each has its own counts.
    `clock` in epoch milliseconds.
    """

    store: WindowStore
    use: str
    global_limit: int
    ip_limit: int | None
    included: Sequence[Network]
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def admit(self, caller: Caller) -> None:
        """Count one request; raise RateLimited, and then count nothing."""
        if is_included(caller.address, self.included):
            return
        now_ms, admission = self.clock(), self.new_id()
        own = self._own(caller.address, now_ms)
        if own and not self.store.admit(own, admission):
            raise _rate_limited(own, now_ms)
        everybody = window("global", f"{self.use}#global", self.global_limit, HOUR_MS, now_ms)
        if not self.store.admit(everybody, admission):
            if own:
                self.store.release(own, admission)
            raise _rate_limited(everybody, now_ms)

    def _own(self, address: str, now_ms: int) -> Window | None:
        if self.ip_limit is None:
            return None
        name = f"{self.use}#ip#{counted_as(address)}"
        return window("ip", name, self.ip_limit, DAY_MS, now_ms)


def _rate_limited(full: Window, now_ms: int) -> RateLimited:
    whose = "your address" if full.scope == "ip" else "this installation"
    period = "a day" if full.scope == "ip" else "an hour"
    resets = datetime.fromtimestamp(full.end_ms / 1000, UTC)
    return RateLimited(
        f"The limit of {full.limit} requests {period} for {whose} is used up;"
        f" it resets at {resets:%Y-%m-%d %H:%M} UTC.",
        scope=full.scope,
        retry_after=full.seconds_left(now_ms),
    )
