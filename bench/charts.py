"""What grows how: charts of the score card's P3 and P4, as SVG."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pygal  # type: ignore[import-untyped]
from pygal.style import CleanStyle  # type: ignore[import-untyped]

from bench.scorecard import PROJECT, Row

Points = list[tuple[int, float]]
Take = Callable[[Mapping[str, Any]], float | None]
CHARTS = PROJECT / "docs" / "images"
STYLE = CleanStyle(
    background="white", font_family="sans-serif", label_font_size=13, legend_font_size=13
)


def draw(rows: Mapping[str, Row]) -> list[Path]:
    """Writes the charts that the measured rows allow."""
    if not {"P3", "P4"} <= rows.keys():
        return []
    overhead, counted = rows["P3"]["parts"], rows["P4"]["parts"]
    return [
        _chart(
            "bench-models.svg",
            "Worker time above the slowest provider, by models",
            "ms",
            {
                "Pixel Prompt": _points(overhead, r"(\d+) models?", _value),
                "with AWS latency": _points(overhead, r"(\d+) models?, AWS latency", _value),
                "originals": _points(overhead, r"(\d+) models?", _baseline),
                "originals with AWS latency": _points(
                    overhead, r"(\d+) models?, AWS latency", _baseline
                ),
            },
        ),
        _chart(
            "bench-jobs.svg",
            "The same, by nine-model jobs at once in one process",
            "ms",
            {
                "Pixel Prompt": _crowds(overhead, _value),
                "originals": _crowds(overhead, _baseline),
            },
        ),
        _chart(
            "bench-calls.svg",
            "AWS calls and write units of one job, by models",
            "",
            {
                "Pixel Prompt, calls": _points(counted, r"AWS calls, (\d+) models?", _value),
                "Pixel Prompt, write units": _points(
                    counted, r"write units, (\d+) models?", _value
                ),
                "originals, calls": _points(counted, r"AWS calls, (\d+) models?", _baseline),
            },
        ),
    ]


def _crowds(parts: Sequence[Mapping[str, Any]], take: Take) -> Points:
    alone = [(1, value) for _, value in _points(parts, r"(9) models", take)]
    return alone + _points(parts, r"(\d+) jobs at once", take)


def _points(parts: Sequence[Mapping[str, Any]], pattern: str, take: Take) -> Points:
    """Of the parts whose whole name fits the pattern; its group is the place on the axis."""
    found = ((re.fullmatch(pattern, part["name"]), take(part)) for part in parts)
    return sorted((int(match[1]), value) for match, value in found if match and value is not None)


def _value(part: Mapping[str, Any]) -> float:
    return float(part["value"])


def _baseline(part: Mapping[str, Any]) -> float | None:
    return None if part["baseline"] is None else float(part["baseline"])


def _chart(name: str, title: str, unit: str, lines: Mapping[str, Points]) -> Path:
    # No script: a picture in a document must not run anything or fetch anything.
    chart = pygal.XY(
        title=title,
        y_title=unit,
        style=STYLE,
        js=(),
        width=760,
        height=420,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        include_x_axis=True,
        no_prefix=True,
        x_labels=sorted({place for points in lines.values() for place, _ in points}),
    )
    for label, points in lines.items():
        chart.add(label, points)
    CHARTS.mkdir(parents=True, exist_ok=True)
    path = CHARTS / name
    path.write_bytes(chart.render(pretty_print=True))
    return path
