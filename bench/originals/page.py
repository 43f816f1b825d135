"""What the original page does: polls the status, and fetches a gallery picture by picture."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.originals.documents import Document, Documents
from bench.originals.studio import ended

POLL_SECONDS = 2.0


@dataclass
class Watched:
    """How often the page polled, and when it saw each model end (monotonic seconds)."""

    polls: int = 0
    seen: dict[int, float] = field(default_factory=dict)


def watch(status: Callable[[], Document], models: int, interval: float, patience: float) -> Watched:
    """Polls until every model has ended; gives up after `patience` seconds."""
    watched, until = Watched(), time.perf_counter() + patience
    while len(watched.seen) < models and time.perf_counter() < until:
        time.sleep(interval)
        numbers = ended(status())
        watched.polls += 1
        now = time.perf_counter()
        for number in numbers:
            watched.seen.setdefault(number, now)
    return watched


def gallery(documents: Documents, dice: random.Random) -> list[Document]:
    """One random picture of every folder, as the page loads them to show a preview."""
    folders = documents.folders("group-images/")
    return [documents.read(dice.choice(documents.keys(folder))) for folder in folders]
