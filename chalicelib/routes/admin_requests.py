"""What administrators may send, checked field by field."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.routes.requests import UNIQUE, Body, Models, Whole

Groups = Annotated[list[Literal["admin", "user"]], Field(max_length=2, json_schema_extra=UNIQUE)]


class InviteRequest(Body):
    """Whom to invite."""

    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]


class UserPatch(Body):
    """What to change of a person; null takes a limit back to the installation's."""

    enabled: bool = True
    groups: Groups = Field(["user"])
    runs_per_day: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    spend_per_day: Annotated[float, Field(ge=0.01, le=1_000_000)] | None = None
    models: Models | None = None


class SwitchRequest(Body):
    """Whether a model takes new work, and if not, why: a sentence for people."""

    enabled: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class SpendQuery(BaseModel):
    """From which UTC day to which, both of them included; the last thirty unless it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")


class UsersQuery(BaseModel):
    """A page of people."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    # Of what an address may hold as it is: others grow sixfold in it, beyond what servers read.
    cursor: str | None = Field(None, max_length=2000, pattern=r"^[!-~]*$")
