"""A batch's rows in their order, with the data that they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.batches.runs.model import Batch, Cell, Row, RowState, Wanted
from chalicelib.batches.runs.row_store import RowStore
from chalicelib.batches.runs.seeds import SeedData
from chalicelib.batches.runs.selection import source_row
from chalicelib.errors import NotFound


@dataclass(frozen=True)
class RowReader:
    """Reads rows, also those that were not begun yet."""

    rows: RowStore
    seed: SeedData

    def page(
        self, batch: Batch, state: RowState | None, after: int, limit: int
    ) -> tuple[list[Row], int]:
        """Return rows from those after the one named, and the last one's number; 0 at the end."""
        if state in ("done", "failed", "running"):
            found = list(self.rows.page(batch.id, state, after, limit))
        else:
            found = self._with_unbegun(batch, state, after, limit)
        return found, found[-1].number if len(found) == limit else 0

    def _with_unbegun(
        self, batch: Batch, state: RowState | None, after: int, limit: int
    ) -> list[Row]:
        begun = list(self.rows.page(batch.id, state, after, limit))
        if state is None:
            numbers = range(after + 1, min(after + limit, batch.total) + 1)
            known = {row.number: row for row in begun}
            return [known.get(n) or Row(batch.id, n, "waiting") for n in numbers]
        first = max(after, batch.handed) + 1
        unbegun = range(first, min(batch.total, first + limit - 1) + 1)
        return [*begun, *(Row(batch.id, n, "waiting") for n in unbegun)][:limit]

    def data_of(self, batch: Batch, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        """Return the data of some rows; of none where the seed data is gone."""
        wanted = batch.wanted
        sources = {number: source_row(wanted.selection, number) for number in numbers}
        if not sources:
            return {}
        first, last = min(sources.values()), max(sources.values())
        try:
            if last - first <= 2 * len(sources):
                found = self._seed_rows(wanted, first, last - first + 1)
            else:
                found = {
                    source: self._seed_rows(wanted, source, 1).get(source, {})
                    for source in set(sources.values())
                }
        except NotFound:
            return {}
        return {number: found[s] for number, s in sources.items() if s in found}

    def _seed_rows(self, wanted: Wanted, first: int, count: int) -> dict[int, Mapping[str, Any]]:
        rows = self.seed.rows(wanted.seed_owner, wanted.seed_data_id, first, count)
        return {first + n: row for n, row in enumerate(rows)}

    def text_of(self, row: Row, cell: Cell) -> str:
        """Return a cell's text, also where it is too long for its row."""
        return self.rows.output(row.batch_id, row.number, cell.id) if cell.long else cell.text
