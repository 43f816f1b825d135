"""Limit how often an address, and everybody together, may call an operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.callers import Caller
from chalicelib.config import Network
from chalicelib.errors import RateLimited
from chalicelib.limits.model import (
    DAY_MS,
    HOUR_MS,
    Scope,
    Window,
    counted_as,
    is_included,
    window,
)
from chalicelib.limits.store import WindowStore

UNLIMITED = 10**9
"""More requests than a day has room for."""
_WHOSE: Mapping[Scope, str] = {
    "ip": "your address",
    "user": "your account",
    "global": "this installation",
}


@dataclass(frozen=True)
class Limiter:
    """The limits of one operation: a day's own first, then everybody's of an hour.

    A day's own is the person's who has signed in, else the address's; None does not exist.
    `use` names the operation; each has its own counts, `factor` times a person's runs.
    `clock` in epoch milliseconds.
    """

    store: WindowStore
    use: str
    global_limit: int
    ip_limit: int | None
    included: Sequence[Network]
    clock: Callable[[], int]
    new_id: Callable[[], str]
    factor: int = 1

    def admit(self, caller: Caller) -> None:
        """Count one request; raise RateLimited, and then count nothing."""
        if is_included(caller.address, self.included):
            return
        now_ms, admission = self.clock(), self.new_id()
        own = self._own(caller, now_ms)
        if own and not self.store.admit(own, admission):
            raise _rate_limited(own, now_ms)
        everybody = window("global", f"{self.use}#global", self.global_limit, HOUR_MS, now_ms)
        if not self.store.admit(everybody, admission):
            if own:
                self.store.release(own, admission)
            raise _rate_limited(everybody, now_ms)

    def left(self, caller: Caller) -> int | None:
        """Return how many requests the caller has left today, None where they have no limit."""
        if caller.signed_in and caller.limits.runs_per_day is None:
            return None
        own = self._own(caller, self.clock())
        return None if own is None else max(0, own.limit - self.store.used(own))

    def used(self, caller: Caller) -> int:
        """Return how many requests of a person were counted today."""
        return self.store.used(self._persons(caller, UNLIMITED, self.clock()))

    def _own(self, caller: Caller, now_ms: int) -> Window | None:
        if caller.signed_in:
            return self._personal(caller, now_ms)
        if self.ip_limit is None:
            return None
        name = f"{self.use}#ip#{counted_as(caller.address)}"
        return window("ip", name, self.ip_limit, DAY_MS, now_ms)

    def _personal(self, caller: Caller, now_ms: int) -> Window:
        """Return a person's day, which is counted without a limit too."""
        runs = caller.limits.runs_per_day
        limit = UNLIMITED if runs is None else runs * self.factor
        return self._persons(caller, limit, now_ms)

    def _persons(self, caller: Caller, limit: int, now_ms: int) -> Window:
        return window("user", f"{self.use}#user#{caller.user_id}", limit, DAY_MS, now_ms)


def _rate_limited(full: Window, now_ms: int) -> RateLimited:
    whose = _WHOSE[full.scope]
    period = "an hour" if full.scope == "global" else "a day"
    resets = datetime.fromtimestamp(full.end_ms / 1000, UTC)
    return RateLimited(
        f"The limit of {full.limit} requests {period} for {whose} is used up;"
        f" it resets at {resets:%Y-%m-%d %H:%M} UTC.",
        scope=full.scope,
        retry_after=full.seconds_left(now_ms),
    )
