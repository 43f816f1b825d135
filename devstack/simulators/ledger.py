"""The ledger of the calls that reached the simulators, so that a test can count the bills."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["image", "text"]


@dataclass(frozen=True)
class Call:
    """One accepted call; `attempt` counts this model's calls for this prompt from 1."""

    provider: str
    model: str
    prompt: str
    kind: Kind
    attempt: int
    billed: bool
    at: datetime


class Ledger:
    """Every accepted call in order of arrival; safe to write and read from any thread."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._attempts: Counter[tuple[str, str, str]] = Counter()

    def next_attempt(self, provider: str, model: str, prompt: str) -> int:
        """Count one more attempt and return its number, from 1."""
        with self._lock:
            self._attempts[provider, model, prompt] += 1
            return self._attempts[provider, model, prompt]

    def record(
        self, provider: str, model: str, prompt: str, kind: Kind, *, attempt: int, billed: bool
    ) -> None:
        """Append a call; it is readable when this returns."""
        call = Call(provider, model, prompt, kind, attempt, billed, self._clock())
        with self._lock:
            self._calls.append(call)

    def all(self) -> tuple[Call, ...]:
        """Return every call so far, billed or not."""
        with self._lock:
            return tuple(self._calls)

    def billed(
        self, provider: str | None = None, prompt: str | None = None, kind: Kind = "image"
    ) -> tuple[Call, ...]:
        """Return the calls that the real provider would have billed."""
        return tuple(
            call
            for call in self.all()
            if call.billed
            and call.kind == kind
            and provider in (None, call.provider)
            and prompt in (None, call.prompt)
        )

    def count(
        self, provider: str | None = None, prompt: str | None = None, kind: Kind = "image"
    ) -> int:
        """Return how many calls the real provider would have billed."""
        return len(self.billed(provider, prompt, kind))

    def clear(self) -> None:
        """Forget every call and attempt."""
        with self._lock:
            self._calls.clear()
            self._attempts.clear()

    def summary(self) -> dict[str, object]:
        """Return billed images, billed texts and all attempts, by provider and prompt."""
        calls = self.all()
        return {
            "images": _tally(call for call in calls if call.billed and call.kind == "image"),
            "texts": _tally(call for call in calls if call.billed and call.kind == "text"),
            "attempts": _tally(calls),
        }


def _tally(calls: Iterable[Call]) -> dict[str, object]:
    prompts: dict[str, Counter[str]] = {}
    for call in calls:
        prompts.setdefault(call.provider, Counter())[call.prompt] += 1
    return {
        "total": sum(counter.total() for counter in prompts.values()),
        "providers": {
            provider: {"total": counter.total(), "prompts": dict(counter)}
            for provider, counter in prompts.items()
        },
    }
