"""Text models whose calls are reserved for, settled and logged as those for pictures are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.callers import NOBODY, Caller
from chalicelib.providers.base import UNKNOWN_COST, Completion, Cost, Deadline
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.models.catalog import dearest_text
from chalicelib.providers.registry import PromptModel
from chalicelib.spend.ledger import Contended
from chalicelib.spend.model import Reservation, micros
from chalicelib.spend.service import Purpose, Spending

PART = "text"


class TextModels(Protocol):
    """Where the configured text model is found."""

    def text(self) -> PromptModel | None: ...


@dataclass(frozen=True)
class PaidTexts:
    """The text model of the settings, within the daily ceiling."""

    models: TextModels
    spending: Spending
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def find(self, caller: Caller = NOBODY) -> "PaidText | None":
        """Return the text model at the caller's expense, None where none is configured."""
        found = self.models.text()
        return PaidText(found, self.spending, self.clock, self.new_id, caller) if found else None


@dataclass(frozen=True)
class PaidText:
    """The prompt model within the daily ceiling; `clock` in epoch milliseconds."""

    model: PromptModel
    spending: Spending
    clock: Callable[[], int]
    new_id: Callable[[], str]
    caller: Caller = NOBODY

    @property
    def id(self) -> str:
        return self.model.id

    def complete(self, system: str, user: str, max_tokens: int, deadline: Deadline) -> Completion:
        """Raises RateLimited with scope `spend` where the day has no room for the call."""
        sent = len(f"{system}{user}".encode(errors="replace"))
        name, began = f"text#{self.new_id()}", self.clock()
        most = dearest_text(self.model.provider, self.model.id, sent, max_tokens, began)
        reserved = self.spending.reserve(name, {PART: micros(most)}, self.caller)
        try:
            completion = self.model.complete(system, user, max_tokens, deadline)
        except ProviderError as error:
            cost = Cost(0.0, "exact") if error.billed == "no" else UNKNOWN_COST
            self._end(reserved, error.code, cost, began)
            raise
        self._end(reserved, "TEXT", completion.cost, began)
        return completion

    def _end(self, reserved: Reservation | None, outcome: str, cost: Cost, began: int) -> None:
        logs.measure(
            "text_call",
            {
                "ProviderLatency": self.clock() - began,
                "ProviderFailures": int(outcome != "TEXT"),
                "ProviderCost": cost.amount or 0.0,
            },
            {"provider": self.model.provider, "outcome": outcome},
            modelId=self.model.id,
            costBasis=cost.basis,
        )
        if reserved is None:
            return
        known = None if cost.amount is None else micros(cost.amount)
        try:
            purpose = Purpose(self.model.id, cost.basis)
            self.spending.settle(reserved, {PART: known}, {PART: purpose})
        except (ClientError, BotoCoreError, Contended):
            # It stays reserved until the day ends: the ceiling is met early, the answer is kept.
            logs.failure("text_not_settled")
