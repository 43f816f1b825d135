"""The base of every answer, and the values that all departments show alike.

A field that does not apply is left out; a field that applies and is not known is null.
"""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from chalicelib.providers.base import CostBasis


class Wire(BaseModel):
    """Camel case outside, snake case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True, frozen=True
    )

    def to_json(self) -> str:
        return self.model_dump_json(exclude_unset=True)


class CostView(Wire):
    """US dollars; null when nobody knows."""

    amount: float | None
    basis: CostBasis


def iso(milliseconds: int) -> str:
    """Return an epoch time in milliseconds as ISO 8601 in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
