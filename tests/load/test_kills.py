"""R12 at a small size: what was answered is there after kills, and every job ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.figures import RecordFigure
from tests.load.kills import run

KILLS = 8


@pytest.mark.timeout(300)
def test_kills_lose_nothing_that_was_answered(tmp_path: Path, record_figure: RecordFigure) -> None:
    tally = run(tmp_path, KILLS, seed=1)
    record_figure("R12", **tally.figures())
    assert tally.good
    assert tally.answered > 0
