"""Which models are switched off, and why: one item that every new piece of work looks at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.dynamo import Item, key, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KNOWN_FOR_MS = 2_000
"""How long a process believes what it has read: so late does a switch reach the others."""


@dataclass
class SwitchStore:
    """Reasons by slot index of the models that are off; `clock` in epoch milliseconds."""

    client: "DynamoDBClient"
    table: str
    clock: Callable[[], int]
    _known: Mapping[int, str] = field(default_factory=dict, init=False)
    _read_ms: int = field(default=0, init=False)

    def off(self) -> Mapping[int, str]:
        """Return why each model is off that is."""
        if self.clock() - self._read_ms >= KNOWN_FOR_MS:
            self._known, self._read_ms = self._read(), self.clock()
        return self._known

    def turn_off(self, index: int, reason: str) -> None:
        """Let a model take no new work."""
        self._update(
            "SET #slot = :reason", index, ExpressionAttributeValues={":reason": text(reason)}
        )

    def turn_on(self, index: int) -> None:
        """Let a model take new work again."""
        self._update("REMOVE #slot", index)

    def _read(self) -> dict[int, str]:
        found = self.client.get_item(TableName=self.table, Key=_key(), ConsistentRead=True)
        marks = found.get("Item", {}).items()
        return {int(name[4:]): value["S"] for name, value in marks if name.startswith("slot")}

    def _update(self, change: str, index: int, **values: Any) -> None:
        self.client.update_item(
            TableName=self.table,
            Key=_key(),
            UpdateExpression=change,
            ExpressionAttributeNames={"#slot": f"slot{index}"},
            **values,
        )
        self._read_ms = 0


def _key() -> Item:
    return key("MODELS", "OFF")
