"""What follows from how a batch stands: who may run, what has ended, what the dead left."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.runs.events import BatchEvents
from chalicelib.batches.runs.model import ENDED, Batch, State
from chalicelib.batches.runs.money import BatchMoney, row_of_hold
from chalicelib.batches.runs.queue import RowQueue
from chalicelib.batches.runs.row_store import RowStore
from chalicelib.batches.runs.store import BatchStore, UnknownBatch
from chalicelib.batches.runs.table import Refused
from chalicelib.errors import Unavailable

ACTIVE: frozenset[State] = frozenset({"running", "pausing", "cancelling"})
A_LOOK = 200
SETTLED_WITHIN_MS = 300_000


@dataclass(frozen=True)
class Flow:
    """Moves batches on. `clock` in epoch milliseconds; `most_running` have a seat."""

    store: BatchStore
    rows: RowStore
    money: BatchMoney
    queue: RowQueue
    events: BatchEvents
    clock: Callable[[], int]
    most_running: int

    def advance(self, batch: Batch) -> Batch:
        """Give the batch the state that its rows have led to, and its seat to the next one."""
        for _ in range(3):
            after = due_state(batch)
            if after is None:
                break
            try:
                batch = self.store.move(batch, [batch.state], after, self.clock())
            except Refused:
                batch = self.store.get(batch.id)
                continue
            logs.event("batch_moved", batchId=batch.id, state=after)
            self.events.tell(batch)
        if batch.seated and batch.state not in ACTIVE and batch.running == 0:
            self._leave(batch)
        return batch

    def _leave(self, batch: Batch) -> None:
        self.settle_leftovers(batch)
        if self._holds_money(batch):
            return
        if self.store.vacate(batch, self.clock()):
            self.admit()

    def _holds_money(self, batch: Batch) -> bool:
        """Return whether money of an ended batch is on its way still: the next sweep looks again.

        What was taken for a reservation that never came to be is given back minutes later.
        """
        is_fresh = self.clock() - batch.updated_ms < SETTLED_WITHIN_MS
        return batch.state in ENDED and is_fresh and self.money.balance(batch.id).reserved > 0

    def admit(self) -> None:
        """Let batches run in their order while there are seats."""
        for _ in range(A_LOOK):
            first = self.store.next_in_queue()
            if first is None:
                return
            place, batch_id = first
            if not self.store.seat(batch_id, place, self.most_running, self.clock()):
                if self._is_stale(place, batch_id):
                    self.store.drop_place(place)
                    continue
                return
            batch = self.store.get(batch_id)
            logs.event("batch_runs", batchId=batch_id)
            self.events.tell(batch)
            self.feed(batch)

    def _is_stale(self, place: str, batch_id: str) -> bool:
        """Return whether the batch does not wait in this place any more."""
        try:
            return self.store.get(batch_id).queued_as != place
        except UnknownBatch:
            return True

    def feed(self, batch: Batch) -> None:
        """Offer rows to as many workers as the batch may have and has not."""
        room = batch.wanted.concurrency - batch.running
        self.queue.send(batch.id, min(batch.wants_rows, room))

    def settle_leftovers(self, batch: Batch) -> None:
        """Settle what workers that died have left reserved."""
        self.money.finish_pending(batch)
        holds = self.money.holds(batch)
        for number in sorted({row_of_hold(hold) for hold in holds}):
            row = self.rows.get(batch.id, number)
            if row is None or (row.state == "running" and row.lease_ms > self.clock()):
                continue
            own = [hold for hold in holds if row_of_hold(hold) == number]
            self.money.reconcile(batch, row, own, gives_up=batch.state in ENDED)

    def sweep(self) -> int:
        """Look at every batch that has a seat, and at the queue; return how many were mended."""
        mended = 0
        for batch_id in self.store.seated():
            try:
                mended += self._mend(self.store.get(batch_id))
            except UnknownBatch:
                self.store.free_seat(batch_id)
            except (ClientError, BotoCoreError, Unavailable):
                logs.failure("batch_not_swept", batchId=batch_id)
        self.admit()
        return mended

    def _mend(self, batch: Batch) -> int:
        now = self.clock()
        due = self.rows.due(batch.id, now, A_LOOK)
        freed = sum(self._free(batch, number, now) for number in due)
        for entry in batch.entries:
            if (
                lease_end(entry) <= now
                and self.rows.get(batch.id, batch.entries[entry] + 1) is None
            ):
                freed += self.rows.adopt(batch, entry, now)
        self.settle_leftovers(batch)
        batch = self.advance(self.store.get(batch.id))
        if batch.state == "running":
            self.feed(batch)
        return freed

    def _free(self, batch: Batch, number: int, now: int) -> int:
        row = self.rows.get(batch.id, number)
        if row is None or row.state != "running" or row.lease_ms > now:
            return 0
        logs.event("row_freed", batchId=batch.id, row=number, tries=row.tries)
        return int(self.rows.take_from_dead(batch, row, now))


def due_state(batch: Batch) -> State | None:
    """Return the state that the batch has to have now; None where it is right."""
    if batch.state == "cancelling":
        return "cancelled" if batch.running == 0 else None
    if batch.state in ENDED or batch.state in ("planned", "queued"):
        return None
    if batch.ended_rows == batch.total:
        return "completed_with_failures" if batch.failed else "completed"
    if batch.state == "pausing":
        return "paused" if batch.running == 0 else None
    if batch.state == "running" and batch.streak >= batch.wanted.stop_after:
        return "stopped"
    if batch.state == "running" and batch.ended_rows >= batch.quota:
        return "pilot_done"
    return None


def lease_end(holder: str) -> int:
    """Return when a holder's time is over, in epoch milliseconds."""
    return int(holder.partition("-")[0])


def holder_name(lease_ms: int, chance: str) -> str:
    """Return the name of a holder, which tells when its time is over."""
    return f"{lease_ms}-{chance}"
