"""Judges every write of the ledger: budgets, reservations, and what attempts really came to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.jobs.model import Job, Outcome
from chalicelib.jobs.reservations import charge
from tests.simulation.expressions import Item
from tests.simulation.providers import Attempt

Break = Callable[[str, str], None]
"""Told a sentence, and whose job it is about."""


@dataclass
class MoneyAuditor:
    """Keeps beside the ledger what is open, on its way out, and for which attempt it is.

    `ends` are the attempts that have ended, with the time. One budget at a time has reservations.
    """

    ends: Mapping[Attempt, tuple[int, Outcome]]
    broken: Break
    _budgets: dict[str, Item] = field(default_factory=dict)
    _open: dict[str, Item] = field(default_factory=dict)
    _parts: dict[str, int] = field(default_factory=dict)
    _leaving: dict[str, tuple[str, int]] = field(default_factory=dict)
    _attempts: dict[tuple[str, str], Attempt] = field(default_factory=dict)

    def on_job(self, old: Job | None, new: Job) -> None:
        """Remember which attempt each part of a reservation is for."""
        if old and old.reserved == new.reserved:
            return
        for index, reserved in new.reserved.items():
            whose = f"{new.id}#{reserved.tag}", str(index)
            self._attempts.setdefault(whose, (new.id, index, new.attempt(index)))

    def on_write(self, old: Item, new: Item) -> None:
        """Judge one change of a budget, or of a reservation."""
        key = new or old
        if key["pk"]["S"] == "SPEND":
            day = key["sk"]["S"]
            self._budgets[day] = new
            self._check_sums(new)
        else:
            day = key["pk"]["S"].partition("#")[2]
            self._on_reservation(day, key["sk"]["S"], old, new)
        if day in self._budgets:
            self._check_reserved(day)

    def close(self) -> int:
        """Judge what only shows at rest; return what is spent in all."""
        for day in self._budgets:
            if self._leaving_from(day) or list(self._orphans(day)):
                self.broken(f"money of {day} is still on its way", "")
        for reservation in self._open.values():
            name, parts = reservation["sk"]["S"], list(reservation["parts"]["M"])
            self.broken(f"money for slots {parts} is still reserved", _job_of(name))
        return sum(_n(budget, "spent") for budget in self._budgets.values())

    def _on_reservation(self, day: str, name: str, old: Item, new: Item) -> None:
        before = old["token"]["S"] if "token" in old else ""
        after = new["token"]["S"] if "token" in new else ""
        self._parts[day] = self._parts.get(day, 0) + _parts(new) - _parts(old)
        if before and before != after:
            del self._open[before]
            self._leaving.pop(before, None)
        if not after:
            return
        self._open[after] = new
        if "settling" in new:
            settling = new["settling"]["M"]
            self._leaving[after] = settling["token"]["S"], _n(settling, "back")
            if "settling" not in old:
                self._check_settling(name, old, new)
        else:
            self._leaving.pop(after, None)

    def _check_settling(self, name: str, old: Item, new: Item) -> None:
        """What parts come to is what their attempts came to, to the micro-dollar."""
        spent = unknown = back = 0
        for part, amount in old["parts"]["M"].items():
            if part not in new["parts"]["M"]:
                cost = self._cost(name, part)
                back += int(amount["N"])
                spent += int(amount["N"]) if cost is None else cost
                unknown += int(amount["N"]) if cost is None else 0
        settling = new["settling"]["M"]
        counted = _n(settling, "spent"), _n(settling, "unknown"), _n(settling, "back")
        if counted != (spent, unknown, back):
            self.broken(f"{counted} counted, {(spent, unknown, back)} charged", _job_of(name))

    def _cost(self, name: str, part: str) -> int | None:
        """Nothing where no attempt ever began with this money."""
        attempt = self._attempts.get((name, part))
        if attempt is None:
            return 0
        if attempt not in self.ends:
            self.broken(f"slot {part} was settled before it ended", _job_of(name))
            return 0
        return charge(self.ends[attempt][1])

    def _check_sums(self, budget: Item) -> None:
        sums = {name: _n(budget, name) for name in ("limit", "left", "reserved", "spent")}
        if sums["left"] + sums["reserved"] + sums["spent"] != sums["limit"]:
            self.broken(f"{sums} do not add up", "")
        if sums["left"] + _n(budget, "dearer") < 0:
            self.broken(f"{sums} are over the limit", "")

    def _check_reserved(self, day: str) -> None:
        """What is reserved is what reservations have, what leaves them, and what is nobody's."""
        budget = self._budgets[day]
        explained = self._parts.get(day, 0) + self._leaving_from(day) + sum(self._orphans(day))
        if _n(budget, "reserved") != explained:
            self.broken(f"{_n(budget, 'reserved')} reserved on {day}, {explained} explained", "")

    def _leaving_from(self, day: str) -> int:
        marks = self._budgets[day]["marks"]["M"]
        ways = (
            (token, back)
            for reservation, (token, back) in self._leaving.items()
            if self._open[reservation]["pk"]["S"] == f"SPEND#{day}"
        )
        return sum(back for token, back in ways if token not in marks)

    def _orphans(self, day: str) -> Iterator[int]:
        marks = {token: mark["M"] for token, mark in self._budgets[day]["marks"]["M"].items()}
        settled = {mark["s"]["S"] for mark in marks.values() if "s" in mark}
        for token, mark in marks.items():
            if "n" in mark and token not in self._open and token not in settled:
                yield _n(mark, "n")


def _parts(reservation: Item) -> int:
    parts = reservation["parts"]["M"] if "parts" in reservation else {}
    return sum(int(amount["N"]) for amount in parts.values())


def _n(fields: Item, name: str) -> int:
    return int(fields[name]["N"])


def _job_of(name: str) -> str:
    return name.partition("#")[0]
