"""Runs the score card's sets at their full sizes, which `make test` runs at small ones.

    python -m tests.support.proof [R1 R2 …]
    BATCH_ROWS=20 python -m tests.support.proof R7 R14      batches, smaller

Takes one to two hours for all. A run of some keeps the figures of the others; `make bench` then
puts them all into the score card.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.suite import PYTEST, REPORTS, Outcome, Step, run, table

FIGURES = REPORTS / "full.jsonl"
BREAKS = "tests/simulation/test_mutations.py::test_a_break_is_noticed"
ORACLE = "tests/unit/limits/test_limiter.py::test_any_order_of_requests_agrees_with_the_oracle"
CALLBACKS = (
    "tests/simulation/test_callbacks.py::test_each_slot_ends_once_whatever_becomes_of_its_notices"
)
CROSSING = (
    "tests/unit/accounts/test_crossing.py"
    "::test_nothing_crosses_between_people_in_any_order_of_actions"
)
STACK_ACCOUNTS = "tests/e2e/test_accounts.py"


def module(name: str, *arguments: str) -> Step:
    return Step(
        " ".join((name.removeprefix("tests."), *arguments)),
        (sys.executable, "-m", name, *arguments),
    )


CRASHES = "tests/unit/batches/test_crashes.py"
BATCH_ROWS = int(os.environ.get("BATCH_ROWS", "1000"))
"""How large the sets of batches are; fewer rows show in minutes that they work."""
SIZED = ("env", f"BATCH_ROWS={BATCH_ROWS}")
SIMULATED = ("--rows", str(BATCH_ROWS * 10), "--batches", "1", "--seeds", "1")
CROWDED = ("--rows", str(BATCH_ROWS // 5), "--batches", "5", "--seeds", "5")


SETS: Mapping[str, Sequence[Step]] = {
    "R1": [module("tests.simulation", "--jobs", "10000", "--seeds", "20", "--processes", "2")],
    "R2": [module("tests.load.faults", "--jobs", "200")],
    "R11": [
        Step(
            "callbacks, 10,000 sequences",
            ("env", "SEQUENCES=10000", *PYTEST, "-q", "--timeout=0", CALLBACKS),
        )
    ],
    "R6": [
        Step(
            "limiter, 10,000 sequences",
            ("env", "SEQUENCES=10000", *PYTEST, "-q", "--timeout=0", ORACLE),
        )
    ],
    "R7": [
        Step(
            f"batches, 50 workers and {BATCH_ROWS // 2} rows",
            (*SIZED, *PYTEST, "-q", "--timeout=0", CRASHES, "-k", "not random"),
        ),
        module("tests.simulation.batches", *SIMULATED),
        module("tests.simulation.batches", *CROWDED),
    ],
    "R14": [
        Step(
            f"a batch of {BATCH_ROWS} rows",
            (*SIZED, *PYTEST, "-q", "--timeout=0", CRASHES, "-k", "random"),
        )
    ],
    "R8": [module("tests.load.sockets", "--clients", "1000", "--jobs", "50")],
    "R12": [module("tests.load.kills", "--kills", "200")],
    "S1": [
        module("tests.security.requests", "--count", "100000"),
        module("tests.security.frames", "--count", "10000"),
    ],
    "P14": [module("tests.load.many_runs", "--runs", "10000")],
    "S6": [
        Step(
            "accounts, 10,000 sequences",
            ("env", "SEQUENCES=10000", *PYTEST, "-q", "--timeout=0", CROSSING),
        )
    ],
    "journeys": [
        Step(
            "accounts in a browser, packaged stack",
            ("env", "EVERY_JOURNEY=1", *PYTEST, "-q", "-k", "browser", STACK_ACCOUNTS),
        )
    ],
    "blind": [
        Step(
            "blind runs, 200",
            ("env", "BLIND_RUNS=200", *PYTEST, "-q", "--timeout=0", "tests/api/test_blind.py"),
        )
    ],
    "breaks": [Step("every break", ("env", "EVERY_BREAK=1", *PYTEST, "-q", "--timeout=0", BREAKS))],
    "seed-data": [module("tests.load.seed_memory", "--megabytes", "200")],
    "batch-page": [
        Step(
            "a batch of 10,000 rows in a browser",
            (
                *("env", "BATCH_ROWS=10000", sys.executable, "-m", "tests.support.serve"),
                *("npm", "--prefix", "frontend", "run", "--silent", "e2e", "--", "matrix"),
            ),
        )
    ],
    "S4": [module("tests.security.addresses", "--count", "10000")],
}


def main() -> int:
    wanted = sys.argv[1:] or list(SETS)
    if unknown := set(wanted) - SETS.keys():
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(SETS)}.")
    REPORTS.mkdir(parents=True, exist_ok=True)
    forget(FIGURES, wanted)
    os.environ["FIGURES_FILE"] = str(FIGURES)
    outcomes: list[Outcome] = [run(step) for name in wanted for step in SETS[name]]
    print(table(outcomes))
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def forget(path: Path, names: Sequence[str]) -> None:
    """Takes the figures of these sets out of the file; those of other sets stay."""
    if not path.exists():
        return
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if of_set(line) not in names))


def of_set(line: str) -> str:
    """`S1` for the figure `S1 frames`."""
    return str(json.loads(line)["figure"]).partition(" ")[0]


if __name__ == "__main__":
    sys.exit(main())
