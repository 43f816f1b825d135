"""One job, with its processes killed before and after each of their calls in turn (R3)."""

from dataclasses import replace

import pytest

from tests.figures import RecordFigure
from tests.simulation.faults import CALM
from tests.simulation.replay import explain
from tests.simulation.run import Report, run
from tests.simulation.world import Plan

CALMLY = Plan(seed=1, people=1, rates=CALM)
PERSON = "person 0"
WORKER = "worker 00000000-0000-0000-0000-000000000001 1"
REAPER = "reaper 3"
"""The first pass after the deadline of what the worker left."""
DIES_DRAWING = (WORKER, 30)
"""Far enough to have pictures stored and recorded, and calls still out."""


def deaths(process: str, *before: tuple[str, int]) -> list[Report]:
    """A run for every step of the process at which it can die, until it lives to its end."""
    reports: list[Report] = []
    while True:
        plan = replace(CALMLY, deaths=(*before, (process, len(reports) + 1)))
        report = run(plan)
        if report.violations:
            pytest.fail(explain(plan, report), pytrace=False)
        if not any(name.startswith(process) for name in report.died):
            return reports
        reports.append(report)


@pytest.mark.parametrize(
    ("process", "before", "fewest"),
    [
        (PERSON, (), 8),
        (WORKER, (), 80),
        (REAPER, (DIES_DRAWING,), 8),
    ],
)
def test_whoever_dies_whenever_the_job_ends_and_is_billed_once(
    process: str,
    before: tuple[tuple[str, int], ...],
    fewest: int,
    record_figure: RecordFigure,
) -> None:
    reports = deaths(process, *before)
    most_billed = max(report.most_billed for report in reports)
    record_figure(
        "R3",
        who=process.split()[0],
        points=len(reports),
        stuck=sum(report.stuck for report in reports),
        most_calls_per_attempt=most_billed,
    )
    assert len(reports) >= fewest
    assert most_billed <= 1


def test_a_picture_that_was_stored_when_its_worker_died_is_in_the_job() -> None:
    reports = deaths(WORKER)
    assert any(report.adopted for report in reports)
    assert all(report.lost == 0 for report in reports)
