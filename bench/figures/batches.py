"""P16: what AWS is asked for a batch's row of one text and nine pictures, and what that costs.

The rows go through the product's own services in the simulated AWS of `tests.simulation.batches`,
where nothing goes wrong: it counts every call, and weighs every item that is written. Sweeps, the
plan and the start are shared by the rows. A worker lasts as long as its row: three seconds for the
text, and as long as the slowest of nine pictures of twenty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bench.effort import QUICK, Effort
from bench.scorecard import Figure, Part
from tests.simulation.batches.bill import calls_a_row, dollars_a_thousand
from tests.simulation.batches.run import run
from tests.simulation.batches.world import BatchPlan
from tests.simulation.faults import CALM

ROWS: Final = 100
CALLS_BAR, WRITE_UNITS_BAR, DOLLARS_BAR = 40.0, 60.0, 1.50
USUAL: Final = BatchPlan(1, 1, CALM, rows=ROWS, concurrency=50, tickets=False, ceiling=False)
OTHERS: Final = {
    ", with a daily ceiling": replace(USUAL, ceiling=True),
    ", three models of nine with tickets": replace(USUAL, tickets=True),
}


def measure(effort: Effort) -> list[Figure]:
    """Of a hundred rows, or thoroughly of a thousand."""
    rows = ROWS if effort == QUICK else 10 * ROWS
    parts = [*_parts("", replace(USUAL, rows=rows), with_bars=True)]
    for name, plan in OTHERS.items():
        parts += _parts(name, replace(plan, rows=rows), with_bars=False)
    return [Figure("P16", "AWS for a row of one text and nine pictures", tuple(parts))]


def _parts(name: str, plan: BatchPlan, *, with_bars: bool) -> Iterator[Part]:
    report = run(plan)
    if report.violations or report.done != plan.rows:
        raise RuntimeError(f"{report.done} of {plan.rows} rows were made: {report.violations}")
    rows, usage = plan.rows, report.usage
    values = {
        "AWS calls": (round(calls_a_row(usage, rows), 1), "", CALLS_BAR),
        "write units": (round(usage.write_units / rows, 1), "", WRITE_UNITS_BAR),
        "dollars per 1,000 rows": (dollars_a_thousand(usage, rows, plan.models), "$", DOLLARS_BAR),
    }
    asked = f"the models ask {report.model_usd / rows * 1000:.2f} $"
    for what, (value, unit, bar) in values.items():
        note = asked if unit else ""
        yield Part(what + name, value, unit, bar if with_bars else None, note=note)
