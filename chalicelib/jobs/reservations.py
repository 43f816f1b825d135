"""Money for a job's attempts: reserved before their calls, settled by their outcomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.jobs.model import Job, Outcome
from chalicelib.spend.model import Entry, Hold, micros
from chalicelib.spend.service import Spending


@dataclass(frozen=True)
class JobReservations:
    """The money of jobs on the ledger."""

    spending: Spending

    def reserve(self, job_id: str, attempts: Mapping[int, int]) -> dict[int, Hold]:
        """Set money aside for each slot's attempt; raise what `Spending.reserve` raises."""
        names = {entry_id(job_id, index, attempt): index for index, attempt in attempts.items()}
        return {names[name]: held for name, held in self.spending.reserve(names).items()}

    def release(
        self, job_id: str, attempts: Mapping[int, int], reserved: Mapping[int, Hold]
    ) -> None:
        """Give back what was set aside for attempts that never began."""
        self.spending.settle(
            [
                Entry(entry_id(job_id, index, attempts[index]), held.day, held.micros, 0)
                for index, held in reserved.items()
            ]
        )

    def settle(self, job: Job) -> None:
        """Settle every attempt of the job that has ended; repeating it changes nothing."""
        self.spending.settle(list(ended_entries(job)))


def charge(outcome: Outcome, hold: Hold) -> int:
    """Return what an ended attempt took, in micro-dollars; an unknown cost counts as reserved."""
    amount = outcome.cost.amount
    return hold.micros if amount is None else micros(amount)


def entry_id(job_id: str, index: int, attempt: int) -> str:
    """Return the name of one attempt's money on the ledger."""
    return f"hold#{job_id}#{index}#{attempt}"


def ended_entries(job: Job) -> Iterable[Entry]:
    """Return the ledger entries of every attempt of the job that has ended."""
    for index, outcome in job.outcomes.items():
        if index in job.holds:
            hold = job.holds[index]
            name = entry_id(job.id, index, outcome.attempt)
            yield Entry(name, hold.day, hold.micros, charge(outcome, hold))
