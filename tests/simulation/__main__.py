"""`python -m tests.simulation --jobs 10000 --seeds 20`: the whole size, on demand."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation.faults import Rates
from tests.simulation.installation import MODELS
from tests.simulation.replay import explain
from tests.simulation.run import Report, run
from tests.simulation.world import Plan

ORIGINALS = {
    "billed twice": "4,427-4,893",
    "paid results lost": "391-425",
    "jobs stuck": "332-365",
    "illegal transitions": "not counted",
}
"""The original design in the same kind of simulation, 10,000 jobs of 9 models."""
COLUMNS = "seed   jobs provider calls  billed twice  lost  stuck  illegal"
COLUMNS += "  retried  interrupted  died holding  mishaps  digest"


def main() -> int:
    """Prints a line for each seed; the status says whether every promise held."""
    wanted = _arguments()
    plans = [Plan(seed, wanted.jobs, Rates(), wanted.only) for seed in wanted.seeds]
    print(f"{MODELS} models a job; baseline of the original design: {ORIGINALS}")
    print(COLUMNS)
    reports = []
    began = time.monotonic()
    for plan, report in _all(plans, wanted.processes):
        reports.append(report)
        print(_line(report), flush=True)
        if report.violations:
            print(explain(plan, report), flush=True)
    print(f"{time.monotonic() - began:.0f} s")
    _keep_figure(reports)
    return int(any(report.violations for report in reports))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=3, help="how many, from --first on")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", type=int, help="this person alone, to replay a failure")
    parser.add_argument("--processes", type=int, default=1)
    wanted = parser.parse_args()
    wanted.seeds = range(wanted.first, wanted.first + wanted.seeds)
    return wanted


def _all(plans: list[Plan], processes: int) -> Iterator[tuple[Plan, Report]]:
    if processes == 1:
        yield from ((plan, run(plan)) for plan in plans)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from zip(plans, pool.map(run, plans), strict=True)


def _line(report: Report) -> str:
    return (
        f"{report.seed:4d} {report.jobs:6d} {report.provider_calls:14d} {report.billed_twice:13d}"
        f" {report.lost:5d} {report.stuck:6d} {report.illegal:8d} {report.retried:8d}"
        f" {report.interrupted:12d} {report.lost_with_worker:13d} {len(report.fired):8d}"
        f"  {report.digest}"
    )


def _keep_figure(reports: list[Report]) -> None:
    path = os.environ.get("FIGURES_FILE")
    if not path:
        return
    totals = {
        name: sum(getattr(report, name) for report in reports)
        for name in ("jobs", "billed_twice", "lost", "stuck", "illegal")
    }
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"figure": "R1", "seeds": len(reports), **totals}) + "\n")


if __name__ == "__main__":
    sys.exit(main())
