"""How a pool slows down whoever guesses passwords, as Amazon Cognito describes its own lock-out."""

from dataclasses import dataclass

FREE = 5
"""The wrong password after which somebody is locked out for a second, and then twice as long."""
LONGEST_S = 900
FORGOTTEN_S = 900
"""After so long without a try, the wrong ones no longer count."""


@dataclass
class Guesses:
    """What was tried for one user; times in epoch seconds."""

    wrong: int = 0
    locked_until: float = 0
    last: float = 0


class Lockout:
    """The guesses by user. They are forgotten when the engine stops."""

    def __init__(self) -> None:
        self._guesses: dict[str, Guesses] = {}

    def holds(self, user: str, now: float) -> bool:
        """Return whether a user may try no password now; such a try does not count."""
        guesses = self._guesses.get(user)
        if guesses is None:
            return False
        since, guesses.last = now - guesses.last, now
        if guesses.locked_until > now:
            return True
        if since >= FORGOTTEN_S:
            del self._guesses[user]
        return False

    def note(self, user: str, is_right: bool, now: float) -> None:
        """Count a wrong password; a right one takes all of them back."""
        if is_right:
            self._guesses.pop(user, None)
            return
        guesses = self._guesses.setdefault(user, Guesses())
        guesses.wrong, guesses.last = guesses.wrong + 1, now
        if guesses.wrong >= FREE:
            guesses.locked_until = now + min(2 ** (guesses.wrong - FREE), LONGEST_S)
