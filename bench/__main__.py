"""Measures the product, keeps the score card and docs/performance.md, and prints the table.

    python -m bench [--thorough] [P1 P3 …]

`--thorough` repeats more. Names of figures measure those only.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from bench import charts, cost, proofs, report, scorecard
from bench.effort import QUICK, THOROUGH, Effort
from bench.figures import (
    arrival,
    batches,
    bundle,
    exports,
    gallery,
    imports,
    memory,
    shares,
    sharp,
    submission,
    worker,
)
from bench.scorecard import Figure

Measure = Callable[[Effort], Sequence[Figure]]
MEASURES: dict[tuple[str, ...], Measure] = {
    ("P1",): submission.measure,
    ("P2", "P9"): arrival.measure,
    ("P3", "P4"): worker.measure,
    ("P5",): cost.measure,
    ("P6",): gallery.measure,
    ("P7",): bundle.measure,
    ("P8",): imports.measure,
    ("P10",): memory.measure,
    ("P11",): shares.measure,
    ("P12",): sharp.measure,
    ("P16",): batches.measure,
    ("P17",): exports.measure,
}


def main() -> int:
    asked = _asked()
    effort = THOROUGH if asked.thorough else QUICK
    rows: dict[str, scorecard.Row] = {}
    for ids, measure in MEASURES.items():
        if asked.figures and not set(ids) & set(asked.figures):
            continue
        began = time.monotonic()
        for figure in measure(effort):
            rows[figure.id] = scorecard.row(figure, f"python -m bench {figure.id}")
        print(f"{' '.join(ids)} measured in {time.monotonic() - began:.0f} s", file=sys.stderr)
    whole = scorecard.keep({**rows, **proofs.gather(scorecard.load())})
    charts.draw(whole)
    report.update(whole)
    print(f"{scorecard.measured_table(whole)}\n\n{scorecard.proved_table(whole)}")
    for part in scorecard.missed(whole):
        print(f"over its bar: {part}", file=sys.stderr)
    return 0


def _asked() -> argparse.Namespace:
    known = [name for ids in MEASURES for name in ids]
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--thorough", action="store_true", help="repeat more")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(known))
    asked = parser.parse_args()
    if unknown := set(asked.figures) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
