"""Which connections may hear of a thing: those on which its owner is signed in at this moment."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

from chalicelib.callers import Caller
from chalicelib.errors import Unauthenticated
from chalicelib.events.publisher import Publisher
from chalicelib.events.sessions import Session, SessionStore


@dataclass(frozen=True)
class Listeners:
    """Asks the sessions, and whether their people are let in still; `clock` in epoch ms."""

    sessions: SessionStore
    publisher: Publisher
    is_enabled: Callable[[str], bool]
    clock: Callable[[], int]

    def who(self, connection: str) -> Caller:
        """Return who is signed in on a connection; raise Unauthenticated where nobody is."""
        session = self.sessions.get(connection)
        if session is None or self._has_ended(session):
            raise Unauthenticated
        return session.caller

    def of(self, connections: Collection[str], owner: str) -> list[str]:
        """Return those that may hear now, and tell once those whose time is over."""
        own = [s for s in self.sessions.several(connections).values() if s.caller.owns(owner)]
        for session in own:
            if self._has_ended(session) and not session.told:
                self._tell(session)
        return [session.connection for session in own if not self._has_ended(session)]

    def _has_ended(self, session: Session) -> bool:
        return session.ends_ms <= self.clock() or not self.is_enabled(session.caller.user_id)

    def _tell(self, session: Session) -> None:
        if self.sessions.mark_told(session):
            self.publisher.send(session.connection, ended())


def ended() -> bytes:
    """Return the message to a client that has to sign in again."""
    error = Unauthenticated()
    return json.dumps({"type": "error", "error": error.sentence, "code": error.code}).encode()
