"""Rows in the table: who has which, what was made of it, and the batch's counters beside it.

A counter changes in the same write as what it counts, so that no crash can make them differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.batches.runs.change import Change
from chalicelib.batches.runs.items import (
    CALLS,
    LONGEST_SENTENCE,
    MICROS,
    batch_key,
    batch_of,
    cell_text,
    open_value,
    output_key,
    row_key,
    row_of,
    spent_name,
    troubled,
)
from chalicelib.batches.runs.model import (
    Batch,
    Cell,
    Done,
    Failed,
    HandedBack,
    Row,
    RowEnd,
    RowState,
    Spent,
)
from chalicelib.batches.runs.table import Put, Refused, Table
from chalicelib.dynamo import Item, number, text

OPEN_INDEX = "open"


class LeaseLost(Exception):
    """Somebody else has the row now, or it has ended."""


@dataclass(frozen=True)
class Lease:
    """Who has a row, and until when, in epoch milliseconds."""

    holder: str
    until_ms: int


@dataclass(frozen=True)
class RowStore:
    """Every write of a row. Times in epoch milliseconds."""

    table: Table

    def next_row(self, batch: Batch, lease: Lease, now: int) -> tuple[Batch, int]:
        """Hand out the first row that nobody had yet; raise Refused where there is none to have.

        The batch must run, and have fewer rows under way than it may.
        """
        change = Change(batch_key(batch.id)).add({"seq": 1, "handed": 1, "running": 1})
        change.set(updated_ms=number(now)).set_from("entries", lease.holder, "handed")
        change.require("state", "=", text("running")).require_less("handed", "quota")
        change.require("running", "<", number(batch.wanted.concurrency))
        change.require_absent("entries", lease.holder)
        try:
            found = batch_of(self.table.update(change), batch.wanted)
        except Refused as refused:
            # Handed out before: the answer was lost.
            if not refused.item:
                raise
            found = batch_of(refused.item, batch.wanted)
            if lease.holder not in found.entries:
                raise
        return found, found.entries[lease.holder] + 1

    def begin(self, batch: Batch, row: int, lease: Lease, now: int) -> Row:
        """Write the item of a row that was just handed out; raise LeaseLost."""
        item: Item = {
            **row_key(batch.id, row),
            "state": text("running"),
            "tries": number(1),
            "holder": text(lease.holder),
            "entry": text(lease.holder),
            "lease": number(lease.until_ms),
            "open": text(open_value(batch.id)),
            "wake": number(lease.until_ms),
            "updated_ms": number(now),
            "cells": {"M": {}},
        }
        try:
            self.table.put(Put(item, fresh=True))
        except Refused:
            found = self.get(batch.id, row)
            if found is None or found.holder != lease.holder:
                raise LeaseLost from None
        return row_of(item)

    def take(self, batch: Batch, row: int, lease: Lease, now: int) -> Row:
        """Begin a waiting row again; raise LeaseLost where it waits no more or may not be begun."""
        change = self._row(batch.id, row, now).add({"tries": 1})
        change.set(state=text("running"), holder=text(lease.holder))
        change.set(lease=number(lease.until_ms), wake=number(lease.until_ms))
        change.require("state", "=", text("waiting")).require("wake", "<=", number(now))
        begun = self._batch(batch.id, now).add({"running": 1})
        begun.require("state", "=", text("running"))
        begun.require("running", "<", number(batch.wanted.concurrency))
        with suppress(Refused):
            self.table.together(change, begun)
        found = self.get(batch.id, row)
        if found is None or found.holder != lease.holder:
            raise LeaseLost
        return found

    def get(self, batch_id: str, row: int) -> Row | None:
        """Return the row as it is now; None for one that was never begun."""
        found = self.table.get(row_key(batch_id, row))
        return row_of(found) if found else None

    def note_cells(self, row: Row, cells: Iterable[Cell], now: int) -> Row:
        """Keep what is known of some cells; raise LeaseLost."""
        change = self._row(row.batch_id, row.number, now)
        for cell in cells:
            change.set_in("cells", cell.id, cell_text(cell))
        change.require("holder", "=", text(row.holder)).require("tries", "=", number(row.tries))
        try:
            return row_of(self.table.update(change))
        except Refused:
            raise LeaseLost from None

    def end(self, batch: Batch, row: Row, end: RowEnd, now: int) -> None:
        """End the row, or hand it back, and count what it made; raise LeaseLost."""
        new = [replace(c, counted=True) for c in row.cells.values() if _is_countable(c)]
        change = self._row(row.batch_id, row.number, now).set(ended_by=text(row.holder))
        for cell in new:
            change.set_in("cells", cell.id, cell_text(cell))
        self._set_end(change, end, now)
        change.require("holder", "=", text(row.holder)).require("tries", "=", number(row.tries))
        counted = self._batch(batch.id, now).add(_counts(batch, new)).add({"running": -1})
        if row.entry:
            counted.remove_in("entries", row.entry)
        if isinstance(end, Done):
            counted.add({"done": 1}).set(streak=number(0))
        elif isinstance(end, Failed):
            troubled(counted.add({"failed": 1, "streak": 1}), end.code, end.sentence)
        try:
            self.table.together(change, counted)
        except Refused:
            found = self.table.get(row_key(row.batch_id, row.number))
            if found.get("ended_by") != text(row.holder) or "holder" in found:
                raise LeaseLost from None

    def _set_end(self, change: Change, end: RowEnd, now: int) -> None:
        if isinstance(end, HandedBack):
            change.set(state=text("waiting"), wake=number(now + end.delay_ms))
            change.remove("holder", "lease", "entry")
            return
        change.remove("holder", "lease", "entry", "open", "wake")
        if isinstance(end, Done):
            change.set(state=text("done")).remove("code", "error")
        else:
            change.set(state=text("failed"), code=text(end.code))
            change.set(error=text(end.sentence[:LONGEST_SENTENCE]))

    def take_from_dead(self, batch: Batch, row: Row, now: int) -> bool:
        """Let a row wait whose holder's time is over; False where it has ended meanwhile."""
        change = self._row(batch.id, row.number, now).set(state=text("waiting"), wake=number(0))
        change.remove("holder", "lease", "entry")
        change.require("holder", "=", text(row.holder)).require("tries", "=", number(row.tries))
        change.require("lease", "<=", number(now))
        counted = self._batch(batch.id, now).add({"running": -1})
        if row.entry:
            counted.remove_in("entries", row.entry)
        return self._happened(change, counted)

    def adopt(self, batch: Batch, entry: str, now: int) -> bool:
        """Let a row wait that was handed out to somebody who died before its item was written."""
        item: Item = {
            **row_key(batch.id, batch.entries[entry] + 1),
            "state": text("waiting"),
            "tries": number(1),
            "open": text(open_value(batch.id)),
            "wake": number(0),
            "updated_ms": number(now),
            "cells": {"M": {}},
        }
        counted = self._batch(batch.id, now).add({"running": -1}).remove_in("entries", entry)
        return self._happened(Put(item, fresh=True), counted.require_there("entries", entry))

    def try_again(self, batch: Batch, row: int, now: int) -> bool:
        """Let a failed row wait once more; False where it has not failed."""
        change = self._row(batch.id, row, now).set(state=text("waiting"), wake=number(0))
        change.set(open=text(open_value(batch.id))).copy("forgiven", "tries")
        change.remove("code", "error")
        change.require("state", "=", text("failed"))
        return self._happened(change, self._batch(batch.id, now).add({"failed": -1}))

    def _happened(self, *writes: Change | Put) -> bool:
        try:
            self.table.together(*writes)
        except Refused:
            return False
        return True

    def due(self, batch_id: str, now: int, most: int) -> list[int]:
        """Return rows that wait, or whose holders' time is over, the longest first."""
        answer = self.table.client.query(
            TableName=self.table.name,
            IndexName=OPEN_INDEX,
            KeyConditionExpression="#open = :batch AND wake <= :now",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":batch": text(open_value(batch_id)), ":now": number(now)},
            Limit=most,
        )
        return [int(item["sk"]["S"].removeprefix("ROW#")) for item in answer["Items"]]

    def page(self, batch_id: str, state: RowState | None, after: int, most: int) -> Sequence[Row]:
        """Return rows that were begun, in their order, from those after the one named."""
        rows = self._after(batch_id, after, most)
        found: list[Row] = []
        for row in rows:
            if state is None or row.state == state:
                found.append(row)
            if len(found) >= most:
                break
        return found

    def _after(self, batch_id: str, after: int, most: int) -> Iterator[Row]:
        values: Item = {
            ":pk": batch_key(batch_id)["pk"],
            ":first": row_key(batch_id, after + 1)["sk"],
            ":last": text("ROW#~"),
        }
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=values,
            PaginationConfig={"PageSize": most},
        )
        for page in pages:
            yield from (row_of(item) for item in page["Items"])

    def put_output(self, row: Row, cell: str, output: str) -> None:
        """Keep a text that is too long for its row."""
        item: Item = {**output_key(row.batch_id, row.number, cell), "text": text(output)}
        self.table.put(Put(item))

    def output(self, batch_id: str, row: int, cell: str) -> str:
        """Return a text that was too long for its row; empty where it is gone."""
        found = self.table.get(output_key(batch_id, row, cell))
        return str(found["text"]["S"]) if found else ""

    def _row(self, batch_id: str, row: int, now: int) -> Change:
        return Change(row_key(batch_id, row)).set(updated_ms=number(now)).require_there("pk")

    def _batch(self, batch_id: str, now: int) -> Change:
        change = Change(batch_key(batch_id)).add({"seq": 1}).set(updated_ms=number(now))
        return change.require_there("pk")


def _is_countable(cell: Cell) -> bool:
    return cell.state != "calling" and not cell.counted


def _counts(batch: Batch, cells: Sequence[Cell]) -> dict[str, int]:
    """Return what these cells add to the batch's counters."""
    amounts: dict[str, int] = {}

    def add(name: str, amount: int) -> None:
        amounts[name] = amounts.get(name, 0) + amount

    for cell in cells:
        add("pictures", int(cell.image is not None))
        add("tokens_in", cell.tokens_in)
        add("tokens_out", cell.tokens_out)
        models = batch.wanted.models[cell.step]
        name = next((model.name for model in models if model.index == cell.model), "")
        told = spent_name(Spent(cell.step, name, cell.basis, 0, 0))
        add(CALLS + told, 1)
        add(MICROS + told, cell.cost or 0)
    return amounts
