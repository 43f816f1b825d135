"""Runs everything that must pass, and ends with the counts.

    python -m tests.support.suite [--fast]

A step that fails does not stop the others; the exit status says whether any did. Steps that mostly
wait run beside each other, and what they print is shown when they end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.support.product import PROJECT

REPORTS = PROJECT / "build" / "reports"
FIGURES = REPORTS / "figures.jsonl"
PAGE = PROJECT / "frontend"
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
PARALLEL = ("-n", "2", "--dist", "loadfile")
NPM = ("npm", "--prefix", "frontend", "run", "--silent")


@dataclass(frozen=True)
class Step:
    """A command; with `report`, one that writes a JUnit report under that name."""

    name: str
    command: tuple[str, ...]
    report: str | None = None
    cwd: Path = PROJECT


@dataclass(frozen=True)
class Outcome:
    """What a step came to; one without a report counts as a single check."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    failures: tuple[str, ...] = ()


LINT = (
    Step("ruff", (sys.executable, "-m", "ruff", "check", ".")),
    Step("format", (sys.executable, "-m", "ruff", "format", "--check", ".")),
    Step("mypy", (sys.executable, "-m", "mypy", ".")),
    Step("page: lint", (f"{PAGE}/node_modules/.bin/biome", "check", "."), cwd=PAGE),
    Step("page: types", (f"{PAGE}/node_modules/.bin/tsc", "--noEmit"), cwd=PAGE),
)


def pytest_step(name: str, report: str, *arguments: str) -> Step:
    written = f"--junitxml={REPORTS / report}"
    return Step(name, (*PYTEST, written, *arguments), report)


def vitest_step(name: str, report: str, script: str, *before: str) -> Step:
    reporters = ("--", "--reporter=default", "--reporter=junit")
    written = f"--outputFile.junit={REPORTS / report}"
    return Step(name, (*before, *NPM, script, *reporters, written), report)


PAGE_UNIT = vitest_step("page: unit", "page.xml", "test")
PYTHON = pytest_step("python", "python.xml", *PARALLEL, "--ignore=tests/e2e", "tests")
DEPLOYMENT_TESTS = "tests/e2e/test_deployment.py"
STACK = pytest_step("packaged stack", "e2e.xml", f"--ignore={DEPLOYMENT_TESTS}", "tests/e2e")
DEPLOYMENT = pytest_step("deployment", "deployment.xml", DEPLOYMENT_TESTS)
BROWSER = vitest_step("browser", "browser.xml", "e2e", sys.executable, "-m", "tests.support.serve")
FAST = (*LINT, pytest_step("unit", "unit.xml", "tests/unit"), PAGE_UNIT)
EVERYTHING = (*LINT, PYTHON, PAGE_UNIT)
TOGETHER = (STACK, DEPLOYMENT, BROWSER)
"""A deployment waits three quarters of its time for CloudFormation."""


def main() -> int:
    REPORTS.mkdir(parents=True, exist_ok=True)
    FIGURES.unlink(missing_ok=True)
    os.environ["FIGURES_FILE"] = str(FIGURES)
    is_fast = "--fast" in sys.argv
    outcomes = [run(step) for step in (FAST if is_fast else EVERYTHING)]
    outcomes += [] if is_fast else run_together(TOGETHER)
    print(table(outcomes))
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def run_together(steps: Sequence[Step]) -> list[Outcome]:
    """Runs steps beside each other, and shows what each printed when it has ended."""
    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run_aside, steps))


def run_aside(step: Step) -> Outcome:
    with TemporaryFile() as output:
        outcome = run(step, output)
        output.seek(0)
        print(f"\n── {step.name}\n{output.read().decode(errors='replace')}", flush=True)
    return outcome


def run(step: Step, output: IO[bytes] | None = None) -> Outcome:
    """Runs one step; what it prints is shown, or goes to `output`."""
    if output is None:
        print(f"\n── {step.name}", flush=True)
    report = REPORTS / step.report if step.report else None
    if report:
        report.unlink(missing_ok=True)
    began = time.monotonic()
    done = subprocess.run(step.command, cwd=step.cwd, stdout=output, stderr=output)
    seconds = time.monotonic() - began
    broken = int(done.returncode != 0)
    if report is None:
        return Outcome(step.name, 1 - broken, broken, 0, seconds)
    passed, failures, skipped = counts(report)
    return Outcome(step.name, passed, max(len(failures), broken), skipped, seconds, failures)


def counts(report: Path) -> tuple[int, tuple[str, ...], int]:
    """Passed, failures by name, and skipped of a JUnit report; a missing report is a failure."""
    if not report.exists():
        return 0, ("no report was written",), 0
    cases = list(ET.parse(report).iter("testcase"))
    failures = tuple(failure for case in cases if (failure := failure_of(case)) is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - len(failures) - skipped, failures, skipped


def failure_of(case: ET.Element) -> str | None:
    """The test's file and name with the first line that it failed with, None if it passed."""
    for problem in (*case.findall("failure"), *case.findall("error")):
        name = f"{case.get('classname')}: {case.get('name')}"
        said = (problem.get("message") or problem.text or "").strip()
        return f"{name}: {said.splitlines()[0][:160]}" if said else name
    return None


def table(outcomes: Sequence[Outcome]) -> str:
    """The counts by step, what failed, and the sum in the last line."""
    lines = ["", f"{'step':<16}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"]
    lines += [
        f"{o.name:<16}{o.passed:>8}{o.failed:>8}{o.skipped:>9}{o.seconds:>9.1f}" for o in outcomes
    ]
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    skipped = sum(o.skipped for o in outcomes)
    lines += [f"FAILED {o.name}: {failure}" for o in outcomes for failure in o.failures]
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed, {skipped} skipped"])


if __name__ == "__main__":
    sys.exit(main())
