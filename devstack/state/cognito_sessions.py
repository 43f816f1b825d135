"""Who may answer which challenge: the sessions that the emulator hands out and never looks at."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECONDS = 180
"""How long a challenge may be answered; AuthSessionValidity's default."""
TRIES = 5


@dataclass
class Session:
    """A challenge that one user of one client may answer until a time, a few times.

    `secret` is what an authenticator app was given on the way, `verified` whether it was right.
    """

    challenge: str
    client: str
    user: str
    until: float = 0
    tries: int = 0
    secret: str = ""
    verified: bool = False


class Sessions:
    """The open challenges by their token."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def add(self, token: str, session: Session) -> None:
        """Keep a challenge under a token from now on."""
        now = time.time()
        self._open = {t: s for t, s in self._open.items() if s.until >= now}
        session.until, session.tries = now + SECONDS, 0
        self._open[token] = session

    def use(self, data: Mapping[str, Any], challenge: str) -> Session | None:
        """Return the session that a request names if it may still be answered; count the try."""
        session = self._open.get(data.get("Session") or "")
        if session is None or session.challenge != challenge or session.until < time.time():
            return None
        if session.client != data.get("ClientId", session.client) or session.tries >= TRIES:
            return None
        session.tries += 1
        return session

    def take(self, data: Mapping[str, Any]) -> Session | None:
        """Return the session that a request names, and forget it."""
        return self._open.pop(data.get("Session") or "", None)
