"""Batches as people use them: plan, start, pause, go on, end, look at."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chalicelib import logs
from chalicelib.batches.exports.files import folder_of as exports_of
from chalicelib.batches.runs.calls import folder_of
from chalicelib.batches.runs.choosing import Choosing
from chalicelib.batches.runs.flow import ACTIVE, Flow
from chalicelib.batches.runs.keys import KeyStore
from chalicelib.batches.runs.model import (
    ENDED,
    RESTING,
    Batch,
    Row,
    Selection,
    State,
    Wanted,
)
from chalicelib.batches.runs.money import BatchMoney
from chalicelib.batches.runs.order import Order
from chalicelib.batches.runs.planning import Planner
from chalicelib.batches.runs.row_store import RowStore
from chalicelib.batches.runs.seeds import SeedData, SeedSet
from chalicelib.batches.runs.store import BatchStore, UnknownBatch
from chalicelib.batches.runs.table import Refused
from chalicelib.batches.templates.service import Templates
from chalicelib.callers import Caller
from chalicelib.errors import Detail, InvalidInput, NotFound, WrongState, wrong_cursor
from chalicelib.images.store import ImageStore
from chalicelib.spend.ledger import NoRoom

MOST_ROWS, MOST_CELLS, MOST_RETRIED = 1_000_000, 100, 1_000
CONTENDERS = 5
DELETE_MS = 15_000
"""How long one request removes what a batch made; the sweep goes on after it."""
_BEFORE_ALL = "~"


@dataclass(frozen=True)
class Batches:
    """The use cases. `clock` in epoch milliseconds."""

    store: BatchStore
    rows: RowStore
    money: BatchMoney
    flow: Flow
    keys: KeyStore
    planner: Planner
    choosing: Choosing
    templates: Templates
    seed: SeedData
    images: ImageStore
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def make(self, order: Order, caller: Caller, key: str | None, body: str) -> Batch:
        """Return the planned batch, or the one that `key` already stands for."""
        fingerprint = hashlib.sha256(body.encode()).hexdigest()
        batch_id = f"b{self.clock():011x}{self.new_id().replace('-', '')[:12]}"
        if key is not None:
            batch_id = self.keys.known(f"{caller.user_id}\n{key}", batch_id, fingerprint)
            try:
                return self.get(batch_id, caller)
            except UnknownBatch:
                pass
        wanted = self._wanted(order, caller)
        has_images = any(step.kind == "image" for step in wanted.template.steps)
        unpriced = self.choosing.left_out(wanted.models) if has_images else ()
        plan = replace(self.planner.plan(wanted), unpriced=unpriced)
        now = self.clock()
        quota = min(wanted.pilot_rows or plan.rows, plan.rows)
        self.money.set_limit(batch_id, order.budget)
        self.store.create(Batch(batch_id, wanted, plan, "planned", 1, now, now, quota))
        logs.event("batch_made", batchId=batch_id, rows=plan.rows)
        return self.get(batch_id, caller)

    def _wanted(self, order: Order, caller: Caller) -> Wanted:
        version = self.templates.get(order.template_id, caller, order.version)
        owner, selection = self._selection(order, caller)
        models = self.choosing.choose(version.template, order.models, caller)
        wanted = Wanted(
            name=version.template.name,
            owner=caller.user_id,
            template_id=version.template_id,
            version=version.number,
            template=version.template,
            seed_data_id=order.seed_data_id,
            selection=selection,
            models=models,
            axes=order.axes,
            pilot_rows=order.pilot_rows,
            stop_after=order.stop_after,
            concurrency=order.concurrency,
            priority=order.priority,
            seed_owner=owner,
        )
        _check_size(wanted)
        return wanted

    def _selection(self, order: Order, caller: Caller) -> tuple[str, Selection]:
        owner, found = self._seed(order.seed_data_id, caller)
        if found.state != "ready":
            raise _wrong("seedDataId", f"is {found.state}; a batch needs data that is ready")
        first, last = order.first or 1, order.last or found.rows
        if not 1 <= first <= last <= found.rows:
            raise _wrong("rows", f"must lie within the {found.rows} rows of the seed data")
        if order.sample is not None and order.sample > found.rows:
            raise _wrong("rows.sample", f"is more than the {found.rows} rows of the seed data")
        return owner, Selection(first, last, order.sample, order.sample_seed, order.repeat)

    def _seed(self, seed_data_id: str, caller: Caller) -> tuple[str, SeedSet]:
        missing: NotFound | None = None
        for owner in caller.owners:
            try:
                return owner, self.seed.find(owner, seed_data_id)
            except NotFound as problem:
                missing = problem
        assert missing is not None
        raise missing

    def get(self, batch_id: str, caller: Caller) -> Batch:
        """Return the batch; raise UnknownBatch, also for one of somebody else."""
        batch = self.store.get(batch_id)
        if not caller.owns(batch.wanted.owner):
            raise UnknownBatch
        return batch

    def page(self, caller: Caller, limit: int, cursor: str) -> tuple[list[Batch], str]:
        """Return a page of the caller's own, the newest first, and the next page's cursor."""
        if cursor and not cursor.isalnum():
            raise wrong_cursor()
        ids = self.store.page(caller.owners, cursor or _BEFORE_ALL, limit + 1)
        found = []
        for batch_id in ids[:limit]:
            try:
                found.append(self.store.get(batch_id))
            except UnknownBatch:
                continue
        return found, ids[limit - 1] if len(ids) > limit else ""

    def start(self, batch_id: str, caller: Caller) -> Batch:
        """Let a planned batch run, or wait for its turn."""
        batch = self.get(batch_id, caller)
        if batch.state in ("queued", "running"):
            return batch
        if batch.state != "planned":
            raise _wrong_state(batch, "started: it was before. Resume it")
        return self._go_on(batch)

    def resume(self, batch_id: str, caller: Caller) -> Batch:
        """Let a batch go on where it stands."""
        batch = self.get(batch_id, caller)
        if batch.state in ("queued", "running"):
            return batch
        if batch.state == "pausing":
            return self._again(batch)
        if batch.state not in RESTING:
            raise _wrong_state(batch, "resumed")
        if batch.state == "pilot_done":
            batch = self.store.set_quota(batch, batch.total, self.clock())
        return self._go_on(batch)

    def pause(self, batch_id: str, caller: Caller) -> Batch:
        """Begin no more rows; those under way end."""
        batch = self.get(batch_id, caller)
        if batch.state in ("paused", "pausing"):
            return batch
        if batch.state == "queued":
            return self._leave_queue(batch, "paused")
        if batch.state != "running":
            raise _wrong_state(batch, "paused")
        return self._moved(batch, "pausing")

    def cancel(self, batch_id: str, caller: Caller) -> Batch:
        """Begin no more rows, ever; those under way end."""
        batch = self.get(batch_id, caller)
        if batch.state in ("cancelled", "cancelling"):
            return batch
        if batch.state in ENDED:
            raise _wrong_state(batch, "cancelled")
        if batch.state == "queued":
            return self._leave_queue(batch, "cancelled")
        return self._moved(batch, "cancelling")

    def retry(self, batch_id: str, numbers: Sequence[int] | None, caller: Caller) -> Batch:
        """Let failed rows be made again, those named or up to a thousand of all; what they have
        stays.
        """
        batch = self.get(batch_id, caller)
        if batch.state in ("planned", "cancelling", "cancelled"):
            raise _wrong_state(batch, "retried")
        if numbers is None:
            failed = self.rows.page(batch.id, "failed", 0, MOST_RETRIED)
            numbers = [row.number for row in failed]
        again = sum(self.rows.try_again(batch, number, self.clock()) for number in numbers)
        if not again:
            raise WrongState("None of these rows has failed: there is nothing to retry.")
        batch = self.store.get(batch.id)
        if batch.state in RESTING | ENDED:
            return self._go_on(batch)
        self.flow.feed(batch)
        return batch

    def change_budget(self, batch_id: str, micros: int, caller: Caller) -> Batch:
        """Raise or lower the budget; a batch that it was too small for goes on when it is raised.

        Raise InvalidInput where more than that is spent or reserved already.
        """
        batch = self.get(batch_id, caller)
        before = self.money.balance(batch.id).limit
        try:
            self.money.change_limit(batch.id, micros)
        except NoRoom:
            raise _wrong("usd", "is less than what is spent and reserved already") from None
        if batch.state == "out_of_budget" and micros > before:
            return self._go_on(batch)
        return self.store.get(batch.id)

    def delete(self, batch_id: str, caller: Caller) -> None:
        """Remove a batch with all that it made; raise WrongState while it runs."""
        batch = self.get(batch_id, caller)
        if batch.state in ACTIVE or batch.running or batch.state == "queued":
            raise _wrong_state(batch, "deleted: cancel it first")
        self.flow.settle_leftovers(batch)
        self.store.mark_gone(batch, self.clock())
        if batch.seated:
            self.store.free_seat(batch.id)
        self.remove_remains(batch.id, self.clock() + DELETE_MS)

    def remove_remains(self, batch_id: str, until_ms: int) -> None:
        """Remove what a deleted batch made, as far as the time reaches."""
        self.images.remove_under(folder_of(batch_id))
        for where in self.store.remains(batch_id):
            if self.clock() >= until_ms:
                return
            self.store.table.remove(where)
        # After the items: an export that is being written finds none of its own, and goes.
        self.images.remove_under(exports_of(batch_id))
        self.store.forget_gone(batch_id)

    def row(self, batch: Batch, number: int) -> Row:
        """Return one row, also one that was not begun yet; raise UnknownBatch."""
        if not 1 <= number <= batch.total:
            raise UnknownRow
        return self.rows.get(batch.id, number) or Row(batch.id, number, "waiting")

    def _go_on(self, batch: Batch) -> Batch:
        """Take a seat or wait for one; whoever still has a seat runs at once."""
        before = batch.state
        for _ in range(CONTENDERS):
            try:
                return self._seated(batch) if batch.seated else self._queued(batch)
            except Refused:
                # It lost its seat, or somebody else was faster.
                batch = self.store.get(batch.id)
                if batch.state != before:
                    break
        self.flow.admit()
        return self.store.get(batch.id)

    def _seated(self, batch: Batch) -> Batch:
        batch = self.store.run_on(batch, [batch.state], self.clock())
        self.flow.feed(batch)
        return batch

    def _queued(self, batch: Batch) -> Batch:
        self.store.enqueue(batch, [batch.state], self.clock())
        self.store.make_seats()
        self.flow.admit()
        return self.store.get(batch.id)

    def _again(self, batch: Batch) -> Batch:
        try:
            batch = self.store.move(batch, [batch.state], "running", self.clock())
        except Refused:
            return self.store.get(batch.id)
        self.flow.feed(batch)
        return batch

    def _moved(self, batch: Batch, after: State) -> Batch:
        try:
            batch = self.store.move(batch, [batch.state], after, self.clock())
        except Refused:
            batch = self.store.get(batch.id)
        return self.flow.advance(batch)

    def _leave_queue(self, batch: Batch, after: State) -> Batch:
        try:
            self.store.leave_queue(batch, after, self.clock())
        except Refused:
            # It began to run, or left the queue, at this moment.
            batch = self.store.get(batch.id)
            if batch.state == "running":
                return self._moved(batch, "pausing" if after == "paused" else "cancelling")
        return self.store.get(batch.id)


class UnknownRow(NotFound):
    """The batch has no such row."""

    def __init__(self) -> None:
        super().__init__("There is no such row in this batch.")


def _check_size(wanted: Wanted) -> None:
    total = wanted.selection.total
    if total > MOST_ROWS:
        raise _wrong("rows", f"come to {total}; a batch may have {MOST_ROWS}")
    points = len(wanted.axes.points)
    cells = sum(
        len(wanted.models[step.id]) * (points if step.kind == "image" else 1)
        for step in wanted.template.steps
    )
    if cells > MOST_CELLS:
        raise _wrong("axes", f"make {cells} calls of each row; a row may have {MOST_CELLS}")


def _wrong(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"The batch cannot be made: {field} {problem}.", (Detail(field, problem),))


def _wrong_state(batch: Batch, act: str) -> WrongState:
    return WrongState(f"A batch that is {batch.state} cannot be {act}.")
