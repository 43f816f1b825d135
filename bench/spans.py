"""Where the time of one nine-model job goes: python -m bench.spans prints it as tables.

In this process, all providers end at the same moment and every time is in milliseconds after that.
On the packaged stack, simulators take their time and every time is in milliseconds after the
first call to AWS; functions are warm.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence

from bench.cost import SETTLED_SECONDS, deployed, draw, take_calls
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


def profile_packaged() -> list[Span]:
    """The calls that the packaged functions make for one job, after one that warms them."""
    with deployed() as (emulator, url):
        draw(url, MODELS)
        time.sleep(SETTLED_SECONDS)
        take_calls(emulator)
        draw(url, MODELS)
        time.sleep(SETTLED_SECONDS)
        calls = take_calls(emulator)
    return [Span(f"{c['function']}: {c['operation']}", c["began"], c["ended"]) for c in calls]


def after_providers(spans: Sequence[Span]) -> str:
    """The table of the spans that began when the providers had ended."""
    end = min(span.ended for span in spans if span.name == "provider")
    return table([span for span in spans if span.began >= end], end)


def table(spans: Sequence[Span], zero: float) -> str:
    """The spans by name, in the order of their beginning."""
    groups: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda each: each.began):
        groups.setdefault(span.name, []).append(span)
    return "\n".join([*HEADER, *(_line(name, group, zero) for name, group in groups.items())])


def _line(name: str, spans: Sequence[Span], zero: float) -> str:
    took = Samples.of(span.seconds * 1000 for span in spans)
    first, last = spans[0].began - zero, max(span.ended for span in spans) - zero
    cells = (took.median, took.values[-1], first * 1000, last * 1000)
    return f"| {name} | {len(spans)} | {' | '.join(f'{cell:.0f}' for cell in cells)} |"


def main() -> int:
    for title, latency in (("As it is", NO_LATENCY), ("With AWS latency", AWS_LATENCY)):
        run, processor_ms = profile(latency)
        shown = after_providers(run.spans)
        print(f"{title}, {processor_ms:.0f} ms of processor time:\n\n{shown}\n")
    calls = profile_packaged()
    print(f"On the packaged stack:\n\n{table(calls, min(call.began for call in calls))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
