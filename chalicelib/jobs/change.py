"""One conditional update of a job, put together in DynamoDB's expression language."""

from collections.abc import Mapping, Set
from typing import Any

from chalicelib.dynamo import Item, number, text
from chalicelib.jobs import items
from chalicelib.jobs.model import Outcome


class Change:
    """One conditional update in the making; one with a time is visible and raises `seq`."""

    def __init__(self, now: int | None = None) -> None:
        self._sets: list[str] = []
        self._removes: list[str] = []
        self._adds: list[str] = []
        self._conditions = ["attribute_exists(seq)"]
        self._names: dict[str, str] = {}
        self._values: Item = {}
        if now is not None:
            self._sets.append("seq = seq + :step")
            self._values[":step"] = number(1)
            self.set("updated", number(now))

    def name(self, index: int) -> str:
        """A placeholder for a slot's key, since a path cannot hold a bare number."""
        self._names[f"#s{index}"] = str(index)
        return f"#s{index}"

    def set(self, path: str, value: Any) -> None:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        self._sets.append(f"{self._safe(path)} = {placeholder}")

    def remove(self, *paths: str) -> None:
        self._removes += [self._safe(path) for path in paths]

    def add(self, path: str, members: Set[str]) -> None:
        """Add members to a set of which at least one is new."""
        ordered = sorted(members)
        self._values[f":{path}"] = {"SS": ordered}
        self._adds.append(f"{path} :{path}")
        placeholders = {f":{path}{n}": {"S": member} for n, member in enumerate(ordered)}
        absent = " OR ".join(f"NOT contains({path}, {name})" for name in placeholders)
        self.require(f"({absent})", placeholders)

    def require(self, condition: str, values: Mapping[str, Any]) -> None:
        self._conditions.append(condition)
        self._values.update(values)

    def require_unended(self, index: int) -> None:
        self._conditions.append(f"attribute_not_exists(results.{self.name(index)})")

    def require_holder(self, index: int, holder: str | None) -> None:
        path = f"claims.{self.name(index)}"
        if holder is None:
            self._conditions.append(f"attribute_not_exists({path})")
        else:
            self._names["#owner"] = "owner"
            self.require(f"{path}.#owner = :owner{index}", {f":owner{index}": text(holder)})

    def require_outcome(self, index: int, outcome: Outcome) -> None:
        value = {f":seen{index}": items.from_outcome(outcome)}
        self.require(f"results.{self.name(index)} = :seen{index}", value)

    def request(self) -> dict[str, Any]:
        expression = f"SET {', '.join(self._sets)}" if self._sets else ""
        if self._removes:
            expression += f" REMOVE {', '.join(self._removes)}"
        if self._adds:
            expression += f" ADD {', '.join(self._adds)}"
        request: dict[str, Any] = {
            "UpdateExpression": expression.strip(),
            "ConditionExpression": " AND ".join(self._conditions),
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if self._names:
            request["ExpressionAttributeNames"] = self._names
        if self._values:
            request["ExpressionAttributeValues"] = self._values
        return request

    def _safe(self, path: str) -> str:
        """Reserved words of DynamoDB's expression language need a placeholder."""
        if path in ("open", "token"):
            self._names[f"#{path}"] = path
            return f"#{path}"
        return path
