"""The promises hold while everything around the product fails (R1, small; see __main__)."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.images.sniff import BadImage
from chalicelib.jobs.model import Job, Reserved
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.reservations import charge, charges
from chalicelib.jobs.store import JobStore
from chalicelib.spend.accounts import Mark, Settling
from chalicelib.spend.store import LedgerStore
from tests.figures import RecordFigure
from tests.simulation.faults import CALM, Rates
from tests.simulation.installation import MODELS
from tests.simulation.replay import explain
from tests.simulation.run import Report, run
from tests.simulation.world import Plan, World

PEOPLE = 200
ROOT = Path(__file__).parents[2]


def judged(plan: Plan) -> Report:
    """The report of a run in which nothing was broken; otherwise the test tells the story."""
    report = run(plan)
    if report.violations:
        pytest.fail(explain(plan, report), pytrace=False)
    return report


def test_nothing_is_billed_twice_lost_or_stuck(record_figure: RecordFigure) -> None:
    reports = [judged(Plan(seed, PEOPLE, Rates())) for seed in (1, 2, 3)]
    assert all(report.jobs >= PEOPLE * 0.95 for report in reports)
    assert all(report.retried >= PEOPLE * 0.1 for report in reports)
    for kind in ("aws_call", "outage", "worker_crash", "duplicate", "lost_answer", "hang"):
        assert sum(report.faults[kind] for report in reports) > 0, f"no {kind} ever happened"
    record_figure(
        "R1",
        seeds=len(reports),
        jobs=sum(report.jobs for report in reports),
        billed_twice=sum(report.billed_twice for report in reports),
        lost=sum(report.lost for report in reports),
        stuck=sum(report.stuck for report in reports),
        illegal=sum(report.illegal for report in reports),
        mishaps=sum(len(report.fired) for report in reports),
    )


def test_without_mishaps_every_job_completes() -> None:
    report = judged(Plan(1, 30, CALM))
    assert (report.jobs, report.provider_calls, report.interrupted) == (
        30,
        25 * MODELS + 5 * 2 * MODELS,
        0,
    )


def test_a_seed_replays_exactly_in_another_process() -> None:
    code = "from tests.simulation.run import *; from tests.simulation.faults import *\n"
    code += "print(run(Plan(5, 40, Rates())).digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert digests == {run(Plan(5, 40, Rates())).digest + "\n"}


def test_another_seed_is_another_run() -> None:
    assert run(Plan(5, 5, Rates())).digest != run(Plan(6, 5, Rates())).digest


def test_a_reaper_that_looks_every_third_minute_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    due = JobStore.due

    def seldom(store: JobStore, now: int, limit: int = 1000) -> list[str]:
        return due(store, now, limit) if now // 60_000 % 3 == 0 else []

    monkeypatch.setattr(JobStore, "due", seldom)
    report = run(Plan(1, 300, replace(Rates(), worker_crash=0.5)))
    assert "too late" in report.violations[0].sentence


def _bill_twice(patch: pytest.MonkeyPatch) -> None:
    bill = World.bill
    patch.setattr(World, "bill", lambda self, attempt: bill(self, attempt) and bill(self, attempt))


def _lose_pictures(patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BadImage("lost")

    patch.setattr(JobPictures, "put", refuse)


def _charge_too_much(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("chalicelib.jobs.reservations.charge", lambda outcome: 1 + (charge(outcome) or 0))


def _give_too_little_back(patch: pytest.MonkeyPatch) -> None:
    give_back = LedgerStore.give_back

    def less(store: LedgerStore, budget: str, settling: Settling, mark: Mark) -> object:
        return give_back(store, budget, replace(settling, back=settling.back - 1), mark)

    patch.setattr(LedgerStore, "give_back", less)


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (_bill_twice, "was billed 2 times"),
        (_lose_pictures, "had its picture and ended as"),
        (_charge_too_much, "counted, "),
        (_give_too_little_back, "explained"),
    ],
)
def test_a_run_stops_at_the_first_broken_promise(
    mistake: Callable[[pytest.MonkeyPatch], None], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    report = run(Plan(1, 200, CALM))
    assert [told in str(violation) for violation in report.violations] == [True]
    assert report.jobs < 150


def test_money_that_nobody_settles_shows_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_but_one(job: Job, reserved: Reserved) -> dict[str, int | None]:
        return {i: cost for i, cost in charges(job, reserved).items() if i != "3"}

    monkeypatch.setattr("chalicelib.jobs.reservations.charges", all_but_one)
    report = run(Plan(1, 5, CALM))
    assert "money for slots ['3'] is still reserved" in report.violations[0].sentence


def test_a_failure_is_told_by_one_person_and_few_mishaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JobStore, "due", lambda self, now, limit=1000: [])
    plan = Plan(1, 60, replace(Rates(), worker_crash=0.5))
    report = run(plan)
    assert report.stuck > 0
    story = explain(plan, report).splitlines()
    assert story[0].startswith("promise 3: the job never ended")
    assert "only=" in story[1]
    assert 5 < len(story) < 150
    person = f"person {int(report.violations[0].job_id[:8], 16)}"
    speakers = {line.partition(":")[0].split(maxsplit=1)[-1] for line in story[2:]}
    assert any(speaker.startswith(person) for speaker in speakers)
