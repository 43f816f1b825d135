"""Decides whether a text may be drawn or written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from chalicelib import logs
from chalicelib.callers import NOBODY, Caller
from chalicelib.config import Moderation
from chalicelib.moderation.model import Blocklist
from chalicelib.providers.errors import ProviderError


class Judge(Protocol):
    """Somebody who can tell whether a text may pass."""

    def allows(self, text: str, caller: Caller) -> bool:
        """Return whether the text may pass; raise when that cannot be told."""
        ...


@cache
def blocklist() -> Blocklist:
    """The installation's list, read once."""
    return Blocklist.parse((Path(__file__).parent / "blocklist.txt").read_text("utf-8"))


@dataclass(frozen=True)
class ContentFilter:
    """The content filter in one of its modes: `off`, `keywords`, or `llm` after the keywords."""

    mode: Moderation
    judge: Judge | None = None
    blocklist: Callable[[], Blocklist] = field(default=blocklist, repr=False)

    def allows(self, text: str, caller: Caller = NOBODY) -> bool:
        """True when a text may pass the keywords and the judge."""
        return self.keywords_allow(text) and self.judge_allows(text, caller)

    def keywords_allow(self, text: str) -> bool:
        """What can be told at once and costs nothing."""
        return self.mode == "off" or not self.blocklist().violated(text)

    def judge_allows(self, text: str, caller: Caller = NOBODY) -> bool:
        """Ask the model, billed to the caller.

        Only where it cannot be reached does the keywords' word stand.

        Raise RateLimited where the day's money has no room for asking it, and Unavailable where it
        did not answer in time.
        """
        if self.mode != "llm" or self.judge is None:
            return True
        try:
            return self.judge.allows(text, caller)
        except ProviderError as error:
            logs.event("moderation.judge_failed", error=type(error).__name__)
            return True
