"""P3 and P4: what a worker adds to its slowest provider, and what a job asks of AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import Run, original_studio, run_originals, run_ours
from bench.installation import Painter, installed
from bench.meter import AWS_LATENCY, NO_LATENCY
from bench.pictures import photograph
from bench.samples import Samples
from bench.scorecard import Figure, Part, milliseconds

MODELS: Final = (1, 4, 9, 20)
BARS: Final[Mapping[str, Sequence[int]]] = {
    "": (60, 100, 150, 300),
    ", AWS latency": (150, 200, 250, 400),
}
LATENCIES: Final = {"": NO_LATENCY, ", AWS latency": AWS_LATENCY}
PROVIDER_S: Final = 2.0
CALLS_BAR, WRITE_UNITS_BAR = 45, 60
COUNTED_JOB = 9


@dataclass(frozen=True)
class Sides:
    """The same jobs drawn by both designs in turn."""

    models: int
    latency: str
    ours: tuple[Run, ...]
    originals: tuple[Run, ...]

    def overhead(self, runs: Sequence[Run]) -> Samples:
        return Samples.of(run.overhead_ms for run in runs)

    @property
    def lost(self) -> int:
        return sum(run.lost for run in self.originals)


def measure(effort: Effort) -> list[Figure]:
    with emulator() as url:
        sides = [side for models in MODELS for side in compare(url, models, effort.jobs)]
    nine = next(side for side in sides if side.models == COUNTED_JOB and not side.latency)
    return [_overhead(sides), _counted(nine)]


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


def _overhead(sides: Sequence[Sides]) -> Figure:
    parts = [_overhead_part(side) for side in sides]
    headline = next(p for p in parts if p.name == f"{COUNTED_JOB} models")
    others = [part for part in parts if part is not headline]
    return Figure("P3", "worker time above the slowest provider", (headline, *others))


def _overhead_part(side: Sides) -> Part:
    ours, theirs = side.overhead(side.ours), side.overhead(side.originals)
    lost = f", {side.lost} results lost" if side.lost else ""
    bar = BARS[side.latency][MODELS.index(side.models)]
    baseline = f"{theirs.median:.0f}{lost}"
    return milliseconds(f"{side.models} models{side.latency}", ours.median, ours, bar, baseline)


def _counted(side: Sides) -> Figure:
    ours, theirs = side.ours[0], side.originals[0]
    parts = (
        Part("AWS calls", ours.calls, "calls", CALLS_BAR, theirs.calls),
        Part("write units", ours.write_units, "WCU", WRITE_UNITS_BAR, "none: S3 only"),
    )
    return Figure("P4", "a nine-model job, pushes apart", parts)
