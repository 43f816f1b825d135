"""`python -m tests.simulation.batches --rows 10000 --batches 1`: the whole size, on demand."""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.simulation.batches.bill import calls_a_row, dollars_a_thousand
from tests.simulation.batches.run import Report, run
from tests.simulation.batches.world import RATES, BatchPlan
from tests.simulation.faults import CALM

COLUMNS = "seed   rows   done  failed  model calls  billed twice  lost  over budget"
COLUMNS += "  died holding  mishaps  looks at budgets  digest"


def main() -> int:
    """Prints a line for each seed; the status says whether every promise held."""
    wanted = _arguments()
    print(
        f"{wanted.batches} batches of {wanted.rows} rows, each one text and {wanted.models} models"
    )
    print(COLUMNS)
    reports = []
    for seed in range(wanted.first, wanted.first + wanted.seeds):
        began = time.monotonic()
        plan = BatchPlan(
            seed,
            wanted.batches,
            CALM if wanted.calm else RATES,
            only=wanted.only,
            rows=wanted.rows,
            concurrency=wanted.concurrency,
            models=wanted.models,
        )
        report = run(plan)
        reports.append(report)
        print(_line(report), flush=True)
        print(_told(report, wanted.models, time.monotonic() - began), flush=True)
        for violation in report.violations:
            print(f"broken: {violation}; replays as {replace(plan, only=wanted.only)}")
    _keep_figure(reports, wanted.models)
    return int(any(report.violations for report in reports))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.batches", description=__doc__)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--batches", type=int, default=2, help="each with an owner of its own")
    parser.add_argument("--models", type=int, default=9)
    parser.add_argument("--concurrency", type=int, default=50)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --first on")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", type=int, help="this owner alone, to replay a failure")
    parser.add_argument("--calm", action="store_true", help="nothing goes wrong")
    return parser.parse_args()


def _line(report: Report) -> str:
    return (
        f"{report.seed:4d} {report.rows:6d} {report.done:6d} {report.failed:7d}"
        f" {report.calls:12d} {report.billed_twice:13d} {report.lost:5d} {report.over_budget:12d}"
        f" {report.lost_with_worker:13d} {report.fired:8d} {report.looks:17d}  {report.digest}"
    )


def _told(report: Report, models: int, seconds: float) -> str:
    rows = max(1, report.rows)
    aws = dollars_a_thousand(report.usage, rows, models)
    asked = report.model_usd / rows * 1000
    return (
        f"     {report.states} failed as {report.codes}\n"
        f"     per 1,000 rows: AWS ${aws:.2f}, the models ${asked:.2f};"
        f" a row: {calls_a_row(report.usage, rows):.1f} AWS calls,"
        f" {report.usage.write_units / rows:.1f} write units,"
        f" {report.usage.read_units / rows:.1f} read units,"
        f" {report.usage.worker_ms / 1000 / rows:.0f} s of a worker;"
        f" {report.minutes} simulated minutes in {seconds:.0f} s"
    )


def _keep_figure(reports: list[Report], models: int) -> None:
    path = os.environ.get("FIGURES_FILE")
    if not path:
        return
    rows = max(1, sum(report.rows for report in reports))
    totals = {
        name: sum(getattr(report, name) for report in reports)
        for name in ("rows", "calls", "billed_twice", "lost", "over_budget")
    }
    aws = sum(dollars_a_thousand(r.usage, max(1, r.rows), models) * r.rows for r in reports) / rows
    asked = sum(report.model_usd for report in reports) / rows * 1000
    figure = {"figure": "R7 simulated", "seeds": len(reports), **totals}
    figure |= {"aws_usd_per_1000": round(aws, 2), "models_usd_per_1000": round(asked, 2)}
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(json.dumps(figure) + "\n")


if __name__ == "__main__":
    sys.exit(main())
