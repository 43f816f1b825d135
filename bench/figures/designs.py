"""The two designs, ready to be measured in turn: this product, and the originals' model."""

from __future__ import annotations

import time
from dataclasses import dataclass

import boto3

from bench.installation import Installation, Painter
from bench.meter import Span
from bench.originals.documents import Documents
from bench.originals.studio import OriginalStudio, ended
from devstack.state.bootstrap import BUCKET

ADDRESS = "203.0.113.9"


@dataclass(frozen=True)
class Run:
    """One job: milliseconds beyond the slowest provider, what it asked of AWS, what got lost.

    `worker_calls` are those of submitting and drawing, as are the `spans`; `calls` those of its
    previews too.
    """

    overhead_ms: float
    worker_calls: int
    calls: int
    write_units: float
    lost: int
    spans: tuple[Span, ...]


def original_studio(installation: Installation, models: int) -> OriginalStudio:
    """The originals over the same emulator and bucket, watched by the same meter."""
    names = tuple(f"Model {number}" for number in range(1, models + 1))
    return OriginalStudio(Documents(boto3.client("s3"), BUCKET), names)


def run_ours(installation: Installation, painter: Painter, models: int) -> Run:
    """One job of this product with one browser listening; pushes are no AWS call here."""
    installation.meter.reset(installation.meter.latency)
    job = installation.submit()
    installation.listen(job)
    took = installation.work(job, painter)
    worker_calls, spans = _calls(installation), tuple(installation.meter.spans)
    installation.draw_previews(job)
    lost = models - len(installation.current(job).outcomes)
    return _run(installation, took, lost, worker_calls, spans)


def run_originals(
    installation: Installation, studio: OriginalStudio, painter: Painter, models: int
) -> Run:
    """One job of the original design; polls not counted."""
    installation.meter.reset(installation.meter.latency)
    job_id = studio.submit("a lighthouse", ADDRESS)
    began = time.perf_counter()
    studio.work(job_id, lambda _: painter.draw())
    took = time.perf_counter() - began
    worker_calls, spans = _calls(installation), tuple(installation.meter.spans)
    lost = models - len(ended(studio.status(job_id)))
    return _run(installation, took, lost, worker_calls, spans)


def _calls(installation: Installation) -> int:
    return installation.meter.count("dynamodb", "s3", "lambda")


def _run(
    installation: Installation, took: float, lost: int, worker_calls: int, spans: tuple[Span, ...]
) -> Run:
    """The last call only looked at the result."""
    meter = installation.meter
    slowest = max(span.seconds for span in spans if span.name == "provider")
    return Run(
        overhead_ms=(took - slowest) * 1000,
        worker_calls=worker_calls,
        calls=_calls(installation) - 1,
        write_units=meter.write_units,
        lost=lost,
        spans=spans,
    )
