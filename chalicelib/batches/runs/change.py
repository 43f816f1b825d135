"""One conditional update, put together in DynamoDB's expression language."""

from collections.abc import Mapping
from typing import Any

from chalicelib.dynamo import Item, number


class Change:
    """An update in the making. Attributes are named plainly; none of them needs escaping."""

    def __init__(self, key: Item) -> None:
        self._key = key
        self._parts: dict[str, list[str]] = {"SET": [], "ADD": [], "REMOVE": []}
        self._conditions: list[str] = []
        self._names: dict[str, str] = {}
        self._values: Item = {}

    def set(self, **attributes: Any) -> "Change":
        for name, value in attributes.items():
            self._parts["SET"].append(f"{self._named(name)} = {self._valued(value)}")
        return self

    def set_in(self, map_name: str, entry: str, value: Any) -> "Change":
        path = f"{self._named(map_name)}.{self._named(entry)}"
        self._parts["SET"].append(f"{path} = {self._valued(value)}")
        return self

    def set_from(self, map_name: str, entry: str, attribute: str) -> "Change":
        """Set an entry to what an attribute was before this update."""
        path = f"{self._named(map_name)}.{self._named(entry)}"
        self._parts["SET"].append(f"{path} = {self._named(attribute)}")
        return self

    def copy(self, name: str, attribute: str) -> "Change":
        """Set an attribute to what another was before this update."""
        self._parts["SET"].append(f"{self._named(name)} = {self._named(attribute)}")
        return self

    def add(self, amounts: Mapping[str, int]) -> "Change":
        for name, amount in amounts.items():
            if amount:
                self._parts["ADD"].append(f"{self._named(name)} {self._valued(number(amount))}")
        return self

    def remove(self, *attributes: str) -> "Change":
        self._parts["REMOVE"] += [self._named(name) for name in attributes]
        return self

    def remove_in(self, map_name: str, entry: str) -> "Change":
        self._parts["REMOVE"].append(f"{self._named(map_name)}.{self._named(entry)}")
        return self

    def require(self, name: str, comparison: str, value: Any) -> "Change":
        self._conditions.append(f"{self._named(name)} {comparison} {self._valued(value)}")
        return self

    def require_before(self, name: str, value: Any) -> "Change":
        """Require that the attribute is not there, or no more than the value."""
        placeholder = self._named(name)
        told = f"(attribute_not_exists({placeholder}) OR {placeholder} <= {self._valued(value)})"
        self._conditions.append(told)
        return self

    def require_less(self, name: str, other: str) -> "Change":
        self._conditions.append(f"{self._named(name)} < {self._named(other)}")
        return self

    def require_one_of(self, name: str, values: list[Any]) -> "Change":
        listed = ", ".join(self._valued(value) for value in values)
        self._conditions.append(f"{self._named(name)} IN ({listed})")
        return self

    def require_room(self, map_name: str, most: int) -> "Change":
        self._conditions.append(f"size({self._named(map_name)}) < {self._valued(number(most))}")
        return self

    def require_there(self, *path: str) -> "Change":
        self._conditions.append(f"attribute_exists({self._path(path)})")
        return self

    def require_absent(self, *path: str) -> "Change":
        self._conditions.append(f"attribute_not_exists({self._path(path)})")
        return self

    def request(self) -> dict[str, Any]:
        """Return it as a part of a transaction takes it, without the table."""
        told = [f"{word} {', '.join(parts)}" for word, parts in self._parts.items() if parts]
        request: dict[str, Any] = {"Key": self._key, "UpdateExpression": " ".join(told)}
        if self._conditions:
            request["ConditionExpression"] = " AND ".join(self._conditions)
        if self._names:
            request["ExpressionAttributeNames"] = self._names
        if self._values:
            request["ExpressionAttributeValues"] = self._values
        return request

    def _path(self, path: tuple[str, ...]) -> str:
        return ".".join(self._named(each) for each in path)

    def _named(self, name: str) -> str:
        for placeholder, known in self._names.items():
            if known == name:
                return placeholder
        placeholder = f"#n{len(self._names)}"
        self._names[placeholder] = name
        return placeholder

    def _valued(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        return placeholder
