"""Which connections may hear of a thing: those on which its owner is signed in at this moment."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

from chalicelib.errors import Unauthenticated
from chalicelib.events.publisher import Publisher
from chalicelib.events.sessions import Session, SessionStore


@dataclass(frozen=True)
class Listeners:
    """Asks the sessions; `clock` in epoch milliseconds."""

    sessions: SessionStore
    publisher: Publisher
    clock: Callable[[], int]

    def of(self, connections: Collection[str], owner: str) -> list[str]:
        """Return those that may hear now, and tell once those whose time is over."""
        now = self.clock()
        own = [s for s in self.sessions.several(connections).values() if s.caller.owns(owner)]
        for session in own:
            if session.ends_ms <= now and not session.told:
                self._tell(session)
        return [session.connection for session in own if session.ends_ms > now]

    def _tell(self, session: Session) -> None:
        if self.sessions.mark_told(session):
            self.publisher.send(session.connection, ended())


def ended() -> bytes:
    """Return the message to a client that has to sign in again."""
    error = Unauthenticated()
    return json.dumps({"type": "error", "error": error.sentence, "code": error.code}).encode()
