"""A visitor of the shared product."""

from __future__ import annotations

import pytest

from tests.api.visitor import Visitor
from tests.support.fixtures import product
from tests.support.product import Product

__all__ = ["product"]


@pytest.fixture
def visitor(product: Product) -> Visitor:
    return Visitor(product.url)
