"""The surroundings of one run of batches: cloud, books of the models, what AWS was asked for."""

import re
from dataclasses import dataclass, replace
from typing import Any

from tests.simulation.batches.auditor import BatchAuditor, Place
from tests.simulation.batches.usage import CountingNetwork, MeteredTable, Usage
from tests.simulation.cloud import S3
from tests.simulation.faults import Rates
from tests.simulation.world import Plan, Surroundings

RATES = replace(
    Rates(), worker_crash=0.33, busy=0.02, no_credit=0.002, entry_failed=0.01, duplicate=0.01
)
WHO = re.compile(r"row (\d+) of (seed-\d+)")


@dataclass(frozen=True)
class BatchPlan(Plan):
    """`people` own a batch each, of so many rows, of which so many are made at a time.

    Without `tickets` no model gives any; without a `ceiling` no day has a limit.
    """

    rows: int = 40
    concurrency: int = 20
    models: int = 9
    tickets: bool = True
    ceiling: bool = True


class BatchWorld(Surroundings):
    """Everything that an installation of batches touches."""

    def __init__(self, plan: BatchPlan, trace: list[str] | None = None) -> None:
        super().__init__(plan, trace)
        self.size = plan
        self.usage = Usage()
        self.network = CountingNetwork(self.scheduler, self.faults, self.note, self.usage)
        self.auditor = BatchAuditor(self.scheduler)
        self.table = MeteredTable(self.auditor.on_write, self.usage)
        self.auditor.items = self.table.items
        self.bucket = S3(self.auditor.on_put)
        self._ids: dict[str, int] = {}

    def new_id(self) -> str:
        """Ids that tell whose they are, and that nothing else depends on."""
        name = self.scheduler.process.name
        count = self._ids[name] = self._ids.get(name, 0) + 1
        if name.startswith("owner"):
            number, tab = int(name.split()[1].rstrip("+")), name.count("+")
            return f"{number:06x}{tab:x}{count:05x}"
        return f"{name}/{count}"

    def called(self, cell: str, prompt: str) -> Place:
        """Which call of which cell the present worker makes."""
        found = WHO.search(prompt)
        assert found, prompt
        return self.auditor.on_call(found[2], int(found[1]), cell, self.scheduler.process.name)

    def happens(self, kind: str) -> bool:
        process = self.scheduler.process
        return self.faults.happens(kind, process.name, process.dice)

    def wait(self, milliseconds: float) -> None:
        self.scheduler.point()
        self.scheduler.sleep(max(0.0, milliseconds))
        self.scheduler.point()


def seeds(plan: BatchPlan) -> dict[str, list[dict[str, Any]]]:
    """The data of every batch."""
    return {
        f"seed-{number}": [{"name": f"row {n} of seed-{number}"} for n in range(1, plan.rows + 1)]
        for number in range(plan.people)
    }
