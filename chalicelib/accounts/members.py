"""Whether the pool itself still has somebody, whose API keys it knows nothing of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.accounts.recent import Recent

KNOWN_FOR_MS = 300_000
"""How long a process believes the pool: so late do the keys end of whoever was removed there."""


@dataclass(frozen=True)
class Members:
    """Asks about the owners of keys; a token tells by itself. `clock` in epoch milliseconds."""

    client: Any
    pool: str
    clock: Callable[[], int]
    known: Recent[bool] = field(default_factory=lambda: Recent(KNOWN_FOR_MS))

    def has(self, user_id: str) -> bool:
        """Return whether somebody is in the pool and enabled, as it was minutes ago at the latest.

        While the pool does not answer nobody is shut out: a key stands without it.
        """
        now = self.clock()
        has = self.known.get(user_id, now)
        if has is None:
            has = self._ask(user_id)
            self.known.keep(user_id, has, now)
        return has

    def _ask(self, user_id: str) -> bool:
        try:
            found = self.client.admin_get_user(UserPoolId=self.pool, Username=user_id)
        except self.client.exceptions.UserNotFoundException:
            return False
        except (ClientError, BotoCoreError):
            logs.failure("pool_unknown", userId=user_id)
            return True
        return bool(found.get("Enabled", True))
