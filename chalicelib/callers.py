"""Who is calling: what every department may know of a person without knowing of accounts."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["generate", "read", "batches"]
"""What an API key may be used for."""
UNOWNED = ""
"""The owner of what was made without accounts."""
ADMIN = "admin"


@dataclass(frozen=True)
class PersonalLimits:
    """What one person may do in a UTC day: runs, US dollars, and with which models.

    None is no limit of their own.
    """

    runs_per_day: int | None = None
    dollars_per_day: float | None = None
    models: frozenset[int] | None = None


NO_LIMITS = PersonalLimits()


@dataclass(frozen=True)
class Caller:
    """One caller; without accounts only the address says anything.

    `scopes` None is somebody who has signed in, and may do everything that a person may; a key
    has those that it was made with. `inherits` is true for the one person to whom everything
    belongs that was made before there were accounts. `expires_at_ms` is when what they showed
    stops working, 0 for never; `proof` names the item that an API key stands and falls with.
    """

    address: str = ""
    user_id: str = UNOWNED
    email: str = ""
    groups: frozenset[str] = frozenset()
    scopes: frozenset[Scope] | None = None
    inherits: bool = False
    expires_at_ms: int = 0
    proof: str = ""
    limits: PersonalLimits = NO_LIMITS

    @property
    def signed_in(self) -> bool:
        return self.user_id != UNOWNED

    @property
    def is_admin(self) -> bool:
        return ADMIN in self.groups and self.scopes is None

    @property
    def owners(self) -> tuple[str, ...]:
        """Return whose things are this caller's own."""
        return (self.user_id, UNOWNED) if self.inherits and self.signed_in else (self.user_id,)

    def owns(self, owner: str) -> bool:
        return owner in self.owners


NOBODY = Caller()
"""Somebody who has not signed in: they own what nobody owns, and nothing else."""
