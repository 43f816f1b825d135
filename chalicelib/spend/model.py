"""The day's money, in whole micro-dollars (1 USD = 1,000,000), so that sums are exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.jobs.model import Hold, Job, Outcome
from chalicelib.providers.catalog import Price

MICROS = 1_000_000
DAY_MS = 86_400_000


def micros(dollars: float) -> int:
    """Rounded up: a ceiling may be met early, never late."""
    return -(-round(dollars * MICROS * 1000) // 1000)


def day_of(now: int) -> str:
    """The UTC day of a moment in epoch milliseconds."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")


def day_end(now: int) -> int:
    """When the day's money is forgotten, in epoch milliseconds."""
    return now - now % DAY_MS + DAY_MS


def held_for(price: Price, prices: Iterable[Price]) -> int:
    """What a call reserves: its price, or the dearest known one where it has none."""
    if price.amount is not None:
        return micros(price.amount)
    return micros(max((p.amount for p in prices if p.amount is not None), default=0.0))


def charge(outcome: Outcome, hold: Hold) -> int:
    """What an ended attempt really took; what nobody knows counts as what was held for it."""
    amount = outcome.cost.amount
    return hold.micros if amount is None else micros(amount)


@dataclass(frozen=True)
class Entry:
    """What the ledger holds for one attempt, and what it came to."""

    id: str
    day: str
    held: int
    charged: int


def entry_id(job_id: str, index: int, attempt: int) -> str:
    return f"hold#{job_id}#{index}#{attempt}"


def ended_entries(job: Job) -> list[Entry]:
    """The ledger entries of every attempt of the job that has ended."""
    return [
        Entry(
            id=entry_id(job.id, index, outcome.attempt),
            day=job.holds[index].day,
            held=job.holds[index].micros,
            charged=charge(outcome, job.holds[index]),
        )
        for index, outcome in job.outcomes.items()
        if index in job.holds
    ]
