"""What AWS was asked for: calls, units of the table, messages, and the workers' time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from tests.simulation.cloud import DynamoDB, OnWrite
from tests.simulation.expressions import Item
from tests.simulation.faults import Faults
from tests.simulation.network import Fate, Network, Note, T
from tests.simulation.scheduler import Scheduler

WRITTEN, READ = 1024, 4096
"""Bytes of a unit."""
INDEXED = ("open", "wake", "pk", "sk")


@dataclass
class Usage:
    """By the SDK's names of the operations; every attempt counts that went out."""

    calls: Counter[str] = field(default_factory=Counter)
    write_units: float = 0.0
    read_units: float = 0.0
    worker_ms: float = 0.0
    workers: int = 0


class CountingNetwork(Network):
    """Counts what goes out."""

    def __init__(self, scheduler: Scheduler, faults: Faults, note: Note, usage: Usage) -> None:
        super().__init__(scheduler, faults, note)
        self._usage = usage

    def _attempt(
        self, operation: str, apply: Callable[[], T], fate: Fate
    ) -> Callable[[], T] | None:
        self._usage.calls[operation] += 1
        return super()._attempt(operation, apply, fate)


class MeteredTable(DynamoDB):
    """The table, whose items are weighed as DynamoDB weighs them."""

    def __init__(self, on_write: OnWrite, usage: Usage) -> None:
        super().__init__(on_write)
        self._usage = usage
        self._factor = 1

    def transact_write_items(self, **request: Any) -> Mapping[str, Any]:
        """A transaction costs each of its writes twice."""
        self._factor = 2
        try:
            return super().transact_write_items(**request)
        finally:
            self._factor = 1

    def put_item(self, **request: Any) -> Mapping[str, Any]:
        return self._written(super().put_item, request["Item"], request)

    def update_item(self, **request: Any) -> Mapping[str, Any]:
        return self._written(super().update_item, request["Key"], request)

    def delete_item(self, **request: Any) -> Mapping[str, Any]:
        return self._written(super().delete_item, request["Key"], request)

    def get_item(self, **request: Any) -> Mapping[str, Any]:
        found = super().get_item(**request)
        self._read([found["Item"]] if "Item" in found else [], request)
        return found

    def query(self, **request: Any) -> Mapping[str, Any]:
        found = super().query(**request)
        self._read(found["Items"], request)
        return found

    def _read(self, items: list[Item], request: Mapping[str, Any]) -> None:
        size = sum(weight(item) for item in items)
        strong = 1.0 if request.get("ConsistentRead") else 0.5
        self._usage.read_units += max(1, ceil(size / READ)) * strong

    def _written(
        self, act: Callable[..., Mapping[str, Any]], where: Item, request: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        key = where["pk"]["S"], where["sk"]["S"]
        old = self.items.get(key, {})
        try:
            return act(**request)
        finally:
            new = self.items.get(key, {})
            units = max(1, ceil(max(weight(old), weight(new)) / WRITTEN))
            self._usage.write_units += (units + _of_index(old, new)) * self._factor


def weight(item: Item) -> int:
    """Bytes of an item: its names and its values."""
    return sum(len(name.encode()) + _weight(value) for name, value in item.items())


def _weight(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _weight(each) for name, each in content.items())
    if kind == "N":
        return 1 + ceil(len(content) / 2)
    if kind == "S":
        return len(content.encode())
    return len(json.dumps(content))


def _of_index(old: Item, new: Item) -> int:
    """An entry that moves is taken out and put in; the index holds keys alone."""
    before, after = ([item.get(name) for name in INDEXED] for item in (old, new))
    is_in, was_in = "open" in new and "wake" in new, "open" in old and "wake" in old
    return int(is_in) + int(was_in) if before != after else 0
