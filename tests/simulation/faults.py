"""What may go wrong, how often, and the record of what did."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rates:
    """Probabilities; the defaults are those of the score card, or harsher."""

    aws_call: float = 0.05
    outage: float = 0.002
    """A call fails at every attempt of the SDK, so that the code itself sees the fault."""
    worker_crash: float = 0.03
    reaper_crash: float = 0.02
    duplicate: float = 0.01
    dropped_event: float = 0.002
    lost_answer: float = 0.01
    hang: float = 0.01
    brink: float = 0.01
    """A provider answers within the last second before its deadline."""
    refusal: float = 0.02
    push_lost: float = 0.1
    cancel: float = 0.05
    retry: float = 0.5
    repeated_submit: float = 0.1
    busy: float = 0.0
    """A provider takes no call now, and says when to come again."""
    no_credit: float = 0.0
    entry_failed: float = 0.0
    """A queue refuses one message of a request that it takes."""


CALM = Rates(*[0.0] * 16)
"""Nothing goes wrong by itself."""


@dataclass
class Faults:
    """Decides every mishap by the dice of whom it befalls, and can leave chosen ones out.

    A mishap's name says whom it befell and which of its decisions it was, so that a replay can
    suppress it and nothing else.
    """

    rates: Rates
    suppressed: frozenset[str] = frozenset()
    fired: list[str] = field(default_factory=list)
    _decisions: dict[str, int] = field(default_factory=dict)

    def happens(self, kind: str, who: str, dice: random.Random) -> bool:
        count = self._decisions[who] = self._decisions.get(who, 0) + 1
        if dice.random() >= getattr(self.rates, kind):
            return False
        name = f"{who}/{count} {kind}"
        if name in self.suppressed:
            return False
        self.fired.append(name)
        return True

    def count(self, kinds: Iterable[str]) -> dict[str, int]:
        tails = [name.rpartition(" ")[2] for name in self.fired]
        return {kind: tails.count(kind) for kind in kinds}
