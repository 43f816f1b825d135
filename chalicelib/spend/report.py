"""What was spent, by day, person and model, as the ledger's budgets tell it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chalicelib.spend.accounts import Account
from chalicelib.spend.ledger import Ledger
from chalicelib.spend.service import LAST, Purpose, personal


@dataclass(frozen=True)
class Spent:
    """Micro-dollars by how well they are known."""

    exact: int = 0
    estimated: int = 0
    unknown: int = 0

    def more(self, basis: str, micros: int) -> "Spent":
        return replace(self, **{basis: getattr(self, basis) + micros})


@dataclass(frozen=True)
class SpentDay:
    """One UTC day of the installation; `users` by id, `models` by name, amounts in micro-dollars.

    `reserved` is under way still.
    """

    day: str
    spent: Spent
    reserved: int
    users: Mapping[str, Spent] = field(default_factory=dict)
    models: Mapping[str, Spent] = field(default_factory=dict)


@dataclass(frozen=True)
class SpendReport:
    """Reads the budgets of days, and of people's days."""

    ledger: Ledger

    def days(self, first: str, last: str) -> list[SpentDay]:
        """Return the days from the first to the last on which anything was reserved."""
        found = self.ledger.accounts(first, personal(last, LAST))
        days = {name: account for name, account in found.items() if "#" not in name}
        users: dict[str, dict[str, Spent]] = defaultdict(dict)
        for name, account in found.items():
            day, _, user_id = name.partition("#")
            if user_id:
                users[day][user_id] = _all(account)
        return [
            SpentDay(day, _all(account), account.balance.reserved, users[day], _models(account))
            for day, account in sorted(days.items())
        ]


def _all(account: Account) -> Spent:
    """Return the whole of a budget; what no settling named a kind of counts as estimated."""
    spent = Spent()
    for kind, micros in account.kinds.items():
        spent = spent.more(Purpose.parse(kind).basis, micros)
    unnamed = account.balance.spent - sum(account.kinds.values())
    return spent.more("estimated", unnamed)


def _models(account: Account) -> dict[str, Spent]:
    models: dict[str, Spent] = defaultdict(Spent)
    for kind, micros in sorted(account.kinds.items()):
        purpose = Purpose.parse(kind)
        models[purpose.model] = models[purpose.model].more(purpose.basis, micros)
    return dict(models)
