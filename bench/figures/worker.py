"""P3 and P4: what a worker adds to its slowest provider, and what a job asks of AWS.

Providers take two seconds each and end at the same moment, which is the worst that can happen:
every picture is stored and recorded at once. Their previews, which another function draws, add to
the calls of a job and not to the worker's time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import Run, original_studio, run_originals, run_ours
from bench.installation import WISH, Installation, Painter, installed
from bench.meter import AWS_LATENCY, NO_LATENCY
from bench.originals.studio import OriginalStudio, ended
from bench.pictures import photograph
from bench.samples import Samples
from bench.scorecard import Figure, Part, milliseconds

MODELS: Final = (1, 2, 4, 9, 20)
BARS: Final[Mapping[str, Mapping[int, int]]] = {
    "": {1: 60, 4: 100, 9: 150, 20: 300},
    ", AWS latency": {1: 150, 4: 200, 9: 250, 20: 400},
}
LATENCIES: Final = {"": NO_LATENCY, ", AWS latency": AWS_LATENCY}
CROWDS: Final = (8, 32)
PROVIDER_S: Final = 2.0
CALLS_BAR, WRITE_UNITS_BAR = 45, 60
USUAL = 9
CEILING: Final = {"DAILY_SPEND_LIMIT_USD": "1000"}
CEILING_JOBS: Final = 12


@dataclass(frozen=True)
class Sides:
    """The same jobs drawn by both designs in turn."""

    models: int
    latency: str
    ours: tuple[Run, ...]
    originals: tuple[Run, ...]


def measure(effort: Effort) -> list[Figure]:
    with emulator() as url:
        sides = [side for models in MODELS for side in compare(url, models, effort.jobs)]
        ceiling = list(_under_a_ceiling(url))
    overheads = [_overhead(side) for side in sides] + [_crowd(jobs) for jobs in CROWDS]
    counts = [part for side in sides if not side.latency for part in _counts(side)] + ceiling
    return [
        Figure("P3", "worker time above the slowest provider", _headed(overheads)),
        Figure("P4", "a job's calls and write units, pushes apart", _headed(counts)),
    ]


def compare(url: str, models: int, jobs: int) -> Iterator[Sides]:
    """Both designs in turn, without and with AWS latency; the first job of each is warm-up."""
    with installed(url, models) as installation:
        studio = original_studio(installation, models)
        painter = Painter(photograph(), PROVIDER_S, installation.meter)
        eager = Painter(photograph(), 0, installation.meter)
        run_ours(installation, eager, models)
        run_originals(installation, studio, eager, models)
        for name, latency in LATENCIES.items():
            installation.meter.latency = latency
            pairs = [
                (
                    run_ours(installation, painter, models),
                    run_originals(installation, studio, painter, models),
                )
                for _ in range(jobs)
            ]
            ours, theirs = zip(*pairs, strict=True)
            yield Sides(models, name, ours, theirs)


def one_job(url: str, models: int) -> Run:
    """A job of providers that answer at once, for what can be counted."""
    with installed(url, models) as installation:
        return run_ours(installation, Painter(photograph(), 0, installation.meter), models)


def _overhead(side: Sides) -> Part:
    ours = Samples.of(run.overhead_ms for run in side.ours)
    theirs = Samples.of(run.overhead_ms for run in side.originals)
    name, bar = _name(side.models) + side.latency, BARS[side.latency].get(side.models)
    note = _losses(sum(run.lost for run in side.originals), len(side.originals) * side.models)
    return milliseconds(name, ours.median, ours, bar, theirs.median, note)


def _counts(side: Sides) -> Iterator[Part]:
    ours, theirs, usual = side.ours[0], side.originals[0], side.models == USUAL
    suffix = f", {_name(side.models)}"
    yield Part("AWS calls" + suffix, ours.calls, "", CALLS_BAR if usual else None, theirs.calls)
    yield Part("AWS calls without previews" + suffix, ours.worker_calls, "")
    yield Part("write units" + suffix, ours.write_units, "", WRITE_UNITS_BAR if usual else None)


def _under_a_ceiling(url: str) -> Iterator[Part]:
    """The usual job where the ledger keeps a daily ceiling, on average: it tidies up at times."""
    with installed(url, USUAL, CEILING) as installation:
        painter = Painter(photograph(), 0, installation.meter)
        runs = [run_ours(installation, painter, USUAL) for _ in range(CEILING_JOBS)]
    suffix = f", {_name(USUAL)}, with a daily ceiling"
    yield Part("AWS calls" + suffix, sum(run.calls for run in runs) / len(runs), "")
    yield Part("write units" + suffix, sum(run.write_units for run in runs) / len(runs), "")


def _crowd(jobs: int) -> Part:
    """So many nine-model jobs at once in one process; on AWS each has a worker of its own."""
    with emulator() as url, installed(url, USUAL) as installation:
        studio = original_studio(installation, USUAL)
        ours = _ours_together(installation, jobs)
        theirs, lost = _originals_together(installation, studio, jobs)
    samples = Samples.of([ours])
    note = _losses(lost, jobs * USUAL)
    return milliseconds(f"{jobs} jobs at once", ours, samples, None, theirs, note)


def _ours_together(installation: Installation, jobs: int) -> float:
    painter = Painter(photograph(), PROVIDER_S, installation.meter)
    submitted = [installation.submit() for _ in range(jobs)]
    took = _together(
        [threading.Thread(target=installation.work, args=(job, painter)) for job in submitted]
    )
    if not all(installation.current(job).finished for job in submitted):
        raise RuntimeError("a job did not finish")
    return (took - PROVIDER_S) * 1000


def _originals_together(
    installation: Installation, studio: OriginalStudio, jobs: int
) -> tuple[float, int]:
    painter = Painter(photograph(), PROVIDER_S, installation.meter)
    submitted = [studio.submit(WISH.prompt, "203.0.113.9") for _ in range(jobs)]
    took = _together(
        [
            threading.Thread(target=studio.work, args=(job, lambda _: painter.draw()))
            for job in submitted
        ]
    )
    lost = sum(USUAL - len(ended(studio.status(job))) for job in submitted)
    return (took - PROVIDER_S) * 1000, lost


def _together(threads: Sequence[threading.Thread]) -> float:
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _headed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The usual job's part first, since it stands for the figure."""
    head = next(part for part in parts if part.name.endswith(_name(USUAL)))
    return (head, *(part for part in parts if part is not head))


def _name(models: int) -> str:
    return "1 model" if models == 1 else f"{models} models"


def _losses(lost: int, results: int) -> str:
    return f"the originals lost {lost} of {results} results" if lost else ""
