"""P14 at a small size. Clock times are told; what is asserted does not depend on a busy machine."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.figures import RecordFigure
from tests.load.many_runs import PAGE, fill, measure

RUNS = 500
START_CPU_S, EMULATOR_MB = 2.0, 150
"""An empty state takes 0.5 s and 50 MB; ten thousand runs 3 s and 380 MB."""


@pytest.mark.timeout(240)
def test_many_runs_are_started_with_listed_and_stopped(
    tmp_path: Path, record_figure: RecordFigure
) -> None:
    fill(tmp_path, RUNS)
    figures = measure(tmp_path, RUNS)
    record_figure("P14", **asdict(figures))
    assert figures.listed == PAGE
    assert figures.start_cpu_s <= START_CPU_S
    assert figures.emulator_mb <= EMULATOR_MB
