"""Figures of the full-size runs, printed as the tests print theirs and kept in the same file."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path


def print_figure(name: str, **values: float | str) -> None:
    """Prints `figure S1: requests=100000 …`, and appends it to the file that FIGURES_FILE names."""
    print(f"figure {name}: " + " ".join(f"{key}={value}" for key, value in values.items()))
    if path := os.environ.get("FIGURES_FILE"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"figure": name, **values}) + "\n")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of the values does not exceed; 0 when there is none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3) if ordered else 0.0


def tracebacks(data_dir: Path) -> list[str]:
    """Every line of a product's logs that begins or carries a traceback."""
    return [line for line in _lines(data_dir) if "Traceback (most recent call last)" in line]


def durations(data_dir: Path) -> list[float]:
    """The milliseconds that each answer took by the API's own log."""
    mark = '{"event": "request"'
    return [json.loads(line)["durationMs"] for line in _lines(data_dir) if line.startswith(mark)]


def _lines(data_dir: Path) -> list[str]:
    logs = [log.read_text("utf-8") for log in sorted(data_dir.glob("*.log"))]
    return [line for log in logs for line in log.splitlines()]
