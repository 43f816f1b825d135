"""What unit tests may use."""

from collections.abc import Iterator

import pytest

from tests.unit.cloud import Cloud, cloud


@pytest.fixture(name="cloud")
def _cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with cloud(monkeypatch) as ready:
        yield ready
