"""Fixtures that start the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.product import Product, running_product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The real product with the nine simulated models, shared by a whole test run."""
    with running_product(tmp_path_factory.mktemp("product")) as running:
        yield running
