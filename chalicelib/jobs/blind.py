"""What the results of a blind run are called until its owner has judged it, and their pictures."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import ascii_uppercase


@dataclass(frozen=True)
class Blind:
    """`order` has the results' own ids, that of the one called `A` first.

    The names of the pictures are made with `secret`, which nobody is shown.
    """

    order: tuple[str, ...]
    secret: str

    def letter(self, result_id: str) -> str:
        """Return what a result is called."""
        return ascii_uppercase[self.order.index(result_id)]

    def result_id(self, letter: str) -> str | None:
        """Return which result is called so, None where none is."""
        return dict(zip(ascii_uppercase, self.order, strict=False)).get(letter)

    def picture_name(self, result_id: str, attempt: int) -> str:
        """Return a name of one attempt's picture that tells nothing of it."""
        told = f"{result_id}\n{attempt}".encode()
        return hmac.digest(self.secret.encode(), told, hashlib.sha256).hex()[:32]


def shuffled(result_ids: Iterable[str], rng: Callable[[], float]) -> tuple[str, ...]:
    """Return the ids in an order of which each is as likely; `rng` gives 0 up to 1."""
    order = list(result_ids)
    for last in range(len(order) - 1, 0, -1):
        other = int(rng() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return tuple(order)
