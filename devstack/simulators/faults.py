"""The fault marks a prompt may carry, as `[[provider:fault]]` or `[[*:fault]]`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SLOW: Final = "slow"
HANG: Final = "hang"
DROP: Final = "drop"
GARBAGE: Final = "garbage"
BOMB: Final = "bomb"
ONCE_SERVER_ERROR: Final = "once-server_error"
SERVER_ERROR: Final = "server_error"
#: Faults that end a call with an answer in the provider's own form, the gravest last.
REFUSALS: Final[Sequence[str]] = (
    "refuse",
    "rate_limit",
    SERVER_ERROR,
    "no_credit",
    "retired",
    "bad_key",
)
FAULTS: Final = frozenset(
    {SLOW, HANG, DROP, GARBAGE, BOMB, ONCE_SERVER_ERROR} | set(REFUSALS),
)

_MARK = re.compile(
    r"\[\[\s*(\*|[a-z]{1,20})\s*:\s*([a-z_-]{1,30})\s*(?:=\s*([0-9.]{1,12}))?\s*\]\]"
)


@dataclass(frozen=True)
class Faults:
    """The faults of one provider for one prompt."""

    names: frozenset[str] = frozenset()
    slow_seconds: float | None = None

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def refusal(self, attempt: int) -> str | None:
        """Return the fault that ends the given attempt (counted from 1) at once, if any."""
        if ONCE_SERVER_ERROR in self and attempt == 1:
            return SERVER_ERROR
        return next((name for name in reversed(REFUSALS) if name in self), None)


def parse_faults(prompt: str, provider: str) -> Faults:
    """Return the faults that a prompt's marks ask of the provider; unknown marks are ignored."""
    names: set[str] = set()
    slow: float | None = None
    for target, name, value in _MARK.findall(prompt):
        if target not in ("*", provider) or name not in FAULTS:
            continue
        if name != SLOW:
            names.add(name)
        elif (seconds := _seconds(value)) is not None:
            slow = seconds
    return Faults(frozenset(names), slow)


def without_marks(prompt: str) -> str:
    """Return the prompt without its marks."""
    return " ".join(_MARK.sub(" ", prompt).split())


def marks_in(prompt: str) -> list[str]:
    """Return the prompt's marks as they were written."""
    return [match.group(0) for match in _MARK.finditer(prompt)]


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None
