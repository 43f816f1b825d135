"""Figures that a test measures: shown after the run, and written where FIGURES_FILE says."""

import json
import os
from pathlib import Path
from typing import Protocol

import pytest

KEY = "figure"


class RecordFigure(Protocol):
    """Keeps what a test measured under the figure's name, such as S2."""

    def __call__(self, name: str, **values: float | str) -> None: ...


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> RecordFigure:
    def record(name: str, **values: float | str) -> None:
        # Properties of the report reach the summary from other processes as well.
        request.node.user_properties.append((KEY, {"figure": name, **values}))

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints `figure S2: urls=74 connections=0` for each figure that was recorded."""
    if hasattr(terminalreporter.config, "workerinput"):
        return  # One of several processes; the first of them sums up for all.
    figures = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for key, value in getattr(report, "user_properties", [])
        if key == KEY and report.when == "call"
    ]
    for figure in sorted(figures, key=lambda f: str(f["figure"])):
        values = " ".join(f"{name}={value}" for name, value in figure.items() if name != "figure")
        terminalreporter.write_line(f"figure {figure['figure']}: {values}")
    _append(figures)


def _append(figures: list[dict[str, float | str]]) -> None:
    path = os.environ.get("FIGURES_FILE")
    if path and figures:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(figure) + "\n" for figure in figures)
