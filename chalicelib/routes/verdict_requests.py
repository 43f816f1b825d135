"""What clients may say of pictures, and how they look for them, checked field by field."""

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from chalicelib.gallery.search import Wanted
from chalicelib.jobs.model import JobStatus
from chalicelib.routes.requests import UNIQUE, Body, DaysQuery, GalleryQuery, ResultId
from chalicelib.verdicts.model import Verdict

YesOrNo = Literal["true", "false"]
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


class LeaderboardQuery(DaysQuery):
    """Which verdicts count; `blind` is whether the models were hidden until then."""

    tag: str | None = Field(None, pattern=TAG)
    blind: YesOrNo | None = None


class GallerySearch(DaysQuery, GalleryQuery):
    """A page of those gallery entries that are looked for: `q` are words of the prompt."""

    q: str = Field("", max_length=200)
    model: str | None = Field(None, min_length=1, max_length=200)
    starred: YesOrNo | None = None
    tag: str | None = Field(None, pattern=TAG)
    status: JobStatus | None = None

    def wanted(self) -> Wanted:
        return Wanted(
            words=tuple(self.q.casefold().split()),
            model=self.model,
            starred=None if self.starred is None else self.starred == "true",
            tag=self.tag,
            status=self.status,
            first_ms=self.first_ms if self.first else None,
            after_ms=self.after_ms if self.last else None,
        )
