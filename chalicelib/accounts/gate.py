"""From what a caller shows to who they are, for HTTP and socket alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.accounts.tokens import TokenVerifier
from chalicelib.callers import Caller, PersonalLimits


@dataclass(frozen=True)
class Gate:
    """Everything that can be shown. `is_heir` is asked about administrators only."""

    tokens: TokenVerifier
    is_heir: Callable[[str], bool]
    limits: PersonalLimits

    def caller(self, token: str) -> Caller:
        """Return who is calling; raise Unauthenticated."""
        caller = self.tokens.verify(token)
        inherits = caller.is_admin and self.is_heir(caller.user_id)
        return replace(caller, inherits=inherits, limits=self.limits)
