"""From what a caller shows to who they are, for HTTP and socket alike."""

from dataclasses import dataclass

from chalicelib.accounts.tokens import TokenVerifier
from chalicelib.callers import Caller


@dataclass(frozen=True)
class Gate:
    """Everything that can be shown: tokens of the pool."""

    tokens: TokenVerifier

    def caller(self, token: str) -> Caller:
        """Return who is calling; raise Unauthenticated."""
        return self.tokens.verify(token)
