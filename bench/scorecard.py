"""The score card: figures with their bars and baselines, as JSON and as a table."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.samples import Samples

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "bench" / "results"
SCORECARD = RESULTS / "scorecard.json"
HEADLINES: Mapping[str, str] = {
    "P2": "a picture is in the browser after its provider finished, p95",
    "P9": "polls per run while the socket is up",
    "P4": "AWS calls per nine-model run",
    "P5": "AWS for 1,000 nine-model runs",
    "P6": "a gallery of fifty runs",
    "R1": "runs in an AWS that fails, simulated",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One measured number. `bar` is the most that it may be; `baseline` what it is compared to."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    baseline: float | str | None = None
    spread: str = ""
    note: str = ""
    is_timed: bool = False

    @property
    def met(self) -> bool:
        return self.bar is None or self.value <= self.bar


def milliseconds(
    name: str,
    value: float,
    samples: Samples,
    bar: float | None = None,
    baseline: float | str | None = None,
    note: str = "",
) -> Part:
    """A time that was taken out of these samples."""
    shown = round(baseline) if isinstance(baseline, float) else baseline
    rounded = round(value, 1 if value < 100 else None)
    return Part(name, rounded, "ms", bar, shown, samples.spread, note, is_timed=True)


@dataclass(frozen=True)
class Figure:
    """A row of the score card; its first part is the one that names it."""

    id: str
    title: str
    parts: tuple[Part, ...]

    @property
    def met(self) -> bool:
        return all(part.met for part in self.parts)


def row(figure: Figure, command: str) -> Row:
    """The figure as the score card keeps it."""
    head = figure.parts[0]
    return {
        "title": figure.title,
        "value": head.value,
        "unit": head.unit,
        "bar": head.bar,
        "baseline": head.baseline,
        "met": figure.met,
        "parts": [vars(part) | {"met": part.met} for part in figure.parts],
        "command": command,
        "measuredAt": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": machine(),
    }


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def keep(rows: Mapping[str, Row]) -> dict[str, Row]:
    """Writes the rows over those of the same id, and returns the whole score card."""
    whole = {**load(), **rows}
    ordered = {name: whole[name] for name in sorted(whole, key=_order)}
    RESULTS.mkdir(parents=True, exist_ok=True)
    SCORECARD.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n")
    return ordered


def load() -> dict[str, Row]:
    if not SCORECARD.exists():
        return {}
    rows: dict[str, Row] = json.loads(SCORECARD.read_text())
    return rows


def measured_table(rows: Mapping[str, Row]) -> str:
    """Every part of every measured row."""
    return "\n".join(
        [
            "| # | figure | value | bar | | baseline | lowest to highest |",
            "|---|---|--:|--:|---|---|---|",
            *(_line(n, part) for n, each in rows.items() for part in each.get("parts", ())),
        ]
    )


def proved_table(rows: Mapping[str, Row]) -> str:
    """What the tests proved, without parts."""
    cells = ("value", "full", "bar", "baseline")
    return "\n".join(
        [
            "| # | in `make test` | at full size, `make proof` | bar | baseline |",
            "|---|---|---|---|---|",
            *(
                f"| {name} | {' | '.join(each[cell] for cell in cells)} |"
                for name, each in rows.items()
                if "parts" not in each
            ),
        ]
    )


def headlines(rows: Mapping[str, Row]) -> str:
    """The rows that matter most, for a reader in a hurry."""
    lines = [
        f"| {words} | {_headline(rows[name])} | {_amount(rows[name]['baseline'], rows[name])} |"
        for name, words in HEADLINES.items()
        if name in rows
    ]
    return "\n".join(["| | Pixel Prompt | the design before |", "|---|--:|--:|", *lines])


def _headline(each: Row) -> str:
    return _amount(each.get("full") or each["value"], each)


def _amount(value: float | str, each: Row) -> str:
    """A number with its unit, or what a proof printed, in words: `9 jobs, 0 lost`."""
    if not isinstance(value, str):
        return f"{value:g} {each['unit']}".strip()
    printed = re.findall(r"(\w+)=(\S+)", value)
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in printed) or value


def missed(rows: Mapping[str, Row]) -> list[str]:
    """The parts over their bars."""
    return [
        f"{name} {part['name']}"
        for name, each in rows.items()
        for part in each.get("parts", ())
        if not part["met"]
    ]


def _line(name: str, part: Mapping[str, Any]) -> str:
    bar = "" if part["bar"] is None else f"≤ {part['bar']:g}"
    verdict = "" if part["bar"] is None else "met" if part["met"] else "**missed**"
    baseline = part["baseline"]
    shown = "" if baseline is None else baseline if isinstance(baseline, str) else f"{baseline:g}"
    cells = (name, part["name"], f"{part['value']:g} {part['unit']}", bar, verdict, shown)
    remarks = "; ".join(text for text in (part["spread"], part["note"]) if text)
    return f"| {' | '.join(cells)} | {remarks} |"


def _order(name: str) -> tuple[str, int]:
    return name[0], int("".join(c for c in name if c.isdigit()) or 0)


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
