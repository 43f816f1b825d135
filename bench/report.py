"""Keeps docs/performance.md true: the tables between its marks come from the score card."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bench.scorecard import PROJECT, Row, measured_table, proved_table

DOCUMENT = PROJECT / "docs" / "performance.md"


def written(document: str, rows: Mapping[str, Row]) -> str:
    """The document with both tables as the score card has them."""
    for mark, table in (("measured", measured_table(rows)), ("proved", proved_table(rows))):
        document = filled(document, mark, table)
    return document


def filled(document: str, mark: str, text: str) -> str:
    """Puts the text between `<!-- mark -->` and `<!-- /mark -->`; raises ValueError without."""
    pattern = rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)"
    changed, times = re.subn(pattern, lambda m: m[1] + text + m[2], document, flags=re.DOTALL)
    if times != 1:
        raise ValueError(f"the document has {times} places for {mark}")
    return changed


def update(rows: Mapping[str, Row]) -> None:
    DOCUMENT.write_text(written(DOCUMENT.read_text(), rows))
