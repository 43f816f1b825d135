"""A batch's money: every call's worst case reserved before it, what it came to settled after it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.batches.runs.model import Batch, Cell, Row, budget_of
from chalicelib.callers import Caller
from chalicelib.spend.accounts import Standing
from chalicelib.spend.ledger import NoRoom
from chalicelib.spend.model import Balance, Budget, Reservation
from chalicelib.spend.service import Purpose, Spending


class OutOfBudget(Exception):
    """The batch's budget has no room for the worst case of a step.

    `may_free` says that calls under way hold some of it, which may come back.
    """

    def __init__(self, *, may_free: bool) -> None:
        super().__init__("out of budget")
        self.may_free = may_free


@dataclass(frozen=True)
class BatchMoney:
    """Holds on three budgets at once: the batch's, its owner's day and the installation's."""

    spending: Spending

    def set_limit(self, batch_id: str, micros: int) -> None:
        """Give the batch its budget, or another limit."""
        self.spending.ledger.set_limit(Budget(budget_of(batch_id), micros))

    def change_limit(self, batch_id: str, micros: int) -> None:
        """Raise or lower the batch's budget; raise NoRoom where more is used already."""
        self.spending.ledger.change_limit(budget_of(batch_id), micros)

    def balance(self, batch_id: str) -> Balance:
        """Return how the batch's budget stands."""
        return self.spending.ledger.balance(budget_of(batch_id)) or Balance(0, 0)

    def reserve(self, batch: Batch, hold: str, parts: Mapping[str, int], caller: Caller) -> None:
        """Set the worst case of each cell aside; raise OutOfBudget, RateLimited or Unavailable."""
        try:
            self.spending.reserve_within(Budget(batch.budget, None), hold, parts, caller)
        except NoRoom:
            raise OutOfBudget(may_free=self.balance(batch.id).reserved > 0) from None

    def settle(self, batch: Batch, cells: Collection[Cell]) -> None:
        """Turn what was reserved for ended cells into what they came to."""
        for hold in sorted({cell.hold for cell in cells}):
            own = [cell for cell in cells if cell.hold == hold]
            costs = {cell.id: cell.cost for cell in own}
            purposes = {cell.id: _purpose(batch, cell) for cell in own}
            self.spending.settle(_reservation(batch, hold), costs, purposes)

    def release(self, batch: Batch, hold: str) -> None:
        """Give back what was set aside for calls that were never made."""
        self.spending.release(_reservation(batch, hold))

    def holds(self, batch: Batch) -> list[Standing]:
        """Return every hold of the batch that stands."""
        return self.spending.ledger.under(batch.budget)

    def reconcile(
        self, batch: Batch, row: Row, holds: Iterable[Standing], *, gives_up: bool = False
    ) -> None:
        """Settle holds of the row's earlier tries by what its cells tell.

        What was reserved for a cell that was never begun goes back. A cell whose call's end nobody
        knows keeps its money, unless it is `given up`: then its cost is unknown.
        """
        for hold in holds:
            costs: dict[str, int | None] = {}
            for part in hold.parts:
                cell = row.cells.get(part)
                if cell is None or cell.hold != hold.name:
                    costs[part] = 0
                elif cell.state != "calling":
                    costs[part] = cell.cost
                elif gives_up:
                    costs[part] = None
            known = {part: row.cells[part] for part in costs if part in row.cells}
            purposes = {part: _purpose(batch, cell) for part, cell in known.items()}
            self.spending.settle(_reservation(batch, hold.name), costs, purposes)

    def finish_pending(self, batch: Batch) -> None:
        """End what was interrupted on the batch's budget."""
        self.spending.ledger.finish_pending(batch.budget)


def hold_name(row: int, tries: int, step: str) -> str:
    """Return the name of the hold of one step of one try of a row."""
    return f"{row}#{tries}#{step}"


def try_of_hold(hold: str) -> int:
    return int(hold.split("#")[1])


def row_of_hold(hold: Standing) -> int:
    return int(hold.name.partition("#")[0])


def _reservation(batch: Batch, hold: str) -> Reservation:
    return Reservation(hold, (batch.budget,))


def _purpose(batch: Batch, cell: Cell) -> Purpose:
    models = batch.wanted.models[cell.step]
    name = next((model.name for model in models if model.index == cell.model), "")
    return Purpose(name, cell.basis)
