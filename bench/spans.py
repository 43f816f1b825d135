"""Where the time of one nine-model job goes: python -m bench.spans prints it as a table.

All providers end at the same moment; every time is in milliseconds after that.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence

from bench.emulator import emulator
from bench.figures.designs import Run, run_ours
from bench.installation import Painter, installed
from bench.meter import AWS_LATENCY, NO_LATENCY, Span
from bench.pictures import photograph
from bench.samples import Samples

MODELS, PROVIDER_S = 9, 2.0
HEADER = (
    "| span | times | median | longest | first starts | last ends |",
    "|---|--:|--:|--:|--:|--:|",
)


def profile(latency: Mapping[str, float]) -> tuple[Run, float]:
    """One job after a warm-up, and the processor time that it took, in milliseconds."""
    with emulator() as url, installed(url, MODELS) as installation:
        run_ours(installation, Painter(photograph(), 0, installation.meter), MODELS)
        installation.meter.latency = latency
        painter, began = Painter(photograph(), PROVIDER_S, installation.meter), time.process_time()
        run = run_ours(installation, painter, MODELS)
        return run, (time.process_time() - began) * 1000


def table(spans: Sequence[Span]) -> str:
    """The spans after the providers' end, by name, in the order of their beginning."""
    end = min(span.ended for span in spans if span.name == "provider")
    after = [span for span in spans if span.began >= end]
    groups: dict[str, list[Span]] = {}
    for span in sorted(after, key=lambda each: each.began):
        groups.setdefault(span.name, []).append(span)
    return "\n".join([*HEADER, *(_line(name, group, end) for name, group in groups.items())])


def _line(name: str, spans: Sequence[Span], end: float) -> str:
    took = Samples.of(span.seconds * 1000 for span in spans)
    first, last = spans[0].began - end, max(span.ended for span in spans) - end
    cells = (took.median, took.values[-1], first * 1000, last * 1000)
    return f"| {name} | {len(spans)} | {' | '.join(f'{cell:.0f}' for cell in cells)} |"


def main() -> int:
    for title, latency in (("As it is", NO_LATENCY), ("With AWS latency", AWS_LATENCY)):
        run, processor_ms = profile(latency)
        print(f"{title}, {processor_ms:.0f} ms of processor time:\n\n{table(run.spans)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
