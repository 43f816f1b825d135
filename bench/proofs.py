"""The reliability and security figures that the tests print, gathered from their last runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.scorecard import PROJECT, Row, machine

REPORTS = PROJECT / "build" / "reports"
RUNS: Mapping[str, tuple[str, str]] = {
    "value": ("figures.jsonl", "make test"),
    "full": ("full.jsonl", "make proof"),
}
"""What a row calls a run's figures, where that run leaves them, and its command."""
COUNTS = {"answers", "wrong"}
BARS: Mapping[str, tuple[str, str]] = {
    "R1": (
        "0 billed twice, 0 paid results lost, 0 stuck, 0 illegal",
        "4,427–4,893 billed twice, 391–425 lost, 332–365 stuck, of 10,000 jobs",
    ),
    "R2": ("the same zeros, at least 300 faults fired", ""),
    "R3": ("every job ends, at most one call per unsafe model", ""),
    "R4": ("exactly n provider calls", "100 × n"),
    "R5": ("100 jobs of 1,000 requests", "1,000 jobs"),
    "R6": ("exactly 50 admitted, 0 differences", "200 admitted"),
    "R7": ("0 overspent; simulated: 0 billed twice, 0 lost, 0 over budget", ""),
    "R8": ("p99 at most 2 s by push, 20 s without", "poll: mean 1.16 s, max 2.06 s"),
    "R9": ("all dead ones removed in one push, job time + at most 1 %", ""),
    "R10": ("ends by deadline + 2 s", "stays in progress for ever"),
    "R11": (
        "one end per slot, the lost ones found by the reaper, 0 s spent waiting",
        "the originals' callback marks every success as failed",
    ),
    "R12": (
        "0 answered writes lost, 0 pictures lost, starts again each time",
        "up to 15 s of state lost",
    ),
    "R13": (
        "a sentence and no loss, or healed within 5 s",
        "all 126 pictures of a full disk lost silently",
    ),
    "R14": ("rows exactly 1 to N, once each, no call paid twice", "100 claimed, 89 exported"),
    "P14": (
        "start 6 s, stop 3 s, stall while writing 150 ms, gallery page 250 ms; memory told",
        "5–6 s, killed after 10 s, 4,400 ms, 240 ms, 426 MB",
    ),
    "S1": ("0 answers of 5xx, p99 at most 50 ms", ""),
    "S2": ("0 connections to a non-public address", ""),
    "S3": ("each a typed error, memory + at most 64 MB", ""),
    "S4": ("admitted = the limit", ""),
    "S5": ("0 found", ""),
    "S6": (
        "0 wrong answers, ids of others give 404, 0 crossings in 10,000 sequences",
        "no accounts: everybody sees everything",
    ),
    "S7": ("100 % found, at most 0.1 % false, p99 at most 1 ms", "2 of 12 kinds found"),
    "batch-page": (
        "first rows at most 1 s, 0 long tasks while scrolling, heap 60 MB, shift 0.02",
        "",
    ),
    "CLS": ("at most 0.02 while nine pictures arrive", ""),
    "LCP": ("at most 1 s", ""),
    "S9": ('no Resource "*" that AWS does not force, no secret', ""),
    "S10": ("0 effects, 0 bytes read", "an emulator open to every page and user of the machine"),
    "S11": ("0 wrong: 403 to every address that is not signed for the picture", ""),
    "P18": (
        "a check p99 at most 1 ms, its import at most 40 ms; the page's share is in P7",
        "cryptography and PyJWT: 129–208 ms to import",
    ),
}


def gather(kept: Mapping[str, Row], reports: Path = REPORTS) -> dict[str, Row]:
    """The score card's rows for what the last runs proved; what they left out stays as kept."""
    rows: dict[str, Row] = {}
    for column, (file, command) in RUNS.items():
        for name, values in _figures(reports / file).items():
            before = rows.get(name) or kept.get(name) or {"value": "", "full": ""}
            rows[name] = {**before, column: values, **_facts(name, command, reports / file)}
    return rows


def _figures(path: Path) -> dict[str, str]:
    """By the score card's ids, each with all that was measured under it."""
    if not path.exists():
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text().splitlines():
        figure: dict[str, Any] = json.loads(line)
        found.setdefault(str(figure.pop("figure")), []).append(figure)
    told: dict[str, list[str]] = {}
    for figure_name, rows in found.items():
        name, _, what = figure_name.partition(" ")
        texts = [" ".join(f"{k}={v}" for k, v in values.items()) for values in _added(rows)]
        told.setdefault(name, []).extend(f"{what}: {text}" if what else text for text in texts)
    return {name: "<br>".join(texts) for name, texts in told.items() if name in BARS}


def _added(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Rows of one table that counts answers as their sum; all others as they are."""
    if len(rows) == 1 or not all(row.keys() >= COUNTS for row in rows):
        return rows
    return [{"rows": len(rows), **{c: sum(row[c] for row in rows) for c in sorted(COUNTS)}}]


def _facts(name: str, command: str, file: Path) -> Row:
    bar, baseline = BARS[name]
    measured = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return {
        "unit": "",
        "bar": bar,
        "baseline": baseline,
        "command": command,
        "measuredAt": measured.isoformat(timespec="seconds"),
        "machine": machine(),
    }
