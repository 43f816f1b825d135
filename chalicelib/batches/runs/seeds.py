"""What batches need of seed data."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class SeedSet(Protocol):
    """One set of seed data: how many rows it has, and whether they were found to be usable."""

    @property
    def state(self) -> str: ...

    @property
    def rows(self) -> int: ...


class SeedData(Protocol):
    """Where rows are; they count from 1."""

    def find(self, owner: str, seed_data_id: str) -> SeedSet:
        """Return one set; raise NotFound."""
        ...

    def rows(
        self, owner: str, seed_data_id: str, first: int, count: int
    ) -> Sequence[Mapping[str, Any]]:
        """Return rows in their order; raise NotFound where the data is gone."""
        ...
