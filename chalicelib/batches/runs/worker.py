"""One worker's place in a batch: row after row, while there are rows and time."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.runs.events import BatchEvents
from chalicelib.batches.runs.flow import Flow, holder_name
from chalicelib.batches.runs.model import Batch, HandedBack, Row, RowEnd
from chalicelib.batches.runs.queue import RowQueue
from chalicelib.batches.runs.row_run import RowRun
from chalicelib.batches.runs.row_store import Lease, LeaseLost, RowStore
from chalicelib.batches.runs.store import BatchStore, UnknownBatch
from chalicelib.batches.runs.table import Refused
from chalicelib.errors import Unavailable

ROW_MS = 300_000
"""The most that a row has in one worker; a longer one goes on in the next."""
SPARE_MS = 10_000
A_LOOK = 25
OWNER_OFF = (
    "Whose batch this is was switched off, or removed. It can be resumed once they are on again."
)


@dataclass(frozen=True)
class Worker:
    """Takes rows and has them made. `clock` in epoch milliseconds.

    `may_spend` tells whether an owner is still one whose batches go on.
    """

    store: BatchStore
    rows: RowStore
    row_run: RowRun
    flow: Flow
    queue: RowQueue
    events: BatchEvents
    clock: Callable[[], int]
    new_id: Callable[[], str]
    may_spend: Callable[[str], bool]

    def work(self, batch_id: str, time_left_ms: int) -> None:
        """Make rows until there is none to be had, or no time for another."""
        ends_ms = self.clock() + time_left_ms
        batch = self._batch(batch_id)
        while batch and (batch := self._make_one(batch)):
            if ends_ms - self.clock() < ROW_MS + SPARE_MS:
                self.queue.send(batch_id, 1)
                return

    def _batch(self, batch_id: str) -> Batch | None:
        try:
            return self.store.get(batch_id)
        except UnknownBatch:
            logs.event("batch_unknown", batchId=batch_id)
            return None

    def _make_one(self, batch: Batch) -> Batch | None:
        """Make one row; return the batch as it stands, None where this place is not needed now."""
        if batch.state == "running" and not self.may_spend(batch.wanted.owner):
            self.store.rest(batch, "paused", "OWNER_OFF", OWNER_OFF, self.clock())
            batch = self.store.get(batch.id)
        if batch.state != "running":
            self.flow.advance(batch)
            return None
        now = self.clock()
        lease = Lease(holder_name(now + ROW_MS, self.new_id()), now + ROW_MS)
        row = self._taken(batch, lease, now)
        if row is None:
            self.flow.advance(self.store.get(batch.id))
            return None
        return self._made(batch, row)

    def _taken(self, batch: Batch, lease: Lease, now: int) -> Row | None:
        """Take a row that was interrupted, or else the next one; None where there is none."""
        if batch.interrupted > 0:
            for number in self.rows.due(batch.id, now, A_LOOK):
                try:
                    return self.rows.take(batch, number, lease, now)
                except LeaseLost:
                    continue
        try:
            batch, number = self.rows.next_row(batch, lease, now)
            return self.rows.begin(batch, number, lease, now)
        except (Refused, LeaseLost):
            return None

    def _made(self, batch: Batch, row: Row) -> Batch | None:
        began = self.clock()
        try:
            row, end = self._run(batch, row)
            self.rows.end(batch, row, end, self.clock())
        except LeaseLost:
            logs.event("row_lost", batchId=batch.id, row=row.number)
            return self._batch(batch.id)
        took = self.clock() - began
        logs.event(
            "row_ended", batchId=batch.id, row=row.number, end=type(end).__name__, durationMs=took
        )
        if isinstance(end, HandedBack) and end.rests:
            self.store.rest(batch, end.rests, end.code, end.sentence, self.clock())
        now_stands = self.flow.advance(self.store.get(batch.id))
        self.events.tell_now_and_then(now_stands)
        is_stopped = isinstance(end, HandedBack) and (end.rests or end.delay_ms)
        return None if is_stopped else now_stands

    def _run(self, batch: Batch, row: Row) -> tuple[Row, RowEnd]:
        """Where something of ours fails the row is handed back; what it has is recovered then."""
        try:
            return self.row_run.run(batch, row, row.lease_ms - SPARE_MS)
        except LeaseLost:
            raise
        except (ClientError, BotoCoreError, Unavailable):
            logs.failure("row_interrupted", batchId=batch.id, row=row.number)
        except Exception:
            logs.failure("row_broken", batchId=batch.id, row=row.number)
        found = self.rows.get(batch.id, row.number)
        if found is None or found.holder != row.holder:
            raise LeaseLost
        return found, HandedBack(SPARE_MS)
