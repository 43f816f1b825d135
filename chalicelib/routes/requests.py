"""What clients may send, checked field by field."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

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
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from chalicelib.batches.seed_data.model import MOST_BYTES, Format, Wanted
from chalicelib.callers import Scope
from chalicelib.jobs.model import JobStatus
from chalicelib.jobs.service import Submission
from chalicelib.providers.base import AspectRatio, Parameters, Quality, Resolution

PROMPT_MAX = 1000
SEED_MAX = 4_294_967_294
GALLERY_MAX = 100
GALLERY_DEFAULT = 50
DAY_MS = 86_400_000
NEVER_MS = 10**14
_BLANK = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What trimming removes, which differs from the `\\s` of any regular expression."""
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    r"\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    # Beyond 16 bits the characters themselves: Python and JSON Schema escape them differently.
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""What leaves nothing to see on its own: control and format characters, those that Unicode calls
default ignorable, and the empty Braille cell."""
_SEEN = re.compile(rf"[^{_BLANK}{_UNSEEN}]")
_TRIMMED = (
    rf"^(?=[\s\S]*{_SEEN.pattern})"
    rf"[{_BLANK}]*[^{_BLANK}]([\s\S]{{0,{PROMPT_MAX - 2}}}[^{_BLANK}])?[{_BLANK}]*$"
)


def _visible(text: str) -> str:
    if not _SEEN.search(text):
        raise ValueError("has only characters that cannot be seen")
    return text


def _trimmed(text: str) -> str:
    """Return the text without blanks around it; empty when nothing of it can be seen."""
    return text.strip() if _SEEN.search(text) else ""


Prompt = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=PROMPT_MAX),
    AfterValidator(_visible),
    # The schema's own lengths would count the blanks that are trimmed.
    WithJsonSchema(
        {
            "type": "string",
            "description": f"1 to {PROMPT_MAX} characters after trimming, one of them visible.",
            "pattern": _TRIMMED,
        }
    ),
]


def _whole(value: object) -> object:
    """JSON knows one kind of number: 28.0 is the integer 28."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Seed = Annotated[int, Field(ge=0, le=SEED_MAX), BeforeValidator(_whole)]
UNIQUE: JsonDict = {"uniqueItems": True}


def _distinct(name: str) -> AfterValidator:
    """Return a check that refuses a list in which one of these is named twice."""

    def check(named: list[Any]) -> list[Any]:
        if len(set(named)) < len(named):
            raise ValueError(f"the same {name} is named twice")
        return named

    return AfterValidator(check)


Models = Annotated[
    list[Whole],
    Field(min_length=1, max_length=20, json_schema_extra=UNIQUE),
    _distinct("model"),
]


class Body(BaseModel):
    """Camel case, no unknown fields, no silent conversions."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        frozen=True,
    )


class GenerateRequest(Body):
    """One prompt for several models. `ip` is what old clients send; it is ignored.

    A `blind` job does not tell which result is whose until it has a verdict.
    """

    prompt: Prompt
    steps: Whole = Field(28, ge=1, le=100)
    guidance: float = Field(5.0, ge=0, le=20)
    control: float = Field(1.0, ge=0, le=2)
    seed: Seed | None = None
    negative_prompt: str = Field("", max_length=PROMPT_MAX)
    aspect_ratio: AspectRatio = "1:1"
    quality: Quality = "auto"
    resolution: Resolution = "1K"
    models: Models | None = None
    variants: Whole = Field(1, ge=1, le=4)
    blind: bool = False
    ip: Any = Field(None, deprecated=True)

    def submission(self) -> Submission:
        explicit = {to_camel(name) for name in self.model_fields_set}
        settings = {to_camel(each.name) for each in fields(Parameters)}
        return Submission(
            prompt=self.prompt,
            parameters=Parameters(
                steps=self.steps,
                guidance=self.guidance,
                control=self.control,
                seed=self.seed,
                negative_prompt=_trimmed(self.negative_prompt),
                aspect_ratio=self.aspect_ratio,
                quality=self.quality,
                resolution=self.resolution,
                explicit=tuple(sorted(explicit & settings)),
            ),
            models=tuple(self.models) if self.models is not None else None,
            variants=self.variants,
            blind=self.blind,
        )


ResultId = Annotated[str, StringConstraints(min_length=1, max_length=8)]


Results = Annotated[
    list[ResultId],
    Field(min_length=1, max_length=20, json_schema_extra=UNIQUE),
    _distinct("result"),
]


class RetryRequest(Body):
    """What gets a new attempt: what is missing of whole models, single results, or both."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["models"]}, {"required": ["results"]}]}
    )

    models: Models = Field(default_factory=list)
    results: Results = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_any(self) -> Self:
        if not self.models and not self.results:
            raise ValueError("neither models nor results are named")
        return self


class CancelRequest(Body):
    """What ends: whole models, single results, or both; without any, all that has no result yet."""

    models: Models | None = None
    results: Results | None = None


class EnhanceRequest(Body):
    """A prompt to be made richer."""

    prompt: Prompt


def _moment(value: object) -> int:
    """Return a time as epoch milliseconds."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("is not a time such as 2026-12-24T18:00:00Z")
    return round(moment.timestamp() * 1000)


Moment = Annotated[
    int, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=3, json_schema_extra=UNIQUE)]


class ShareRequest(Body):
    """When a link ends; with the run, unless it says."""

    expires_at: Moment | None = None


class KeyRequest(Body):
    """An API key to be made; without an end it works until it is revoked."""

    name: Name
    scopes: Scopes
    expires_at: Moment | None = None


class ModelsQuery(BaseModel):
    """The choice whose prices are told."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)

    quality: Quality = "auto"
    resolution: Resolution = "1K"
    aspect_ratio: AspectRatio = "1:1"

    def parameters(self) -> Parameters:
        return Parameters(
            quality=self.quality, resolution=self.resolution, aspect_ratio=self.aspect_ratio
        )


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


def _midnight_ms(day: date) -> int:
    return max(0, round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000))


class GalleryQuery(BaseModel):
    """A page of the gallery."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    limit: int = Field(GALLERY_DEFAULT, ge=1, le=GALLERY_MAX)
    cursor: str | None = Field(None, max_length=200)


class JobsQuery(GalleryQuery):
    """A page of the list of jobs, all of them or those of one status."""

    status: JobStatus | None = None


Definition = Annotated[
    str, StringConstraints(min_length=1, max_length=65_536), Field(description="YAML or JSON.")
]
TRIED_ROWS = 20


class TemplateRequest(Body):
    """A template's definition."""

    definition: Definition


class CheckRequest(Body):
    """A definition to be checked, and the row or the rows to try it with."""

    definition: Definition
    row: dict[str, Any] | None = None
    rows: Annotated[list[dict[str, Any]], Field(max_length=TRIED_ROWS)] | None = None

    def all_rows(self) -> list[dict[str, Any]]:
        return [*([] if self.row is None else [self.row]), *(self.rows or [])]


class TemplatesQuery(GalleryQuery):
    """A page of the templates."""


class VersionQuery(BaseModel):
    """Which version of a template."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: int | None = Field(None, ge=1, le=999_999)


SeedDataName = Annotated[
    Name,
    # The schema's own lengths would count the blanks that are trimmed.
    WithJsonSchema(
        {
            "type": "string",
            "description": "1 to 100 characters after trimming.",
            "pattern": rf"^[{_BLANK}]*[^{_BLANK}]([\s\S]{{0,98}}[^{_BLANK}])?[{_BLANK}]*$",
        }
    ),
]


class SeedDataRequest(Body):
    """A file of rows that is going to be sent: what it is, its length, and perhaps its SHA-256."""

    name: SeedDataName
    format: Format
    size: Annotated[int, Field(alias="bytes", ge=1, le=MOST_BYTES), BeforeValidator(_whole)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$")] | None = None

    def wanted(self) -> Wanted:
        return Wanted(self.name, self.format, self.size, self.sha256 or "")


class SeedDataCheckRequest(Body):
    """The template whose required paths the rows are looked through for."""

    template_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    version: Annotated[int, Field(ge=1, le=999_999), BeforeValidator(_whole)] | None = None


class SeedDataQuery(GalleryQuery):
    """A page of the seed data."""


class SocketMessage(Body):
    """What a connected client may send."""

    action: Literal["authenticate", "subscribe", "unsubscribe", "ping"]
    job_id: str | None = Field(None, max_length=64)
    batch_id: str | None = Field(None, max_length=64)
    token: str | None = None
