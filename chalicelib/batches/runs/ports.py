"""What a row needs of the rest of the product."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chalicelib.callers import Caller


class SeedRows(Protocol):
    """Where the data of rows is read; rows count from 1."""

    def rows(
        self, owner: str, seed_data_id: str, first: int, count: int
    ) -> Sequence[Mapping[str, Any]]:
        """Return rows in their order; raise NotFound where the data is gone."""
        ...


class PromptFilter(Protocol):
    """Judges whether a text may be drawn."""

    def allows(self, text: str, caller: Caller) -> bool: ...

    def keywords_allow(self, text: str) -> bool: ...
