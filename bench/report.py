"""Keeps docs/performance.md and the README true: tables between marks come from the score card."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bench.scorecard import PROJECT, Row, headlines, measured_table, proved_table

DOCUMENT = PROJECT / "docs" / "performance.md"
README = PROJECT / "README.md"


def written(document: str, rows: Mapping[str, Row]) -> str:
    """The document with each of the tables that it has a place for as the score card has it."""
    tables = {"measured": measured_table, "proved": proved_table, "headlines": headlines}
    for mark, table in tables.items():
        if f"<!-- {mark} -->" in document:
            document = filled(document, mark, table(rows))
    return document


def filled(document: str, mark: str, text: str) -> str:
    """Puts the text between `<!-- mark -->` and `<!-- /mark -->`; raises ValueError without."""
    pattern = rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)"
    changed, times = re.subn(pattern, lambda m: m[1] + text + m[2], document, flags=re.DOTALL)
    if times != 1:
        raise ValueError(f"the document has {times} places for {mark}")
    return changed


def update(rows: Mapping[str, Row]) -> None:
    for page in (DOCUMENT, README):
        page.write_text(written(page.read_text(), rows))
