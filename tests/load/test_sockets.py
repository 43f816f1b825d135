"""R8: every client learns how its job ended, whatever happens to messages, sockets and workers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.figures import RecordFigure
from tests.load.sockets import ENVIRONMENT, MODELS, Plan, all_well, crowd
from tests.support.product import running_product

PLAN = Plan(clients=100, jobs=10, interval_s=1.0, silence_s=4.0)


@pytest.mark.timeout(240)
def test_all_clients_converge_and_none_goes_back(
    tmp_path: Path, record_figure: RecordFigure
) -> None:
    with running_product(tmp_path, ENVIRONMENT) as product:
        tally = asyncio.run(crowd(product, PLAN))
    figures = tally.figures(PLAN)
    record_figure("R8", **figures)
    assert all_well(figures, PLAN)
    assert tally.billed <= PLAN.jobs * MODELS <= tally.billed + tally.interrupted
    assert min(tally.dropped, tally.overtaken, tally.reconnected, tally.interrupted) > 0
