"""Batches keep their promises while everything around them fails (R7, small; see __main__)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.batches.runs.model import ENDED
from tests.figures import RecordFigure
from tests.simulation.batches.run import Report, run
from tests.simulation.batches.world import RATES, BatchPlan
from tests.simulation.faults import CALM

ROOT = Path(__file__).parents[3]
SEEDS = (1, 2)


def judged(plan: BatchPlan) -> Report:
    """The report of a run in which nothing was broken."""
    report = run(plan)
    assert not report.violations, f"{report.violations}, replays as {plan}"
    return report


def test_no_row_is_billed_twice_lost_or_over_its_budget(record_figure: RecordFigure) -> None:
    reports = [judged(BatchPlan(seed, 3, RATES, rows=16, concurrency=8)) for seed in SEEDS]
    assert all(set(report.states) <= ENDED for report in reports)
    assert sum(report.done for report in reports) > 0.7 * sum(report.rows for report in reports)
    kinds = ("aws_call", "outage", "worker_crash", "lost_answer", "busy")
    for kind in kinds:
        assert sum(report.faults[kind] for report in reports) > 0, f"no {kind} ever happened"
    record_figure(
        "R7 simulated",
        rows=sum(report.rows for report in reports),
        calls=sum(report.calls for report in reports),
        billed_twice=sum(report.billed_twice for report in reports),
        lost=sum(report.lost for report in reports),
        over_budget=sum(report.over_budget for report in reports),
        mishaps=sum(report.fired for report in reports),
    )


def test_without_mishaps_every_row_is_done() -> None:
    report = judged(BatchPlan(1, 2, CALM, rows=8, concurrency=4))
    assert (report.done, report.failed, report.calls) == (16, 0, 160)
    assert report.states == {"completed": 2}


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_seed_replays_exactly_in_another_process(hash_seed: str) -> None:
    plan = BatchPlan(5, 2, RATES, rows=3, concurrency=2, models=2)
    code = "from tests.simulation.batches.run import run\n"
    code += "from tests.simulation.batches.world import RATES, BatchPlan\n"
    code += "print(run(BatchPlan(5, 2, RATES, rows=3, concurrency=2, models=2)).digest)"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    ).stdout
    assert told == run(plan).digest + "\n"
