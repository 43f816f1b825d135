"""Money for a job's attempts: reserved before their calls, settled by their outcomes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from chalicelib import logs
from chalicelib.callers import NOBODY, Caller
from chalicelib.jobs.model import Job, Outcome, Reserved, model_of
from chalicelib.jobs.store import JOB_ID, JobStore, UnknownJob
from chalicelib.providers.base import Parameters
from chalicelib.providers.models.catalog import most_for_image
from chalicelib.providers.registry import Slot
from chalicelib.spend.model import Reservation, micros
from chalicelib.spend.service import Purpose, Spending

DEFAULTS = Parameters()
UNUSED_AFTER_MS = 600_000
"""Longer than any request lives that reserves and then makes an attempt."""


@dataclass(frozen=True)
class JobReservations:
    """The money of jobs on the ledger: one reservation for all attempts that begin together."""

    spending: Spending
    slots: Sequence[Slot]
    new_id: Callable[[], str]

    def reserve(
        self,
        job_id: str,
        indices: Collection[int],
        caller: Caller = NOBODY,
        asked: Parameters = DEFAULTS,
    ) -> dict[int, Reserved]:
        """Set money aside for a new attempt of each slot; raise what `Spending.reserve` raises.

        A slot that is not configured any more is never called, so it needs none.
        """
        known = {slot.index: slot.model.price_of(asked) for slot in self.slots}
        prices = {index: known[model_of(index)] for index in indices if model_of(index) in known}
        if not prices:
            return {}
        now = self.spending.clock()
        parts = {str(index): micros(most_for_image(price, now)) for index, price in prices.items()}
        tag = blake2b(self.new_id().encode(), digest_size=4).hexdigest()
        found = self.spending.reserve(_name(job_id, tag), parts, caller)
        return dict.fromkeys(prices, Reserved(found.budgets[0], tag)) if found else {}

    def release(self, job_id: str, reserved: Mapping[int, Reserved]) -> None:
        """Give back what was set aside for attempts that never began."""
        for each in set(reserved.values()):
            self.spending.release(reservation_of(job_id, each))

    def settle(self, job: Job) -> None:
        """Settle every attempt of the job that has ended; repeating it changes nothing."""
        for each in sorted(set(job.reserved.values())):
            costs = charges(job, each)
            if costs:
                purposes = {part: _purpose(job, int(part)) for part in costs}
                self.spending.settle(reservation_of(job.id, each), costs, purposes)


@dataclass(frozen=True)
class UnusedMoney:
    """Money that was set aside for attempts that never came to be, because the request died."""

    money: JobReservations
    store: JobStore
    clock: Callable[[], int]

    def release(self) -> int:
        """Give it back once no request can use it any more; return how many reservations."""
        found = self.money.spending.open(UNUSED_AFTER_MS)
        unused = [each for each in found if not self._is_used(each)]
        for reservation in unused:
            self.money.spending.release(reservation)
        return len(unused)

    def _is_used(self, reservation: Reservation) -> bool:
        """Return whether a job has it; what is no job's is not judged here."""
        job_id, _, tag = reservation.name.partition("#")
        if not JOB_ID.fullmatch(job_id):
            return True
        try:
            job = self.store.get(job_id, self.clock())
        except UnknownJob:
            return False
        except Exception:
            # A job that cannot be understood may not keep the money of others.
            logs.failure("unused_money_unclear", jobId=job_id)
            return True
        return Reserved(reservation.budgets[0], tag) in job.reserved.values()


def reservation_of(job_id: str, reserved: Reserved) -> Reservation:
    """Return the ledger's reservation of attempts that began together."""
    return Reservation(_name(job_id, reserved.tag), (reserved.day,))


def charges(job: Job, reserved: Reserved) -> dict[str, int | None]:
    """Return what the ended attempts of one reservation took, by slot."""
    own = [index for index, each in job.reserved.items() if each == reserved]
    return {str(i): charge(job.outcomes[i]) for i in own if i in job.outcomes}


def charge(outcome: Outcome) -> int | None:
    """Return what an ended attempt took, in micro-dollars; None where nobody knows."""
    amount = outcome.cost.amount
    return None if amount is None else micros(amount)


def _purpose(job: Job, index: int) -> Purpose:
    slot = job.slot(index)
    name = job.drawn_by(slot).name if slot else ""
    return Purpose(name, job.outcomes[index].cost.basis)


def _name(job_id: str, tag: str) -> str:
    return f"{job_id}#{tag}"
