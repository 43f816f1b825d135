"""The check of seed data at a small size: memory does not grow with the file."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from chalicelib.batches.seed_data.model import Format
from tests.figures import RecordFigure
from tests.load.seed_memory import measure
from tests.support.product import Product

MEGABYTES, MOST_MB = 8, 40
"""A part, the window and the row that are held take about 25 MB, whatever the size."""


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_check_holds_a_few_megabytes_of_its_file(
    product: Product, record_figure: RecordFigure, kind: Format
) -> None:
    figures = measure(product.emulator, kind, MEGABYTES)
    record_figure(f"seed data, {kind}", **asdict(figures))
    assert figures.peak_mb - figures.before_mb < MOST_MB
