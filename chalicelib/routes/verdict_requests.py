"""What clients may say of pictures, checked field by field."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from chalicelib.routes.requests import UNIQUE, Body
from chalicelib.verdicts.model import Verdict

DAY_MS = 86_400_000
NEVER_MS = 10**14
ResultId = Annotated[str, StringConstraints(min_length=1, max_length=8)]
_NAME = {"type": "string", "minLength": 1, "maxLength": 8}


def _place(value: object) -> object:
    """One picture that has a place to itself may stand without a list around it."""
    return [value] if isinstance(value, str) else value


Place = Annotated[
    list[ResultId],
    Field(min_length=1, max_length=20),
    BeforeValidator(_place),
    WithJsonSchema(
        {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "maxItems": 20}]}
    ),
]


def _distinct(tags: list[str]) -> list[str]:
    if len(set(tags)) < len(tags):
        raise ValueError("the same tag is named twice")
    return tags


TAG = r"^\S(.{0,38}\S)?$"
"""1 to 40 characters of one line, no blank at either end."""
Tag = Annotated[str, StringConstraints(pattern=TAG)]
Tags = Annotated[
    list[Tag], Field(max_length=20, json_schema_extra=UNIQUE), AfterValidator(_distinct)
]


def _once(ranking: list[list[str]]) -> list[list[str]]:
    named = [result_id for place in ranking for result_id in place]
    if len(set(named)) < len(named):
        raise ValueError("the same result is named twice")
    return ranking


Ranking = Annotated[list[Place], Field(max_length=20), AfterValidator(_once)]


class VerdictRequest(Body):
    """The best picture's result id, null where none is good; a ranking begins with the winner."""

    winner: ResultId | None
    ranking: Ranking = Field(default_factory=list)
    tags: Tags = Field(default_factory=list)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.winner is not None and self.ranking and self.ranking[0] != [self.winner]:
            raise ValueError("the ranking does not begin with the winner")
        return self

    def verdict(self) -> Verdict:
        ranking = tuple(tuple(place) for place in self.ranking)
        return Verdict(self.winner, ranking, tuple(self.tags))


class DaysQuery(BaseModel):
    """From which UTC day to which a run was made, both of them included."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")

    @field_validator("last")
    @classmethod
    def _not_before(cls, last: date | None, others: ValidationInfo) -> date | None:
        first = others.data.get("first")
        if first and last and last < first:
            raise ValueError("is before from")
        return last

    @property
    def first_ms(self) -> int:
        """Return when the first day begins, in epoch milliseconds; 0 without one."""
        return _midnight_ms(self.first) if self.first else 0

    @property
    def after_ms(self) -> int:
        """Return when the last day is over, in epoch milliseconds; far away without one."""
        return _midnight_ms(self.last) + DAY_MS if self.last else NEVER_MS


class LeaderboardQuery(DaysQuery):
    """Which verdicts count; `blind` is whether the models were hidden until then."""

    tag: str | None = Field(None, pattern=TAG)
    blind: Literal["true", "false"] | None = None


def _midnight_ms(day: date) -> int:
    return max(0, round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000))
