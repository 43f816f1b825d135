"""From what a caller shows to who they are, for HTTP and socket alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.accounts.api_keys import PREFIX, ApiKeys
from chalicelib.accounts.profiles import Profiles
from chalicelib.accounts.tokens import TokenVerifier
from chalicelib.callers import Caller
from chalicelib.errors import Unauthenticated


@dataclass(frozen=True)
class Gate:
    """Everything that can be shown.

    `is_heir` is asked about administrators only, `is_member` about owners of keys only.
    """

    tokens: TokenVerifier
    keys: ApiKeys
    profiles: Profiles
    is_heir: Callable[[str], bool]
    is_member: Callable[[str], bool]

    def caller(self, token: str) -> Caller:
        """Return who is calling; raise Unauthenticated, also for whoever was switched off."""
        is_key = token.startswith(PREFIX)
        caller = self.keys.caller(token) if is_key else self.tokens.verify(token)
        profile = self.profiles.of(caller.user_id)
        if not profile.enabled or (is_key and not self.is_member(caller.user_id)):
            raise Unauthenticated
        inherits = caller.is_admin and self.is_heir(caller.user_id)
        return replace(caller, inherits=inherits, limits=profile.limits)
