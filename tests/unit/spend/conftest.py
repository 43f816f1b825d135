"""What the tests of money may use."""

import pytest

from tests.unit.cloud import Cloud
from tests.unit.spend.books import Books


@pytest.fixture
def books(cloud: Cloud) -> Books:
    return Books(cloud)
