"""Judges what only shows when everything has come to rest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.batches.runs.items import batch_key, batch_of, row_of, wanted_key, wanted_of
from chalicelib.batches.runs.model import ENDED, RESTING, Batch, Row, budget_of
from tests.simulation.batches.auditor import Place
from tests.simulation.batches.world import BatchWorld
from tests.simulation.expressions import Item


@dataclass
class AtRest:
    """What became of every batch, row and answer."""

    world: BatchWorld
    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    lost: int = 0

    def judge(self) -> "AtRest":
        for batch_id in self.world.auditor.batches.values():
            self._judge_batch(self._batch(batch_id))
        for place in sorted(self.world.auditor.answers):
            self._judge_answer(place)
        for key, item in self.world.table.items.items():
            if key[0] == "SPEND" and "marks" in item and int(item["reserved"]["N"]):
                self._broken(f"budget {key[1]} has {item['reserved']['N']} still reserved")
        return self

    def _judge_batch(self, batch: Batch) -> None:
        self.states[batch.state] += 1
        rows = list(self._rows(batch))
        self.rows.update(row.state for row in rows)
        told = f"batch {batch.id}, {batch.state}"
        if batch.state not in ENDED | RESTING:
            self._broken(f"{told}: stands without an end or a reason")
        if batch.state in RESTING and not batch.troubles:
            self._broken(f"{told}: says nothing of why it rests")
        if batch.running or batch.seated or batch.entries:
            self._broken(f"{told}: {batch.running} under way, seated {batch.seated}")
        if [row.number for row in rows] != list(range(1, batch.handed + 1)):
            self._broken(f"{told}: {len(rows)} rows of {batch.handed} that were handed out")
        counted = Counter(row.state for row in rows)
        if (counted["done"], counted["failed"]) != (batch.done, batch.failed):
            self._broken(f"{told}: counts {batch.done} and {batch.failed}, has {counted}")
        if batch.state.startswith("completed") and batch.done + batch.failed != batch.total:
            self._broken(f"{told}: {batch.done + batch.failed} of {batch.total} rows ended")
        for row in rows:
            self._judge_row(batch, row)
        self._judge_money(batch, rows)

    def _judge_row(self, batch: Batch, row: Row) -> None:
        told = f"batch {batch.id} row {row.number}, {row.state}"
        if row.state == "failed":
            self.codes[row.code] += 1
        if row.state == "running" or (row.state == "failed" and not (row.code and row.error)):
            self._broken(f"{told}: {row.code or 'no reason'}")
        if row.state == "done":
            wanted = sum(len(models) for models in batch.wanted.models.values())
            if [cell.state for cell in row.cells.values()] != ["done"] * wanted:
                self._broken(f"{told}: not all of its cells are done")

    def _judge_money(self, batch: Batch, rows: list[Row]) -> None:
        item = self.world.table.items["SPEND", budget_of(batch.id)]
        spent, unknown = int(item["spent"]["N"]), int(item["unknown"]["N"])
        bills = self.world.auditor.billed
        billed = sum(micros for place, micros in bills.items() if place.batch == batch.id)
        if not spent - unknown <= billed <= spent:
            self._broken(f"batch {batch.id}: {billed} billed, {spent} spent, {unknown} unknown")
        pictures = sum(cell.image is not None for row in rows for cell in row.cells.values())
        if batch.pictures != pictures and batch.state in ENDED - {"cancelled"}:
            self._broken(f"batch {batch.id}: {batch.pictures} pictures counted of {pictures}")

    def _judge_answer(self, place: Place) -> None:
        """What reached a worker in time is in its row, unless it died with the only copy."""
        auditor = self.world.auditor
        answer = auditor.answers[place]
        cell = row_of(self._row(place)).cells[place.cell]
        if not answer.in_time or (cell.attempt != place.attempt and cell.state == "done"):
            return
        if cell.attempt == place.attempt and cell.state == "done":
            return
        if not answer.process.alive and place not in auditor.stored:
            auditor.lost_with_worker += 1
            return
        if cell.state == "calling" and self._batch(place.batch).state == "cancelled":
            return
        self.lost += 1
        self._broken(f"{place} had its answer and is {cell.state} {cell.code}: {cell.error}")

    def _row(self, place: Place) -> Item:
        return self.world.table.items[f"BATCH#{place.batch}", f"ROW#{place.row:09d}"]

    def _rows(self, batch: Batch) -> Iterator[Row]:
        items = self.world.table.items
        for number in range(1, batch.total + 1):
            if item := items.get((f"BATCH#{batch.id}", f"ROW#{number:09d}")):
                yield row_of(item)

    def _batch(self, batch_id: str) -> Batch:
        batch, wanted = (_at(each(batch_id)) for each in (batch_key, wanted_key))
        items = self.world.table.items
        return batch_of(items[batch], wanted_of(items[wanted]))

    def _broken(self, sentence: str) -> None:
        self.world.auditor.broken(sentence)


def _at(key: Item) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]
